"""Split identifiers, such as the names of fields, metas and shortcodes, into words."""

import re
from functools import lru_cache

# `isDraft`, `is_draft`, `is-draft` and `HTMLDraft` all contain the word "draft". A run of digits is also a word.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")


@lru_cache(maxsize=10_000)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of an identifier in camel case, snake case or kebab case, in lower case."""
    return tuple(word.lower() for word in _WORD.findall(name))
