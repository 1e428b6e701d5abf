"""The posts that are checked, and what the rules report about them."""

from dataclasses import dataclass
from datetime import datetime

from ..enums import CheckRule, PostStatus
from .link_targets import LinkTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPost:
    """The values of a post that the rules read."""

    id: int
    slug: str
    title: str
    content: str
    status: str
    published_at: datetime | None = None
    expires_at: datetime | None = None

    @property
    def is_public(self) -> bool:
        """Whether the post is published and not in the trash."""
        return self.status == PostStatus.PUBLISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A violation of a rule, with a way to repair it.

    `line` is the number of the line in the content of the post. It is None if the violation is not in the content.
    """

    rule: CheckRule
    text: str
    repair: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class InternalLink:
    """A link to another post of the blog, which the caller has to look up."""

    line: int
    href: str
    target: LinkTarget


@dataclass(frozen=True, slots=True)
class PostReport:
    """The issues of one post, and the links that the caller has to look up."""

    post_id: int
    slug: str
    is_public: bool
    issues: tuple[Issue, ...]
    links: tuple[InternalLink, ...]
