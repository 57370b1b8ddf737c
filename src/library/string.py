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

    def _fill(self, mapping, safe):
        text, out, at = self.template, [], 0
        while True:
            found = text.find("$", at)
            if found < 0:
                return "".join(out) + text[at:]
            out.append(text[at:found])
            at = found + 1
            if text[at : at + 1] == "$":
                out.append("$")
                at += 1
                continue
            braced = text[at : at + 1] == "{"
            start = end = at + braced
            while end < len(text) and text[start : end + 1].isidentifier() and text[end].isascii():
                end += 1
            name = text[start:end]
            if not name or braced and text[end : end + 1] != "}":
                if safe:
                    out.append("$")
                    continue
                before = text[:found].split("\n")
                raise ValueError(
                    "Invalid placeholder in string: line %d, col %d"
                    % (len(before), len(before[-1]) + 1)
                )
            if safe and name not in mapping:
                out.append(text[found : end + braced])
            else:
                out.append(str(mapping[name]))
            at = end + braced

    def substitute(self, mapping={}, /, **kws):
        return self._fill({**mapping, **kws}, False)

    def safe_substitute(self, mapping={}, /, **kws):
        return self._fill({**mapping, **kws}, True)
