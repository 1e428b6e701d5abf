"""Create the rows of the search index for imported posts.

This module imports as little as possible, because every worker process that reads items imports it.
"""

from dataclasses import replace

from ...interchange.items import ImportedItem
from ...search.documents import MakeDocuments


def add_index_rows(documents: MakeDocuments, item: ImportedItem) -> ImportedItem:
    """Return a copy of the item with the search index rows of its post. The function `documents` creates the rows."""
    if item.post is None:
        return item
    return replace(item, documents=tuple(documents([(0, item.post.title, item.post.content)], [item.words])))
