"""Escape text for Markdown with as few backslashes as possible, and format links and images."""

import re
from typing import Final

_SPECIAL: Final = r"""\\(?=[!-/:-@\[-`{-~\n]|\s*\Z)    # a backslash that would escape what follows it
    | \* | `
    | (?<![^\W_])_ | _(?![^\W_])        # an underscore that is not inside a word
    | <(?=[A-Za-z/!?]|\s*\Z)
    | &(?=\#?\w{1,32};)
    | ~(?=~|\Z) | (?<=~)~ | \A~
    | \](?=[(\[:])
    """
_INLINE: Final = re.compile(_SPECIAL, re.VERBOSE)
_IN_LINK: Final = re.compile(rf"{_SPECIAL} | [\[\]]", re.VERBOSE)
_LINE_START: Final = re.compile(
    r"""(?P<blank>[ \t]*)
    (?: (?P<number>\d{1,9})(?=[.)](?:\s|\Z))
      | (?= [-+](?:\s|\Z) | > | \#{1,6}(?:\s|\Z) | =+[ \t]*(?:\n|\Z) | [-:|][-:| \t]*(?:\n|\Z) ) )
    """,
    re.VERBOSE,
)
_LIST_DELIMITER: Final = re.compile(r"[.)](?=\s|\Z)")
_AUTOLINK: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>\x00-\x1f]*")
_REFERENCE: Final = re.compile(r"&(?=#?\w{1,32};)")


def escape_inline(text: str, *, is_in_link: bool = False) -> str:
    """Escape the characters that Markdown would read as inline markup."""
    return (_IN_LINK if is_in_link else _INLINE).sub(lambda match: f"\\{match[0]}", text)


def escape_line_start(text: str) -> str:
    """Escape the start of a line if Markdown would read the line as the start of a block."""
    match = _LINE_START.match(text)
    return f"{match[0]}\\{text[match.end() :]}" if match else text


def starts_with_list_delimiter(text: str) -> bool:
    """Return whether Markdown would read a number immediately before `text` as the number of a list item."""
    return _LIST_DELIMITER.match(text) is not None


def format_link(text: str, url: str, title: str | None) -> str:
    """Format a link. `text` is Markdown, so `text` is not escaped."""
    return f"[{_join_lines(text)}]({_format_destination(url)}{_format_title(title)})"


def format_image(alternative: str, url: str, title: str | None) -> str:
    """Format an image. `alternative` is plain text, so `alternative` is escaped."""
    escaped = escape_inline(_join_lines(alternative), is_in_link=True)
    return f"![{escaped}]({_format_destination(url)}{_format_title(title)})"


def is_autolink(url: str) -> bool:
    """Return whether Markdown would interpret `<url>`, the URL in angle brackets, as a link."""
    return _AUTOLINK.fullmatch(url) is not None


def _join_lines(text: str) -> str:
    """Replace each run of line breaks, including the whitespace around the line breaks, with one space."""
    # The text is split into lines, because a regular expression would take quadratic time for a long run of spaces.
    first, *lines = text.split("\n")
    if not lines:
        return text
    *middle, last = map(str.lstrip, lines)
    return " ".join([first.rstrip(), *filter(None, map(str.rstrip, middle)), last])


def _format_destination(url: str) -> str:
    escaped = _REFERENCE.sub("&amp;", re.sub(r"[\r\n\t]", "", url.strip()).replace("\\", "%5C"))
    if not escaped or re.search(r"[\s()\x00-\x1f]|\A<", escaped):
        return f"<{escaped.replace('<', '%3C').replace('>', '%3E')}>"
    return escaped


def _format_title(title: str | None) -> str:
    if not title:
        return ""
    escaped = _REFERENCE.sub("&amp;", _join_lines(title).replace("\\", "\\\\").replace('"', '\\"'))
    return f' "{escaped}"'
