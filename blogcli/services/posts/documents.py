"""Posts as documents with front matter, read before anything is written to the database."""

from typing import Any

from ...errors import InvalidError
from ...interchange.markdown import documents
from ...interchange.markdown.documents import FrontMatterDocument
from ...schemas.posts import PostDetail

# What every post has.
_REQUIRED = ("title", "slug", "status", "author")


def write_document(post: PostDetail) -> str:
    """The post as a document that `read_document` understands."""
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
    """What a document changes in a post, by the names of `PostUpdate`, and `tags`.

    A field that the document does not state stays as it is, and so does the text where the document has none. With
    `shown`, the same document before a person edited it, only what differs is changed: a field that was removed is
    removed from the post, and InvalidError names those that a post cannot be without.
    """
    stated = _stated(document)
    if shown is None:
        values = {name: value for name, value in stated.items() if value is not None}
        if document.content.strip():
            values["content"] = document.content
        return values | ({"extra": document.extra} if document.extra else {})
    before = _stated(shown)
    removed = [name for name in _REQUIRED if before[name] is not None and stated[name] is None]
    if removed:
        raise InvalidError(
            f"The front matter no longer has {', '.join(removed)}, which every post has",
            hint=f"Put {'it' if len(removed) == 1 else 'them'} back.",
        )
    names = {name for name in stated if stated[name] != before[name]}
    if names & {"status", "published_at"}:
        # A date that stands beside a new status is meant for it.
        names |= {name for name in ("status", "published_at") if stated[name] is not None}
    values = {name: stated[name] for name in stated if name in names}
    if "tags" in values:
        values["tags"] = values["tags"] or []
    if document.content != shown.content:
        values["content"] = document.content
    return values | _extra_changes(document, shown)


def _stated(document: FrontMatterDocument) -> dict[str, Any]:
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
