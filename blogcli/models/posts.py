"""Posts and their links to tags."""

import uuid as uuids
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Computed,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    Uuid,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..enums import PostStatus
from ..text.word_count import count_words
from .base import Base, TimestampMixin
from .tags import Tag
from .users import User

post_tags = Table(
    "post_tags",
    Base.metadata,
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True),
    # The primary key serves queries for the tags of a post, and this index those for the posts of a tag.
    Index("ix_post_tags_tag_id_post_id", "tag_id", "post_id"),
)


class Post(TimestampMixin, Base):
    """A post of the blog.

    A post is in the trash if `trashed_at` is set. It keeps its status there, and has it again when it is restored.
    """

    __tablename__ = "posts"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'scheduled', 'published')", name="status"),
        # The database counts the characters of the content, so that statistics can read the number from an index.
        Column("characters", Integer, Computed("length(content)", persisted=True), nullable=False),
        # The id of a purged post is not given to another post, so that a repeated command cannot change the wrong one.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Identifies a post across databases, exports and imports, where the same post has different ids.
    uuid: Mapped[uuids.UUID] = mapped_column(Uuid(), unique=True, default=uuids.uuid4)
    title: Mapped[str] = mapped_column(String(500))
    slug: Mapped[str] = mapped_column(String(255), unique=True)
    excerpt: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(20), default=PostStatus.DRAFT)
    # The time at which the post was or will be published. A draft may have the date for which it is planned.
    published_at: Mapped[datetime | None]
    # The time at which the post was moved to the trash, or null if it is not in the trash.
    trashed_at: Mapped[datetime | None]
    # The time at which the post is to be unpublished, or null if it does not expire.
    expires_at: Mapped[datetime | None]
    # The date that a scheduled post had before it was scheduled, if that date was in the past, and otherwise null. The
    # post gets this date back if it is unpublished, or published before its scheduled time.
    first_published_at: Mapped[datetime | None]
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    # The number of words of the content. Python counts them when the content is written, because the databases would
    # count differently.
    words: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column()
    # The extra fields and the content are the largest columns, so they are loaded only by queries that name them.
    extra: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, deferred=True, deferred_raiseload=True)
    content: Mapped[str] = mapped_column(Text, deferred=True, deferred_raiseload=True)

    author: Mapped[User] = relationship(back_populates="posts", lazy="raise")
    tags: Mapped[list[Tag]] = relationship(secondary=post_tags, lazy="raise", passive_deletes=True)

    __mapper_args__ = {  # noqa: RUF012 - SQLAlchemy defines this attribute of the class
        "eager_defaults": True,
        "version_id_col": version,
        # SQLAlchemy would read this column again for each post in a flush.
        "exclude_properties": {"characters"},
    }

    @property
    def display_status(self) -> PostStatus:
        """The status that users see: `trashed` for a post in the trash, otherwise the stored status."""
        return PostStatus.TRASHED if self.trashed_at else PostStatus(self.status)

    @property
    def is_public(self) -> bool:
        """Whether the post is published and not in the trash."""
        return self.display_status is PostStatus.PUBLISHED

    @property
    def author_email(self) -> str:
        """The e-mail address of the author."""
        return self.author.email

    @property
    def tag_names(self) -> list[str]:
        """The names of the tags, in the order of their keys."""
        return [tag.name for tag in sorted(self.tags, key=lambda tag: tag.key)]

    def write(self, content: str) -> None:
        """Replace the content and count its words."""
        self.content = content
        self.words = count_words(content)

    def publish(self, now: datetime) -> bool:
        """Publish the post, and return whether that changed it.

        A date in the past is kept. Otherwise, the post gets the past date that it had before it was scheduled or, if
        there is none, `now`. An expiry date that has passed is removed.
        """
        if self.status == PostStatus.PUBLISHED:
            return False
        self.status = PostStatus.PUBLISHED
        if self.published_at is None or self.published_at > now:
            self.published_at = self.first_published_at or now
        self.first_published_at = None
        if self.has_expired(now):
            self.expires_at = None
        return True

    def unpublish(self) -> bool:
        """Make the post a draft, and return whether that changed it.

        The date of a scheduled post is replaced by the past date that it had before it was scheduled, or removed if
        there is none.
        """
        if self.status == PostStatus.DRAFT:
            return False
        if self.status == PostStatus.SCHEDULED:
            self.published_at = self.first_published_at
        self.first_published_at = None
        self.status = PostStatus.DRAFT
        return True

    def schedule(self, when: datetime, now: datetime) -> bool:
        """Schedule the post for a future time, and return whether that changed it."""
        if self.status == PostStatus.SCHEDULED and self.published_at == when:
            return False
        if self.status != PostStatus.SCHEDULED and self.published_at is not None and self.published_at <= now:
            self.first_published_at = self.published_at
        self.status = PostStatus.SCHEDULED
        self.published_at = when
        return True

    def reschedule(self, when: datetime, now: datetime) -> None:
        """Change the date of publication. A published post that gets a future date becomes a scheduled post."""
        if self.status == PostStatus.PUBLISHED and when > now:
            self.schedule(when, now)
        else:
            self.published_at = when

    def expire(self, when: datetime | None) -> bool:
        """Set the time at which the post is to be unpublished, or None for never, and return whether it differs."""
        if self.expires_at == when:
            return False
        self.expires_at = when
        return True

    def has_expired(self, now: datetime) -> bool:
        """Return whether the expiry date has passed."""
        return self.expires_at is not None and self.expires_at <= now

    def withdraw(self) -> bool:
        """Unpublish a post that has expired, remove its expiry date, and return True because that changes the post."""
        self.expires_at = None
        self.unpublish()
        return True

    def trash(self, now: datetime) -> bool:
        """Move the post to the trash, and return whether that changed it."""
        if self.trashed_at is not None:
            return False
        self.trashed_at = now
        return True

    def restore(self) -> bool:
        """Take the post out of the trash, and return whether that changed it."""
        if self.trashed_at is None:
            return False
        self.trashed_at = None
        return True

    def set_tags(self, tags: Sequence[Tag], now: datetime) -> bool:
        """Replace the tags of the post, and return whether they differ.

        A change of tags alone changes no column of the post, so `updated_at` is set here.
        """
        if {tag.id for tag in tags} == {tag.id for tag in self.tags}:
            return False
        self.tags = list(tags)
        self.updated_at = now
        return True


# The date by which lists sort posts: the date of publication, or of creation if there is none.
post_date = func.coalesce(Post.published_at, Post.created_at)

# The number of characters of the content, in code points.
character_count: Column[int] = Post.metadata.tables["posts"].c.characters
