"""The partial indexes of the tables, and the metadata of the database including these indexes.

The indexes are declared in a separate module, because SQLAlchemy imports the PostgreSQL dialect for an index with
`postgresql_where`. Only migrations and the check of the schema import this module, so other commands on SQLite do not
import the dialect.
"""

from sqlalchemy import ColumnElement, Index
from sqlalchemy.sql.roles import DDLConstraintColumnRole

from .base import Base
from .journal import JournalChange
from .posts import Post, character_count, post_date


def _partial_index(name: str, *columns: DDLConstraintColumnRole, where: ColumnElement[bool]) -> None:
    Index(name, *columns, sqlite_where=where, postgresql_where=where)


# These indexes serve lists and counts of the posts outside the trash by date, author and status. Two of the indexes
# also contain the numbers of words or characters, so that statistics can be computed without reading the table.
_not_trashed = Post.trashed_at.is_(None)
_partial_index("ix_posts_date", post_date, Post.id, Post.words, where=_not_trashed)
_partial_index("ix_posts_author_id_date", Post.author_id, post_date, Post.id, where=_not_trashed)
_partial_index("ix_posts_status_date", Post.status, post_date, Post.id, Post.words, character_count, where=_not_trashed)
# Searches read this index to exclude the posts in the trash.
_partial_index("ix_posts_trashed", Post.id, where=Post.trashed_at.is_not(None))
# This index is small, because few posts have a date of expiry.
_partial_index("ix_posts_expires_at", Post.expires_at, where=Post.expires_at.is_not(None))
# This index finds the posts that were deleted permanently.
_partial_index("ix_journal_changes_deleted", JournalChange.table_no, where=JournalChange.action == "d")

metadata = Base.metadata
