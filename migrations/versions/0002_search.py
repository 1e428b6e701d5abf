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
    """Create the index, and put the posts that there are into it."""
    on_sqlite, offline = op.get_context().dialect.name == "sqlite", op.get_context().as_sql
    create = create_sqlite_index if on_sqlite else create_postgresql_table
    create()
    if not offline:
        index_all(op.get_bind(), told=context.config.attributes.get("told"))
    if not on_sqlite:
        # At once for all posts it is made in half the time.
        op.create_index("ix_post_search_document", "post_search", ["document"], postgresql_using="gin")


def downgrade() -> None:
    """Drop the index; the posts stay."""
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TRIGGER posts_leave_search")
        op.drop_table("post_search_terms")
    op.drop_table("post_search")


def create_sqlite_index() -> None:
    """Tokens arrive separated by blanks: all else that ASCII has belongs to one, which only `+` and `#` ever do."""
    op.execute("CREATE VIRTUAL TABLE post_search USING fts5 (title, content, tokenize = \"ascii tokenchars '+#'\")")
    # All words of the index; it holds nothing of its own.
    op.execute("CREATE VIRTUAL TABLE post_search_terms USING fts5vocab (post_search, instance)")
    # Bytes of new words that a transaction may gather before they are written out; many posts at once go twice as fast.
    op.execute("INSERT INTO post_search (post_search, rank) VALUES ('hashsize', 33554432)")
    # A virtual table has no foreign keys.
    op.execute(
        "CREATE TRIGGER posts_leave_search AFTER DELETE ON posts "
        "BEGIN DELETE FROM post_search WHERE rowid = old.id; END"
    )


def create_postgresql_table() -> None:
    """A row for each post, or several for one that does not fit into one."""
    op.create_table(
        "post_search",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("document", TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("post_id", "part", name="pk_post_search"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_search_post_id_posts", ondelete="CASCADE"),
    )
    # Vectors hardly shrink: to pack and unpack them costs a third of a search.
    op.execute("ALTER TABLE post_search ALTER COLUMN document SET STORAGE EXTERNAL")
    # The long posts, of which there are few or none.
    op.create_index("ix_post_search_long", "post_search", ["post_id"], postgresql_where=sa.text("part > 0"))
