"""Names of fields, metas and shortcodes, split into the words that they are made of."""

import re
from functools import lru_cache

# `isDraft`, `is_draft`, `is-draft` and `HTMLDraft` each hold the word "draft"; digits are words of their own.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")


@lru_cache(maxsize=10_000)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of an identifier in lower case, whether it is in camel case, snake case or kebab case."""
    return tuple(word.lower() for word in _WORD.findall(name))
