"""Check whether output would change the state of a terminal."""

import re
from collections.abc import Container, Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

# The sequences that the program itself prints: colors, and links in rendered Markdown.
_COLOR = re.compile(r"\x1b\[[\d;]*m")
_LINK = re.compile(r"\x1b\]8;id=[\d-]+;(?P<target>[!-~]*)\x1b\\(?P<text>(?:(?!\x1b\]8;).)*)\x1b\]8;;\x1b\\", re.DOTALL)
# Characters that move the cursor only forwards, or have no width and change nothing else.
_HARMLESS = "\n\t\u200b\u200c\u200d\u200e\u200f\u00ad\u2060\u00a0\u202f\u3000\ufe0e\ufe0f"


def without_own_sequences(output: str, targets: Container[str] = ()) -> str:
    """Return output without the escape sequences that the program itself prints.

    These are colors, and links to one of the targets.
    """
    return _COLOR.sub("", _LINK.sub(lambda link: link["text"] if link["target"] in targets else link[0], output))


def changes_terminal(output: str, targets: Container[str] = ()) -> bool:
    """Return whether output contains a control character, a separator of lines or a character that reorders text.

    The escape sequences that the program itself prints are ignored. These are colors, and links to one of the targets.
    """
    return any(map(_is_harmful, without_own_sequences(output, targets)))


def link_targets(text: str) -> set[str]:
    """Return the targets of the links in a Markdown text, in which harmful characters are escaped, as in the output."""
    escaped = "".join(_escape(character) if _is_harmful(character) else character for character in text)
    return {*_find_targets(MarkdownIt().enable(["strikethrough", "table"]).parse(escaped))}


def _escape(character: str) -> str:
    code_units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{code_units[start : start + 4]}" for start in range(0, len(code_units), 4))


def _is_harmful(character: str) -> bool:
    return not character.isprintable() and character not in _HARMLESS


def _find_targets(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "link_open":
            yield str(token.attrs["href"])
        yield from _find_targets(token.children or ())
