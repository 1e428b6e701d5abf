"""Find values that are derived from other values and are wrong: keys of tags and numbers of words."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from ...search.documents import IndexedText
from ...text.casefold import tag_key
from ...text.word_count import count_words
from ..invalid_values import describe_invalid_value
from ..value_rules import COLUMN_RULES

_WORDS = text("SELECT id, words FROM posts WHERE id BETWEEN :first AND :last")


class WrongTagKey(NamedTuple):
    """A tag whose key is not the key of its name.

    `line` is the message about the invalid value. `new_key` is the correct key, or None if another tag has or needs it.
    """

    tag_id: int
    line: str
    new_key: str | None


class WrongWords(NamedTuple):
    """A post whose stored number of words is not the number of words of its content."""

    post_id: int
    stored: int
    actual: int


def find_wrong_tag_keys(connection: Connection) -> list[WrongTagKey]:
    """Return the tags whose names are valid and whose keys are wrong."""
    rows = connection.execute(text("SELECT id, name, key FROM tags ORDER BY id")).all()
    is_invalid = COLUMN_RULES["tags"]["name"]
    new_keys = {row.id: tag_key(row.name) for row in rows if not is_invalid(row.name)}
    wanted = Counter(new_keys.values())
    taken = {row.key: row.id for row in rows}
    wrong_keys: list[WrongTagKey] = []
    for id_, _, key in rows:
        new_key = new_keys.get(id_)
        if new_key is not None and new_key != key:
            line = describe_invalid_value("tags", id_, "key", "is not the key of the name", key)
            is_free = wanted[new_key] == 1 and new_key not in taken
            wrong_keys.append(WrongTagKey(id_, line, new_key if is_free else None))
    return wrong_keys


def find_wrong_words(connection: Connection, texts: Sequence[IndexedText]) -> Iterator[WrongWords]:
    """Yield those of the given posts whose number of words is wrong. Values of other types are skipped."""
    rows = connection.execute(_WORDS, {"first": texts[0][0], "last": texts[-1][0]})
    words = {row.id: row.words for row in rows}
    for id_, _, content in texts:
        stored = words.get(id_)
        if isinstance(content, str) and isinstance(stored, int):
            actual = count_words(content)
            if stored != actual:
                yield WrongWords(id_, stored, actual)
