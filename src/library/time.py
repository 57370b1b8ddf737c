"""time: the virtual clock."""

import _kernel

sleep = _kernel.sleep
monotonic = perf_counter = _kernel.now
monotonic_ns = perf_counter_ns = _kernel.now_ns

# The moment at which every run begins.
_START = 1_700_000_000


def time():
    return _START + _kernel.now()


def time_ns():
    return _START * 1_000_000_000 + _kernel.now_ns()


class struct_time(tuple):
    n_fields = 9
    _names = (
        "tm_year",
        "tm_mon",
        "tm_mday",
        "tm_hour",
        "tm_min",
        "tm_sec",
        "tm_wday",
        "tm_yday",
        "tm_isdst",
    )

    def __new__(cls, sequence):
        self = tuple.__new__(cls, sequence)
        if not 9 <= len(self) <= 11:
            bound = "least 9" if len(self) < 9 else "most 11"
            raise TypeError(f"time.struct_time() takes an at {bound}-sequence ({len(self)}-sequence given)")
        return self

    def __getattr__(self, name):
        if name in self._names:
            return self[self._names.index(name)]
        raise AttributeError(f"'time.struct_time' object has no attribute '{name}'")

    def __repr__(self):
        parts = [f"{n}={v}" for n, v in zip(self._names, self)]
        return f"time.struct_time({', '.join(parts)})"


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
timezone = altzone = daylight = 0
tzname = ("UTC", "UTC")


def gmtime(seconds=None, /):
    seconds = int(time() if seconds is None else seconds // 1)
    days, rest = divmod(seconds, 86400)
    # Years that begin in March, so that the leap day is the last.
    era, day = divmod(days + 719468, 146097)
    year = (day - day // 1460 + day // 36524 - day // 146096) // 365
    of_year = day - (365 * year + year // 4 - year // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    year += era * 400 + (month <= 2)
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    before = of_year - 306 if month <= 2 else of_year + 59 + leap
    return struct_time(
        (
            year,
            month,
            of_year - (153 * shifted + 2) // 5 + 1,
            rest // 3600,
            rest // 60 % 60,
            rest % 60,
            (days + 3) % 7,
            before + 1,
            0,
        )
    )


localtime = gmtime


def strftime(format, t=None, /):
    t = gmtime() if t is None else t
    out = []
    at = 0
    while at < len(format):
        if format[at] != "%" or at + 1 == len(format):
            out.append(format[at])
            at += 1
            continue
        out.append(_field(format[at + 1], t))
        at += 2
    return "".join(out)


def _field(letter, t):
    hour = t[3] % 12 or 12
    if letter in "YmdHMS":
        at = "YmdHMS".index(letter)
        return f"{t[at]:02d}"
    if letter == "y":
        return f"{t[0] % 100:02d}"
    if letter == "I":
        return f"{hour:02d}"
    if letter == "p":
        return "AM" if t[3] < 12 else "PM"
    if letter in "aA":
        return _DAYS[t[6]][: 3 if letter == "a" else None]
    if letter in "bBh":
        return _MONTHS[t[1] - 1][: None if letter == "B" else 3]
    if letter == "j":
        return f"{t[7]:03d}"
    if letter in "XT":
        return strftime("%H:%M:%S", t)
    if letter == "R":
        return strftime("%H:%M", t)
    if letter in "xD":
        return strftime("%m/%d/%y", t)
    if letter == "F":
        return strftime("%Y-%m-%d", t)
    if letter == "c":
        return strftime("%a %b ", t) + f"{t[2]:2d}" + strftime(" %H:%M:%S %Y", t)
    if letter == "w":
        return str((t[6] + 1) % 7)
    if letter == "Z":
        return "UTC"
    if letter == "z":
        return "+0000"
    return {"%": "%", "n": "\n", "t": "\t"}.get(letter, "%" + letter)


def ctime(seconds=None, /):
    return strftime("%c", gmtime(seconds))


def asctime(t=None, /):
    return strftime("%c", t)
