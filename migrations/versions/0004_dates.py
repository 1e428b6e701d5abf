"""Expiry dates, first publication dates and character counts.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DATE = sa.text("coalesce(published_at, created_at)")
Index = tuple[str, list[str | sa.TextClause], str]
BY_DATE: Index = ("ix_posts_date", [DATE, "id"], "trashed_at IS NULL")
BY_AUTHOR: Index = ("ix_posts_author_id_date", ["author_id", DATE, "id"], "trashed_at IS NULL")
BY_STATUS: Index = ("ix_posts_status_date", ["status", DATE, "id"], "trashed_at IS NULL")
TRASHED: Index = ("ix_posts_trashed", ["id"], "trashed_at IS NOT NULL")
# Statistics read the numbers of words and characters from the next two indexes.
BY_DATE_WITH_WORDS: Index = ("ix_posts_date", [DATE, "id", "words"], "trashed_at IS NULL")
BY_STATUS_WITH_LENGTHS: Index = (
    "ix_posts_status_date",
    ["status", DATE, "id", "words", "characters"],
    "trashed_at IS NULL",
)
EXPIRING: Index = ("ix_posts_expires_at", ["expires_at"], "expires_at IS NOT NULL")
NEW_DATES = ("expires_at", "first_published_at")
COLUMNS = (
    "id, uuid, title, slug, excerpt, status, published_at, trashed_at, author_id, words, version, "
    "created_at, updated_at, extra, content"
)


def upgrade() -> None:
    """Add two dates and the number of characters to `posts`, and recreate the indexes that statistics use."""
    if op.get_context().dialect.name == "sqlite":
        recreate_posts_on_sqlite()
    else:
        # These indexes are dropped first, because adding the column `characters` rewrites all rows, and PostgreSQL
        # would rebuild the indexes too.
        op.drop_index("ix_posts_date", "posts")
        op.drop_index("ix_posts_status_date", "posts")
        for name in NEW_DATES:
            op.add_column("posts", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        op.add_column("posts", new_characters())
    for index in (BY_DATE_WITH_WORDS, BY_STATUS_WITH_LENGTHS, EXPIRING):
        create_index(*index)


def downgrade() -> None:
    """Drop the new columns and indexes. All dates of expiry and of first publication are lost."""
    for name, _, _ in (BY_DATE_WITH_WORDS, BY_STATUS_WITH_LENGTHS, EXPIRING):
        op.drop_index(name, "posts")
    for name in (*NEW_DATES, "characters"):
        op.drop_column("posts", name)
    for index in (BY_DATE, BY_STATUS):
        create_index(*index)


def new_characters() -> sa.Column[int]:
    """Return the column `characters`, the length of the content. The database computes it when it writes a row."""
    return sa.Column("characters", sa.Integer(), sa.Computed("length(content)", persisted=True), nullable=False)


def recreate_posts_on_sqlite() -> None:
    """Copy `posts` to a table that has the new columns before the long columns `extra` and `content`.

    ALTER TABLE in SQLite adds a column after all other columns. To reach such a column, SQLite would have to read the
    whole content of a post. Foreign keys must not be enforced while this function runs, because dropping the old table
    would then delete all rows that refer to posts.
    """
    create_new_posts()
    # The ids of purged posts must not be used again, so the counter from which new ids are computed is copied first.
    op.execute(
        "INSERT INTO sqlite_sequence (name, seq) SELECT 'new_posts', seq FROM sqlite_sequence WHERE name = 'posts'"
    )
    op.execute(f"INSERT INTO new_posts ({COLUMNS}) SELECT {COLUMNS} FROM posts ORDER BY id")  # noqa: S608 - COLUMNS is a constant
    foreign_statements = statements_of_others()
    op.drop_table("posts")
    # Without this setting, SQLite would refuse to rename the table if the database has a view of `posts`.
    op.execute("PRAGMA legacy_alter_table = ON")
    op.rename_table("new_posts", "posts")
    op.execute("PRAGMA legacy_alter_table = OFF")
    for index in (BY_AUTHOR, TRASHED):
        create_index(*index)
    op.execute(
        "CREATE TRIGGER posts_leave_search AFTER DELETE ON posts "
        "BEGIN DELETE FROM post_search WHERE rowid = old.id; END"
    )
    for statement in foreign_statements:
        op.get_bind().exec_driver_sql(statement)


def create_new_posts() -> None:
    """Create the table `new_posts`, which has the same constraints as `posts` and will replace it."""
    # Instants are stored as text of a fixed length, so that they sort in chronological order.
    instant = sa.String(27)
    now = sa.text("(strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))")
    op.create_table(
        "new_posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("slug", sa.String(255), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=True),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("published_at", instant, nullable=True),
        sa.Column("trashed_at", instant, nullable=True),
        *(sa.Column(name, instant, nullable=True) for name in NEW_DATES),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        new_characters(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant, nullable=False, server_default=now),
        sa.Column("updated_at", instant, nullable=False, server_default=now),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.CheckConstraint("status IN ('draft', 'scheduled', 'published')", name=op.f("ck_posts_status")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_posts_author_id_users", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
        sa.UniqueConstraint("slug", name="uq_posts_slug"),
        sa.UniqueConstraint("uuid", name="uq_posts_uuid"),
        sqlite_autoincrement=True,
    )


def statements_of_others() -> list[str]:
    """Return the statements that create those indexes and triggers of `posts` that other programs have added."""
    if op.get_context().as_sql:
        return []
    own = {"posts_leave_search", *(name for name, _, _ in (BY_DATE, BY_AUTHOR, BY_STATUS, TRASHED))}
    statement = "SELECT name, sql FROM sqlite_schema WHERE tbl_name = 'posts' AND type IN ('index', 'trigger')"
    rows = op.get_bind().exec_driver_sql(f"{statement} AND sql IS NOT NULL").all()
    return [row.sql for row in rows if row.name not in own]


def create_index(name: str, columns: list[str | sa.TextClause], where: str) -> None:
    """Create a partial index of `posts`."""
    op.create_index(name, "posts", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
