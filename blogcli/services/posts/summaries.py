"""Rows -> schemas, while the session is open."""

from typing import Any, TypeVar, cast

from pydantic import ValidationError

from ...models import Post
from ...repositories.posts.rows import ListedPost
from ...schemas.posts import PostDetail, PostSummary

S = TypeVar("S", bound=PostSummary)


def listed_post(schema: type[S], post: ListedPost, **more: Any) -> S:  # noqa: ANN401 - what the schema adds
    """Return a listed post as a schema, even one in which a value could not be read and is empty."""
    values: dict[str, Any] = {**post, **more}
    try:
        return schema(**values)
    except ValidationError:
        return cast("S", schema.model_construct(**values))


def post_summary(post: Post) -> PostSummary:
    """The post as a list shows it; its author and tags must be loaded."""
    return PostSummary(**_post_values(post))


def post_detail(post: Post) -> PostDetail:
    """The post with its text; content and extra must be loaded too."""
    return PostDetail(**_post_values(post), content=post.content, extra=post.extra, version=post.version)


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
        "expires_at": post.expires_at,
    }
