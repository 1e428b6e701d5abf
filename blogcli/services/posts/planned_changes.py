"""Describe a change of a post before it is written."""

from sqlalchemy import inspect
from sqlalchemy.orm.attributes import get_history

from ...models import Post
from ...repositories.posts.bulk_update import changed_values
from ...schemas.posts.changes import PlannedChange

# These columns follow from the other columns, or are set whenever a post is written.
_DERIVED = {"words", "version", "updated_at"}


def plan_change(post: Post) -> PlannedChange:
    """Return the change of a post that was changed in memory and is not yet written."""
    values = {name: value for name, value in changed_values(post).items() if name not in _DERIVED}
    if values.pop("author_id", None) is not None:
        values["author"] = post.author_email
    if inspect(post).attrs.tags.history.has_changes():
        values["tags"] = post.tag_names
    return _planned(post, values)


def plan_purge(post: Post) -> PlannedChange:
    """Return the permanent deletion of a post."""
    return _planned(post, None)


def _planned(post: Post, change: dict[str, object] | None) -> PlannedChange:
    # A change of tags has already set a new time, and a change of the slug has already set a new slug.
    previous = {name: get_history(post, name).deleted for name in ("slug", "updated_at")}
    return PlannedChange(
        id=post.id,
        uuid=post.uuid,
        slug=previous["slug"][0] if previous["slug"] else post.slug,
        version=post.version,
        updated_at=previous["updated_at"][0] if previous["updated_at"] else post.updated_at,
        change=change,
    )
