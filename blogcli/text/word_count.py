"""Count the words of a text."""

import re
from functools import cache

from .scripts import HAN_AND_KANA


def count_words(text: str) -> int:
    """Return the number of words in a text. Each Han or Kana character counts as one word, as in word processors."""
    if text.isascii() or not _han_and_kana().search(text):
        return len(text.split())
    spaced, count = _han_and_kana().subn(" ", text)
    return count + len(spaced.split())


@cache
def _han_and_kana() -> re.Pattern[str]:
    return re.compile(f"[{HAN_AND_KANA}]")
