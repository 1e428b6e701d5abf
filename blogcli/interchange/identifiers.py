"""Split identifiers, such as the names of front matter fields, meta fields and shortcodes, into words."""

import re
from functools import lru_cache

# Matches one word in an identifier, so that `isDraft`, `is_draft`, `is-draft` and `HTMLDraft` all contain the word
# "draft". A sequence of digits is also a word.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")


@lru_cache(maxsize=10_000)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words, in lower case, of an identifier that is written in camel case, snake case or kebab case."""
    return tuple(word.lower() for word in _WORD.findall(name))
