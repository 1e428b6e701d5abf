"""Texts as Markdown that shows them as they are, with no more backslashes than it takes."""

import re
from typing import Final

_SPECIAL: Final = r"""\\(?=[!-/:-@\[-`{-~\n]|\s*\Z)    # a backslash that would be taken for one of ours
    | \* | `
    | (?<![^\W_])_ | _(?![^\W_])        # but not within a word
    | <(?=[A-Za-z/!?]|\s*\Z)
    | &(?=\#?\w{1,32};)
    | ~(?=~|\Z) | (?<=~)~ | \A~
    | \](?=[(\[:])
    """
_IN_A_LINE: Final = re.compile(_SPECIAL, re.VERBOSE)
_IN_A_LINK: Final = re.compile(rf"{_SPECIAL} | [\[\]]", re.VERBOSE)
_AT_START: Final = re.compile(
    r"""(?P<blank>[ \t]*)
    (?: (?P<number>\d{1,9})(?=[.)](?:\s|\Z))
      | (?= [-+](?:\s|\Z) | > | \#{1,6}(?:\s|\Z) | =+[ \t]*(?:\n|\Z) | [-:|][-:| \t]*(?:\n|\Z) ) )
    """,
    re.VERBOSE,
)
_BEHIND_NUMBER: Final = re.compile(r"[.)](?=\s|\Z)")
_AUTOLINK: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>\x00-\x1f]*")
_REFERENCE: Final = re.compile(r"&(?=#?\w{1,32};)")


def escaped(text: str, *, is_in_link: bool = False) -> str:
    """The text, without what Markdown would take for markup within a line."""
    return (_IN_A_LINK if is_in_link else _IN_A_LINE).sub(lambda found: f"\\{found[0]}", text)


def escaped_start(text: str) -> str:
    """The text at the start of a line, without what Markdown would take for markup there."""
    found = _AT_START.match(text)
    return f"{found[0]}\\{text[found.end() :]}" if found else text


def ends_number(text: str) -> bool:
    """Whether the text makes a number right before it that of an item."""
    return _BEHIND_NUMBER.match(text) is not None


def link(text: str, address: str, title: str | None) -> str:
    """A link in Markdown; `text` is Markdown already."""
    return f"[{_in_a_line(text)}]({_destination(address)}{_title(title)})"


def image(alternative: str, address: str, title: str | None) -> str:
    """An image in Markdown; `alternative` is a text."""
    plain = escaped(_in_a_line(alternative), is_in_link=True)
    return f"![{plain}]({_destination(address)}{_title(title)})"


def is_autolink(address: str) -> bool:
    """Whether it is a link between angle brackets."""
    return _AUTOLINK.fullmatch(address) is not None


def _in_a_line(text: str) -> str:
    """The text with a blank for each end of a line and all blanks around it."""
    # An expression for it would look at each blank of many as often as there are blanks before it.
    first, *others = text.split("\n")
    if not others:
        return text
    *between, last = map(str.lstrip, others)
    return " ".join([first.rstrip(), *filter(None, map(str.rstrip, between)), last])


def _destination(address: str) -> str:
    plain = _REFERENCE.sub("&amp;", re.sub(r"[\r\n\t]", "", address.strip()).replace("\\", "%5C"))
    if not plain or re.search(r"[\s()\x00-\x1f]|\A<", plain):
        return f"<{plain.replace('<', '%3C').replace('>', '%3E')}>"
    return plain


def _title(title: str | None) -> str:
    if not title:
        return ""
    plain = _REFERENCE.sub("&amp;", _in_a_line(title).replace("\\", "\\\\").replace('"', '\\"'))
    return f' "{plain}"'
