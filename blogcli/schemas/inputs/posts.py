"""Posts to create, and changes to posts."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from ...enums import PostStatus
from ...text.limits import MAX_TITLE
from ...text.slugs import slug_problem
from .base import FilledText, Input, Text
from .tags import TagName


def _valid_slug(slug: str) -> str:
    problem = slug_problem(slug)
    if problem:
        raise ValueError(f"{slug!r} is not a valid slug: {problem}")
    return slug


Title = Annotated[FilledText, Field(max_length=MAX_TITLE)]
Slug = Annotated[Text, AfterValidator(_valid_slug)]


class PostCreate(Input):
    """A post to be added; without a slug it gets one made from the title.

    `author` is a name or an address as a document has it. A `key` is a name that its creator gives the post, so that
    it is not created twice.
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
    """What is to change in a post; what is not set stays.

    `author` is a name or an address as a document has it, `extra` holds the fields to set and `extra_removed` the
    names of those to remove.
    """

    title: Title = ""
    slug: Slug = ""
    content: Text = ""
    excerpt: Text | None = None
    status: PostStatus | None = None
    published_at: datetime | None = None
    author: str | None = None
    extra: dict[str, Any] = {}
    extra_removed: list[str] = []


class TagChanges(Input):
    """How the tags of a post are to change; `set` replaces them before the others apply."""

    set: list[TagName] | None = None
    add: list[TagName] = []
    remove: list[str] = []
