"""Rows -> schemas, while the session is open."""

from typing import Any

from ..models import Post
from ..repositories.listing import ListedPost
from ..schemas.posts import PostDetail, PostHit, PostSummary


def listed_summary(post: ListedPost) -> PostSummary:
    """The post as a list shows it, from a row."""
    return PostSummary(**_listed_values(post))


def post_summary(post: Post) -> PostSummary:
    """The post as a list shows it; its author and tags must be loaded."""
    return PostSummary(**_post_values(post))


def post_hit(post: ListedPost, score: float | None, snippet: str) -> PostHit:
    """The post as a search shows it."""
    return PostHit(**_listed_values(post), score=score, snippet=snippet)


def post_detail(post: Post) -> PostDetail:
    """The post with its text; content and extra must be loaded too."""
    return PostDetail(**_post_values(post), content=post.content, extra=post.extra, version=post.version)


def _listed_values(post: ListedPost) -> dict[str, Any]:
    return post._asdict() | {"status": post.state}


def _post_values(post: Post) -> dict[str, object]:
    return {
        "id": post.id,
        "uuid": post.uuid,
        "title": post.title,
        "slug": post.slug,
        "status": post.state,
        "author": post.author.email,
        "tags": post.tag_names,
        "excerpt": post.excerpt,
        "words": post.words,
        "published_at": post.published_at,
        "created_at": post.created_at,
        "updated_at": post.updated_at,
        "trashed_at": post.trashed_at,
    }
