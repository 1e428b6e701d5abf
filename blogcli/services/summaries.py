"""Rows -> schemas, while the session is open."""

from ..models import Post, Tag, User
from ..schemas.posts import PostDetail, PostSummary
from ..schemas.tags import TagSummary
from ..schemas.users import UserSummary


def post_summary(post: Post) -> PostSummary:
    """The post as a list shows it; its author and tags must be loaded."""
    return PostSummary(**_post_values(post))


def post_detail(post: Post) -> PostDetail:
    """The post with its text; content and extra must be loaded too."""
    return PostDetail(**_post_values(post), content=post.content, extra=post.extra, version=post.version)


def user_summary(user: User, posts: int) -> UserSummary:
    """The user as listed, with the number of posts given."""
    return UserSummary(
        id=user.id,
        email=user.email,
        full_name=user.full_name,
        is_active=user.is_active,
        posts=posts,
        created_at=user.created_at,
        updated_at=user.updated_at,
    )


def tag_summary(tag: Tag, posts: int) -> TagSummary:
    """The tag as listed, with the number of posts given."""
    return TagSummary(id=tag.id, name=tag.name, posts=posts)


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
