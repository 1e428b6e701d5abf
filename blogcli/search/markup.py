"""Remove markup from Markdown text. The time is proportional to the length of the text."""

import html
import re

# Matches a character with which markup can begin. A search for a character class is fast, so the complex pattern
# `_MARK` is tried only at the positions that this search finds.
_START = re.compile(r"[`<&\[\]]")
_MARK = re.compile(
    # Code begins with a run of backticks, and ends at the next run of the same length. This also applies to the fences
    # of a code block.
    r"(?P<run>`+)"
    r"|(?P<comment><!--)"
    r"|(?P<tag></?[a-z][^<>]*>)"
    r"|(?P<entity>&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});)"
    r"|(?P<address>\]\(\s*(?:<[^<>\n]*>|[^\s()<]*(?:\([^\s()]*\)[^\s()]*)*))"
    r"|(?P<definition>\[[^\[\]\n]{1,999}\]:)",
    re.IGNORECASE,
)
_LINE_START = re.compile(r"(?:^|\n) {0,3}$")
_BACKTICKS = re.compile("`+")


def remove_markup(text: str) -> str:
    """Replace tags, comments and the URLs of links in Markdown text with spaces, and decode character references.

    Code remains unchanged, because tags in code are text.
    """
    parts: list[str] = []
    ends = _EndFinder(text)
    copied = position = 0
    while start := _START.search(text, position):
        mark = _MARK.match(text, start.start())
        if mark is None or (
            mark["definition"] and not _LINE_START.search(text[max(0, mark.start() - 4) : mark.start()])
        ):
            position = start.end()
        elif mark["run"]:
            position = ends.find_code_end(mark.end(), len(mark["run"]))
        else:
            position = ends.find_mark_end(mark)
            parts += (text[copied : mark.start()], html.unescape(mark["entity"]) if mark["entity"] else " ")
            copied = position
    return "".join((*parts, text[copied:])) if parts else text


class _EndFinder:
    """Finds the ends of code and comments. Remembers which searches have failed, so that they are not repeated."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._missing_lengths: set[int] = set()
        self._has_comment_end = True

    def find_code_end(self, position: int, length: int) -> int:
        """Return the position after the code whose opening run of `length` backticks ends at `position`.

        Returns `position` if there is no closing run.
        """
        if length in self._missing_lengths:
            return position
        for run in _BACKTICKS.finditer(self._text, position):
            if len(run[0]) == length:
                return run.end()
        self._missing_lengths.add(length)
        return position

    def find_mark_end(self, mark: re.Match[str]) -> int:
        """Return the position after the markup that begins with `mark`. A link definition ends with its line."""
        if mark["comment"]:
            return self._find_comment_end(mark.end())
        end = self._text.find("\n", mark.end()) if mark["definition"] else mark.end()
        return end if end >= 0 else len(self._text)

    def _find_comment_end(self, position: int) -> int:
        """Return the position after a comment whose opening `<!--` ends at `position`.

        Returns `position` if there is no closing `-->`.
        """
        end = self._text.find("-->", position) if self._has_comment_end else -1
        self._has_comment_end = end >= 0
        return end + 3 if end >= 0 else position
