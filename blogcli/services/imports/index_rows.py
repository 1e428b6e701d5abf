"""Rows of the search index, made where entries are read; light, since each reading process imports it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ...interchange.items import ImportedItem
from ...search.documents import IndexedText


def with_index_rows(
    documents: Callable[[Sequence[IndexedText]], Sequence[tuple[Any, ...]]], entry: ImportedItem
) -> ImportedItem:
    """The entry with the rows that let a search find its post."""
    if entry.post is None:
        return entry
    return replace(entry, documents=tuple(documents([(0, entry.post.title, entry.post.content)])))
