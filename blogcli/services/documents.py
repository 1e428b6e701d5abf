"""Posts as documents with front matter, read before anything is written to the database."""

from ..interchange import documents
from ..interchange.documents import Document, decode_text, read_document
from ..schemas.posts import PostDetail

__all__ = ["Document", "decode_text", "read_document", "write_document"]


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
