"""Create the rows of the search index for imported posts.

This module imports as little as possible, because every worker process that reads items imports it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ...interchange.items import ImportedItem
from ...search.documents import IndexedText


def add_index_rows(
    documents: Callable[[Sequence[IndexedText]], Sequence[tuple[Any, ...]]], item: ImportedItem
) -> ImportedItem:
    """Return a copy of the item with the search index rows of its post. The function `documents` creates the rows."""
    if item.post is None:
        return item
    return replace(item, documents=tuple(documents([(0, item.post.title, item.post.content)])))
