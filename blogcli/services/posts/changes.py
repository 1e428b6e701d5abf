"""Apply an update to a post. The services that update posts and that save edited posts share this code."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value

from ...errors import UsageError
from ...models import Post, Tag, User
from ...models.base import utc_now
from ...repositories.base import RowLock, assign
from ...repositories.posts.repository import PostRepository
from ...repositories.tags import TagRepository
from .authors import resolve_author
from .bulk import check_slug_is_free
from .lookup import resolve_tags
from .status import update_status

if TYPE_CHECKING:
    from ...schemas.inputs.posts import PostUpdate, TagChanges


@dataclass(frozen=True, slots=True)
class TagUpdate:
    """A change of the tags of posts. All tags that the change needs have already been loaded or created."""

    replacement: list[Tag] | None
    added: list[Tag]
    removed_ids: set[int]

    def apply(self, post: Post) -> bool:
        """Change the tags of a post, and return whether the new tags differ from the previous tags."""
        base = post.tags if self.replacement is None else self.replacement
        tags = {tag.id: tag for tag in (*base, *self.added) if tag.id not in self.removed_ids}
        return post.set_tags(list(tags.values()), utc_now())


async def prepare_tag_update(session: AsyncSession, changes: "TagChanges") -> TagUpdate:
    """Load the tags to remove, and load or create the tags to set and to add.

    Raises NotFoundError if a tag to remove does not exist.
    """
    tags = TagRepository(session)
    removed, _ = await resolve_tags(session, changes.remove, lock=RowLock.SHARED)
    return TagUpdate(
        replacement=None if changes.set is None else await tags.get_or_create(changes.set),
        added=await tags.get_or_create(changes.add),
        removed_ids={tag.id for tag in removed},
    )


async def check_slug(session: AsyncSession, update: "PostUpdate", ids: list[int]) -> None:
    """Check that the slug in `update` can be assigned to the posts with these ids.

    If the update sets a slug, raises UsageError if there are several posts, and ConflictError if another post has the
    slug.
    """
    if update.slug is None:
        return
    if len(ids) > 1:
        raise UsageError("A slug can be given to one post only", hint="Select a single post, or omit the slug.")
    for id_ in ids:
        await check_slug_is_free(PostRepository(session), update.slug, unless_of=id_)


async def resolve_new_author(session: AsyncSession, update: "PostUpdate") -> User | None:
    """Return the author that an update names, or None if the update names no author.

    Raises NotFoundError if the author does not exist.
    """
    return None if update.author is None else await resolve_author(session, update.author)


def apply_update(post: Post, update: "PostUpdate") -> bool:
    """Apply an update to the fields of a post except the author, and return whether any field changed."""
    values = update.model_dump(exclude_unset=True, include={"title", "slug", "excerpt"})
    if update.extra or update.extra_removed:
        remaining = {name: value for name, value in post.extra.items() if name not in update.extra_removed}
        values["extra"] = remaining | update.extra
    differs = assign(post, values)
    if update.content is not None and update.content != post.content:
        post.write(update.content)
        differs = True
    return update_status(post, update, utc_now()) or differs


def assign_author(post: Post, author: User | None) -> bool:
    """Make `author` the author of a post, and return whether the author changed. None does not change the author."""
    if author is None or author.id == post.author_id:
        return False
    post.author_id = author.id
    # The address of the new author in the summary of the post is read from `post.author`. An ordinary assignment to
    # `post.author` would make the next flush write the old and the new author.
    set_committed_value(post, "author", author)
    return True
