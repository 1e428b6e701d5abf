"""Users, posts and tags.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite has no type for instants. They are stored as text of a fixed length, so that they sort in chronological order.
INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Create the tables and their indexes."""
    create_users()
    create_posts()
    create_post_indexes()
    op.create_table(
        "tags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("key", sa.String(900), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
        sa.UniqueConstraint("key", name="uq_tags_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "post_tags",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("post_id", "tag_id", name="pk_post_tags"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_tags_post_id_posts", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_post_tags_tag_id_tags", ondelete="CASCADE"),
    )
    op.create_index("ix_post_tags_tag_id_post_id", "post_tags", ["tag_id", "post_id"])


def downgrade() -> None:
    """Drop the tables. A table is dropped before the tables to which it refers."""
    for table in ("post_tags", "tags", "posts", "users"):
        op.drop_table(table)


def create_users() -> None:
    """Create the table of users."""
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("hashed_password", sa.String(255), nullable=False),
        sa.Column("full_name", sa.String(100), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
        sqlite_autoincrement=True,
    )


def create_posts() -> None:
    """Create the table of posts."""
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("slug", sa.String(255), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=True),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column("trashed_at", INSTANT, nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *timestamps(),
        # The long columns come last, because SQLite must read a long column to reach the columns after it.
        sa.Column("extra", JSON, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.CheckConstraint("status IN ('draft', 'scheduled', 'published')", name=op.f("ck_posts_status")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_posts_author_id_users", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
        sa.UniqueConstraint("slug", name="uq_posts_slug"),
        sa.UniqueConstraint("uuid", name="uq_posts_uuid"),
        sqlite_autoincrement=True,
    )


def create_post_indexes() -> None:
    """Create the indexes for lists and counts of all posts, of the posts by author or status, and of trashed posts."""
    date = sa.text("coalesce(published_at, created_at)")
    for name, columns, where in (
        ("ix_posts_date", [date, "id"], "trashed_at IS NULL"),
        ("ix_posts_author_id_date", ["author_id", date, "id"], "trashed_at IS NULL"),
        ("ix_posts_status_date", ["status", date, "id"], "trashed_at IS NULL"),
        ("ix_posts_trashed", ["id"], "trashed_at IS NOT NULL"),
    ):
        op.create_index(name, "posts", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def timestamps() -> list[sa.Column[object]]:
    """Return the columns `created_at` and `updated_at`, which default to the current time of the database."""
    sqlite = op.get_context().dialect.name == "sqlite"
    now = sa.text("(strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))" if sqlite else "now()")
    return [sa.Column(name, INSTANT, nullable=False, server_default=now) for name in ("created_at", "updated_at")]
