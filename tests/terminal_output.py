"""Check whether output would change the state of a terminal."""

import re

# The sequences that the program itself prints: colors, and links in rendered Markdown, whose targets are encoded.
_OWN_SEQUENCES = re.compile(r"\x1b\[[\d;]*m|\x1b\]8;[!-:<-~]*;[!-~]*\x1b\\")
# Characters that move the cursor only forwards, or have no width and change nothing else.
_HARMLESS = "\n\t\u200b\u200c\u200d\u200e\u200f\u00ad\u2060\u00a0\u202f\u3000\ufe0e\ufe0f"


def without_own_sequences(output: str) -> str:
    """Return output without the escape sequences that the program itself prints."""
    return _OWN_SEQUENCES.sub("", output)


def changes_terminal(output: str) -> bool:
    """Return whether output contains a control character, a separator of lines or a character that reorders text.

    The escape sequences that the program itself prints are ignored.
    """
    shown = without_own_sequences(output)
    return any(not character.isprintable() and character not in _HARMLESS for character in shown)
