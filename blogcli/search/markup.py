"""Markdown -> what its readers see, as far as words go; pure, and in time that grows with the text only."""

import html
import re

# Looking for a character of a set is quick; what it begins is found out there.
_START = re.compile(r"[`<&\[\]]")
_MARK = re.compile(
    # Code, which another run of as many backticks ends; a fence is such a run.
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


def without_markup(text: str) -> str:
    """The text with tags, comments and link addresses blanked, and entities as the characters they stand for.

    Code is left as it is: what looks like a tag there is text.
    """
    parts: list[str] = []
    ends = _Ends(text)
    kept = position = 0
    while start := _START.search(text, position):
        mark = _MARK.match(text, start.start())
        if mark is None or (
            mark["definition"] and not _LINE_START.search(text[max(0, mark.start() - 4) : mark.start()])
        ):
            position = start.end()
        elif mark["run"]:
            position = ends.of_code(mark.end(), len(mark["run"]))
        else:
            position = ends.of_mark(mark)
            parts += (text[kept : mark.start()], html.unescape(mark["entity"]) if mark["entity"] else " ")
            kept = position
    return "".join((*parts, text[kept:])) if parts else text


class _Ends:
    """Where code and comments end; what was looked for in vain is not looked for again."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lengths_that_never_come: set[int] = set()
        self._has_comment_ends = True

    def of_code(self, position: int, length: int) -> int:
        """The end of code that a run of so many backticks opens, or `position` where no other closes it."""
        if length in self._lengths_that_never_come:
            return position
        for run in _BACKTICKS.finditer(self._text, position):
            if len(run[0]) == length:
                return run.end()
        self._lengths_that_never_come.add(length)
        return position

    def of_mark(self, mark: re.Match[str]) -> int:
        """Return the end of what the mark begins: a comment, the line of a definition, or the mark itself."""
        if mark["comment"]:
            return self.of_comment(mark.end())
        end = self._text.find("\n", mark.end()) if mark["definition"] else mark.end()
        return end if end >= 0 else len(self._text)

    def of_comment(self, position: int) -> int:
        """The end of a comment, or `position` where it has none."""
        end = self._text.find("-->", position) if self._has_comment_ends else -1
        self._has_comment_ends = end >= 0
        return end + 3 if end >= 0 else position
