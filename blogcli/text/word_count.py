"""How many words a text has; pure."""

import re
from functools import cache

# Chinese and Japanese do not write spaces: there each character counts, as word processors count them.
_UNSPACED = "\u3005-\u3007\u3041-\u3096\u30a1-\u30fc\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"


def count_words(text: str) -> int:
    """The number of words: runs without white space, and each Han or Kana character as one."""
    if text.isascii() or not _unspaced().search(text):
        return len(text.split())
    spaced, count = _unspaced().subn(" ", text)
    return count + len(spaced.split())


@cache
def _unspaced() -> re.Pattern[str]:
    return re.compile(f"[{_UNSPACED}]")
