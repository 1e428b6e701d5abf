"""The table of posts, and the table that links posts to tags."""

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
    # The primary key serves queries for the tags of a post. This index serves queries for the posts of a tag.
    Index("ix_post_tags_tag_id_post_id", "tag_id", "post_id"),
)


class Post(TimestampMixin, Base):
    """A post of the blog.

    A post is in the trash if `trashed_at` is set. The `status` of a post does not change when the post is moved to the
    trash or restored.
    """

    __tablename__ = "posts"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'scheduled', 'published')", name="status"),
        # The database counts the characters of the content, so that statistics can read the number from an index.
        Column("characters", Integer, Computed("length(content)", persisted=True), nullable=False),
        # With AUTOINCREMENT, SQLite never uses the id of a purged post again. A repeated command therefore cannot
        # change another post by mistake.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Identifies a post in all databases and exports. The id cannot be used for this purpose, because the same post may
    # have different ids in two databases.
    uuid: Mapped[uuids.UUID] = mapped_column(Uuid(), unique=True, default=uuids.uuid4)
    title: Mapped[str] = mapped_column(String(500))
    slug: Mapped[str] = mapped_column(String(255), unique=True)
    excerpt: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(20), default=PostStatus.DRAFT)
    # The time at which the post was or will be published. In a draft, this is a date for which publication is planned,
    # the date of an earlier publication, or null.
    published_at: Mapped[datetime | None]
    # The time at which the post was moved to the trash, or null if it is not in the trash.
    trashed_at: Mapped[datetime | None]
    # The time at which the post is to be unpublished, or null if it does not expire.
    expires_at: Mapped[datetime | None]
    # The value of `published_at` before the post was scheduled, or null if that value was not in the past. A date in
    # this column is restored to `published_at` if the post is unpublished, or published before its scheduled time.
    first_published_at: Mapped[datetime | None]
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    # The number of words of the content. Python counts the words when the content is written, because SQLite and
    # PostgreSQL would count them differently.
    words: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column()
    # The extra fields and the content are the largest columns. They are loaded only by queries that ask for them.
    extra: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, deferred=True, deferred_raiseload=True)
    content: Mapped[str] = mapped_column(Text, deferred=True, deferred_raiseload=True)

    author: Mapped[User] = relationship(back_populates="posts", lazy="raise")
    tags: Mapped[list[Tag]] = relationship(secondary=post_tags, lazy="raise", passive_deletes=True)

    __mapper_args__ = {  # noqa: RUF012 - SQLAlchemy defines this attribute of the class
        "eager_defaults": True,
        "version_id_col": version,
        # If this column were an attribute of the model, SQLAlchemy would read it again for each post in a flush.
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
        """Publish the post, and return whether the post has changed.

        If `published_at` is in the past, it is kept. Otherwise, it is set to the past date that the post had before it
        was scheduled, or to `now` if there is no such date. An expiry date that has passed is removed.
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
        """Make the post a draft, and return whether the post has changed.

        If the post was scheduled, `published_at` is reset to the past date that the post had before it was scheduled,
        or to None if there is no such date.
        """
        if self.status == PostStatus.DRAFT:
            return False
        if self.status == PostStatus.SCHEDULED:
            self.published_at = self.first_published_at
        self.first_published_at = None
        self.status = PostStatus.DRAFT
        return True

    def schedule(self, when: datetime, now: datetime) -> bool:
        """Schedule the post for the future time `when`, and return whether the post has changed."""
        if self.status == PostStatus.SCHEDULED and self.published_at == when:
            return False
        if self.status != PostStatus.SCHEDULED and self.published_at is not None and self.published_at <= now:
            self.first_published_at = self.published_at
        self.status = PostStatus.SCHEDULED
        self.published_at = when
        return True

    def reschedule(self, when: datetime, now: datetime) -> None:
        """Set `published_at` to `when`. If the post is published and `when` is in the future, schedule the post."""
        if self.status == PostStatus.PUBLISHED and when > now:
            self.schedule(when, now)
        else:
            self.published_at = when

    def expire(self, when: datetime | None) -> bool:
        """Set the expiry date, or remove it if `when` is None. Return whether the expiry date has changed."""
        if self.expires_at == when:
            return False
        self.expires_at = when
        return True

    def has_expired(self, now: datetime) -> bool:
        """Return whether the expiry date has passed."""
        return self.expires_at is not None and self.expires_at <= now

    def withdraw(self) -> bool:
        """Unpublish a post that has expired, and remove its expiry date. Return True, because the post changes."""
        self.expires_at = None
        self.unpublish()
        return True

    def trash(self, now: datetime) -> bool:
        """Move the post to the trash, and return whether the post has changed."""
        if self.trashed_at is not None:
            return False
        self.trashed_at = now
        return True

    def restore(self) -> bool:
        """Take the post out of the trash, and return whether the post has changed."""
        if self.trashed_at is None:
            return False
        self.trashed_at = None
        return True

    def set_tags(self, tags: Sequence[Tag], now: datetime) -> bool:
        """Replace the tags of the post, and return whether the tags have changed.

        A change of tags changes no column of `posts`, so SQLAlchemy does not set `updated_at`. This method sets it.
        """
        if {tag.id for tag in tags} == {tag.id for tag in self.tags}:
            return False
        self.tags = list(tags)
        self.updated_at = now
        return True


# The date by which lists sort posts: the date of publication or, if there is none, the date of creation.
post_date = func.coalesce(Post.published_at, Post.created_at)

# The number of characters (Unicode code points) of the content.
character_count: Column[int] = Post.metadata.tables["posts"].c.characters
