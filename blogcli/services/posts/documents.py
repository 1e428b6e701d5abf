"""Convert posts to documents with front matter, and convert edited documents to changes of posts."""

from typing import Any

from ...errors import InvalidError
from ...interchange.markdown import documents
from ...interchange.markdown.documents import FrontMatterDocument
from ...schemas.posts.records import PostDetail

# The fields that every post has.
_REQUIRED = ("title", "slug", "status", "author")


def write_document(post: PostDetail) -> str:
    """Return a post as a document that `read_document` can read."""
    return documents.write_document(
        title=post.title,
        slug=post.slug,
        status=str(post.status),
        published_at=post.published_at,
        author=post.author,
        tags=post.tags,
        excerpt=post.excerpt,
        extra=post.extra,
        content=post.content,
    )


def document_changes(document: FrontMatterDocument, *, shown: FrontMatterDocument | None = None) -> dict[str, Any]:
    """Return the values that a document contains for `tags` and for the fields of `PostUpdate`.

    If `shown` is None, fields without a value and an empty content are left out. Otherwise, `shown` is the document
    before the user edited it, and only fields that differ between both documents are returned. The value of a field
    that the user has removed is None, or an empty list for `tags`. Raises InvalidError if the user has removed a field
    that every post has.
    """
    stated = _stated_values(document)
    if shown is None:
        values = {name: value for name, value in stated.items() if value is not None}
        if document.content.strip():
            values["content"] = document.content
        return values | ({"extra": document.extra} if document.extra else {})
    previous = _stated_values(shown)
    removed = [name for name in _REQUIRED if previous[name] is not None and stated[name] is None]
    if removed:
        raise InvalidError(
            f"The front matter no longer has {', '.join(removed)}, which every post has",
            hint=f"Add {'it' if len(removed) == 1 else 'them'} again.",
        )
    names = {name for name in stated if stated[name] != previous[name]}
    if names & {"status", "published_at"}:
        # The status and the date depend on each other. If the user has changed one of them, both are returned.
        names |= {name for name in ("status", "published_at") if stated[name] is not None}
    values = {name: stated[name] for name in stated if name in names}
    if "tags" in values:
        values["tags"] = values["tags"] or []
    if document.content != shown.content:
        values["content"] = document.content
    return values | _extra_changes(document, shown)


def _stated_values(document: FrontMatterDocument) -> dict[str, Any]:
    return {
        "title": document.stated_title,
        "slug": document.slug,
        "status": document.status,
        "published_at": document.published_at,
        "author": document.author,
        "excerpt": document.excerpt,
        "tags": None if document.tags is None else list(document.tags),
    }


def _extra_changes(document: FrontMatterDocument, shown: FrontMatterDocument) -> dict[str, Any]:
    changed = {
        name: value for name, value in document.extra.items() if name not in shown.extra or shown.extra[name] != value
    }
    removed = sorted(shown.extra.keys() - document.extra.keys())
    return ({"extra": changed} if changed else {}) | ({"extra_removed": removed} if removed else {})
