"""Split identifiers, such as the names of front matter fields, meta fields and shortcodes, into words."""

import re
from functools import lru_cache

# Matches one word in an identifier. For example, each of the identifiers `isDraft`, `is_draft`, `is-draft` and
# `HTMLDraft` consists of two words. A sequence of digits is also a word.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")


@lru_cache(maxsize=10_000)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of an identifier in lower case. The identifier may use camel case, snake case or kebab case."""
    return tuple(word.lower() for word in _WORD.findall(name))
