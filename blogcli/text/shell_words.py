"""Split a line into words by the quoting rules of POSIX shells."""

import re

from ..errors import UsageError

# Matches blanks, or a part of a word: text without quotes, an escaped character, or a quoted text. The class `shlex` of
# the standard library has the same rules, but takes time that grows with the square of the length of a word.
_PART = re.compile(r"""[ \t\r\n]++|[^ \t\r\n'"\\]++|\\.|'[^']*+'|"(?:[^"\\]++|\\.)*+\"""", re.DOTALL)
# Matches an escaped character in double quotation marks. Before other characters, a backslash is literal.
_ESCAPED = re.compile(r'\\(["\\])')


def split_words(line: str) -> list[str]:
    """Return the words of a line. A comment begins with `#` at the start of a word.

    Raises UsageError if a quotation mark is not closed, or if the line ends with a backslash.
    """
    words: list[str] = []
    parts: list[str] = []
    position = 0
    while match := _PART.match(line, position):
        part = match[0]
        if part[0] == "#" and not parts:
            return words
        if part[0] in " \t\r\n":
            words += _join(parts)
            parts = []
        else:
            parts.append(_unquote(part))
        position = match.end()
    if position < len(line):
        is_quote = line[position] in "'\""
        raise UsageError("A quotation mark is not closed" if is_quote else "The line ends with a backslash")
    return words + _join(parts)


def _join(parts: list[str]) -> list[str]:
    return ["".join(parts)] if parts else []


def _unquote(part: str) -> str:
    match part[0]:
        case "\\":
            return part[1]
        case "'":
            return part[1:-1]
        case '"':
            return _ESCAPED.sub(r"\1", part[1:-1])
        case _:
            return part
