"""Search.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects.postgresql import TSVECTOR

from blogcli.search.indexing import index_all

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the search index and add all existing posts to it."""
    is_sqlite = op.get_context().dialect.name == "sqlite"
    if is_sqlite:
        create_sqlite_index()
    else:
        create_postgresql_table()
    if not op.get_context().as_sql:
        index_all(op.get_bind(), on_progress=context.config.attributes.get("on_progress"))
    if not is_sqlite:
        # The index is created after the rows are inserted. This order takes half the time of the opposite order.
        op.create_index("ix_post_search_document", "post_search", ["document"], postgresql_using="gin")


def downgrade() -> None:
    """Drop the search index."""
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TRIGGER posts_leave_search")
        op.drop_table("post_search_terms")
    op.drop_table("post_search")


def create_sqlite_index() -> None:
    """Create the full-text index of SQLite. Tokens are separated by spaces, and may contain `+` and `#`."""
    op.execute("CREATE VIRTUAL TABLE post_search USING fts5 (title, content, tokenize = \"ascii tokenchars '+#'\")")
    # This virtual table gives access to the words in the index, and stores no data of its own.
    op.execute("CREATE VIRTUAL TABLE post_search_terms USING fts5vocab (post_search, instance)")
    # With this setting, FTS5 collects 32 MiB of new words in memory before it writes them to the database. The time to
    # index many posts is halved.
    op.execute("INSERT INTO post_search (post_search, rank) VALUES ('hashsize', 33554432)")
    # When a post is deleted, a trigger deletes its row in the index, because a virtual table cannot have foreign keys.
    op.execute(
        "CREATE TRIGGER posts_leave_search AFTER DELETE ON posts "
        "BEGIN DELETE FROM post_search WHERE rowid = old.id; END"
    )


def create_postgresql_table() -> None:
    """Create the search table of PostgreSQL. A post has one row in this table, and a long post has several rows."""
    op.create_table(
        "post_search",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("document", TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("post_id", "part", name="pk_post_search"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_search_post_id_posts", ondelete="CASCADE"),
    )
    # Vectors are stored uncompressed, because compression hardly makes them smaller, and decompression would take a
    # third of the time of a search.
    op.execute("ALTER TABLE post_search ALTER COLUMN document SET STORAGE EXTERNAL")
    # This index is small, because it contains only the parts of long posts, and few posts are long.
    op.create_index("ix_post_search_long", "post_search", ["post_id"], postgresql_where=sa.text("part > 0"))
