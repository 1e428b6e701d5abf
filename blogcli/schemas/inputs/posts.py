"""Posts to create, and changes to posts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field

from ...enums import PostStatus
from ...text.limits import MAX_TITLE
from ...text.slugs import slug_problem
from .base import FilledText, Input, NotNull, Text
from .tags import TagName


def _require_valid_slug(slug: str) -> str:
    problem = slug_problem(slug)
    if problem:
        raise ValueError(f"{slug!r} is not a valid slug: {problem}")
    return slug


Title = Annotated[FilledText, Field(max_length=MAX_TITLE)]
Slug = Annotated[Text, AfterValidator(_require_valid_slug)]


class PostCreate(Input):
    """A new post. If no slug is given, the slug is made from the title.

    `author` is an id, an e-mail address or a full name. `key` is any text by which the caller identifies the post. A
    command that is repeated with the same key does not create the post twice.
    """

    title: Title
    content: Text = ""
    slug: Slug | None = None
    excerpt: Text | None = None
    status: PostStatus = PostStatus.DRAFT
    published_at: datetime | None = None
    tags: list[TagName] = []
    author: str | None = None
    extra: dict[str, Any] = {}
    key: Text | None = None


class PostUpdate(Input):
    """Changes to a post. Fields that are not set remain unchanged.

    `author` is an id, an e-mail address or a full name. `extra` contains the extra fields to add or replace, and
    `extra_removed` contains the names of the extra fields to remove.
    """

    title: Annotated[Title | None, NotNull] = None
    slug: Annotated[Slug | None, NotNull] = None
    content: Annotated[Text | None, NotNull] = None
    excerpt: Text | None = None
    status: Annotated[PostStatus | None, NotNull] = None
    published_at: datetime | None = None
    author: Annotated[str | None, NotNull] = None
    extra: dict[str, Any] = {}
    extra_removed: list[str] = []


class TagChanges(Input):
    """Changes to the tags of a post: `set` replaces all tags, and then `add` and `remove` change the result."""

    set: list[TagName] | None = None
    add: list[TagName] = []
    remove: list[str] = []


@dataclass(frozen=True, slots=True)
class PostChange:
    """A change of one post, which was read from the row `line` of a file.

    If `version` or `updated_at` is given, the post is changed only if it still has this value.
    """

    line: int
    reference: str
    update: PostUpdate
    tags: TagChanges
    version: int | None = None
    updated_at: datetime | None = None


class PlannedValues(Input):
    """The new values of the fields of a post in a plan. Fields that are not set remain unchanged.

    `author` is an e-mail address. `tags` and `extra` contain all tags and all extra fields.
    """

    title: Annotated[Title | None, NotNull] = None
    slug: Annotated[Slug | None, NotNull] = None
    content: Annotated[Text | None, NotNull] = None
    excerpt: Text | None = None
    status: Annotated[Literal["draft", "scheduled", "published"] | None, NotNull] = None
    published_at: AwareDatetime | None = None
    expires_at: AwareDatetime | None = None
    first_published_at: AwareDatetime | None = None
    trashed_at: AwareDatetime | None = None
    author: Annotated[Text | None, NotNull] = None
    tags: Annotated[list[TagName] | None, NotNull] = None
    extra: Annotated[dict[str, Any] | None, NotNull] = None


class PlannedRow(Input):
    """A planned change of one post, which was read from the line `line` of a plan.

    The change is made only if the post still has these values of `uuid`, `version` and `updated_at`. The fields of the
    post get the values in `change`. If `change` is None, the post is deleted permanently.
    """

    line: int
    id: Annotated[int, Field(ge=1)]
    uuid: UUID
    slug: Text
    version: int
    updated_at: AwareDatetime
    change: PlannedValues | None = None
