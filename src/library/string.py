from _kernel import reject as _reject

whitespace = " \t\n\r\v\f"
ascii_lowercase = "abcdefghijklmnopqrstuvwxyz"
ascii_uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ascii_letters = ascii_lowercase + ascii_uppercase
digits = "0123456789"
hexdigits = digits + "abcdef" + "ABCDEF"
octdigits = "01234567"
punctuation = r"""!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"""
printable = digits + ascii_letters + punctuation + whitespace


def capwords(s, sep=None):
    return (sep or " ").join(map(str.capitalize, s.split(sep)))


class Template:
    delimiter = "$"

    def __init__(self, template):
        self.template = template

    def __init_subclass__(cls):
        for name in ("pattern", "idpattern", "braceidpattern", "flags"):
            if name in cls.__dict__:
                _reject(f"`{name}` of a template is not supported", "set `delimiter` only")

    def _fill(self, mapping, safe):
        text, out, at, sign = self.template, [], 0, self.delimiter
        while True:
            found = text.find(sign, at)
            if found < 0:
                return "".join(out) + text[at:]
            out.append(text[at:found])
            at = found + len(sign)
            if text.startswith(sign, at):
                out.append(sign)
                at += len(sign)
                continue
            braced = text[at : at + 1] == "{"
            start = end = at + braced
            while end < len(text) and text[start : end + 1].isidentifier() and text[end].isascii():
                end += 1
            name = text[start:end]
            if not name or braced and text[end : end + 1] != "}":
                if safe:
                    out.append(sign)
                    continue
                before = text[:found].split("\n")
                raise ValueError(
                    "Invalid placeholder in string: line %d, col %d"
                    % (len(before), len(before[-1]) + 1)
                )
            at = end + braced
            try:
                out.append(str(mapping[name]))
            except KeyError:
                if not safe:
                    raise
                out.append(text[found:at])

    def substitute(self, mapping={}, /, **kws):
        return self._fill(_both(mapping, kws), False)

    def safe_substitute(self, mapping={}, /, **kws):
        return self._fill(_both(mapping, kws), True)


def _both(mapping, kws):
    return {**mapping, **kws} if kws else mapping
