"""Apply the values of an update to a single post, for the services that update and edit posts."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from ...errors import UsageError
from ...models import Post, Tag, User
from ...models.base import utc_now
from ...repositories.base import RowLock, assign
from ...repositories.posts.repository import PostRepository
from ...repositories.tags import TagRepository
from .authors import author_named
from .bulk import check_slug_is_free
from .lookup import known_tags
from .status import update_status

if TYPE_CHECKING:
    from ...schemas.inputs.posts import PostUpdate, TagChanges


@dataclass(frozen=True, slots=True)
class TagUpdate:
    """Changes of the tags of posts, with all tags looked up or created beforehand."""

    replacement: list[Tag] | None
    added: list[Tag]
    removed_ids: set[int]

    def apply(self, post: Post) -> bool:
        """Change the tags of a post; return whether they differ afterwards."""
        base = post.tags if self.replacement is None else self.replacement
        tags = {tag.id: tag for tag in (*base, *self.added) if tag.id not in self.removed_ids}
        return post.set_tags(list(tags.values()), utc_now())


async def prepare_tag_update(session: AsyncSession, changes: "TagChanges") -> TagUpdate:
    """Look up the tags to remove and create the tags to add; raise NotFoundError for an unknown tag to remove."""
    tags = TagRepository(session)
    removed = await known_tags(session, changes.remove, lock=RowLock.SHARED)
    return TagUpdate(
        replacement=None if changes.set is None else await tags.get_or_create(changes.set),
        added=await tags.get_or_create(changes.add),
        removed_ids={tag.id for tag in removed},
    )


async def check_slug(session: AsyncSession, update: "PostUpdate", ids: list[int]) -> None:
    """Raise UsageError if several posts would get one slug, and ConflictError if another post has it."""
    if update.slug is None:
        return
    if len(ids) > 1:
        raise UsageError("A slug belongs to one post", hint="Name one post with --slug.")
    for id_ in ids:
        await check_slug_is_free(PostRepository(session), update.slug, unless_of=id_)


async def new_author_of(session: AsyncSession, update: "PostUpdate") -> User | None:
    """Return the author that an update names, or None if it names none; raise NotFoundError for an unknown author."""
    return None if update.author is None else await author_named(session, update.author, lock=RowLock.SHARED)


def apply_update(post: Post, update: "PostUpdate") -> bool:
    """Set the fields of a post that an update contains; return whether any of them changed."""
    values = update.model_dump(exclude_unset=True, include={"title", "slug", "excerpt"})
    if update.extra or update.extra_removed:
        rest = {name: value for name, value in post.extra.items() if name not in update.extra_removed}
        values["extra"] = rest | update.extra
    differs = assign(post, values)
    if update.content is not None and update.content != post.content:
        post.write(update.content)
        differs = True
    return update_status(post, update, utc_now()) or differs


def assign_author(post: Post, author: User | None) -> bool:
    """Make a user the author of a post; return whether the post had another author before."""
    if author is None or author.id == post.author_id:
        return False
    # The relationship is set because the summary of the post reads the name of the author from it.
    post.author = author
    return True
