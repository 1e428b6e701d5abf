"""Journal.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from blogcli.repositories.journal.sqlite_triggers import CREATE_CURRENT_TABLE
from blogcli.repositories.journal.tables import JournaledTable
from blogcli.repositories.journal.triggers import creation_statements, removal_statements

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = (
    JournaledTable(
        1,
        "users",
        ("id",),
        ("email", "hashed_password", "full_name", "is_active", "created_at", "updated_at"),
    ),
    JournaledTable(
        2,
        "posts",
        ("id",),
        (
            "uuid", "title", "slug", "excerpt", "status", "published_at", "trashed_at", "expires_at",
            "first_published_at", "author_id", "words", "version", "extra", "content", "created_at", "updated_at",
        ),
        frozenset({"extra"}),
    ),
    JournaledTable(3, "tags", ("id",), ("name", "key")),
    JournaledTable(4, "post_tags", ("post_id", "tag_id")),
    JournaledTable(5, "post_imports", ("post_id",), ("digest", "version", "updated_at")),
)  # fmt: skip


def upgrade() -> None:
    """Create the tables of the journal, and the triggers that record changes from now on."""
    dialect = op.get_context().dialect.name
    add_import_times(dialect)
    create_operations(dialect)
    create_changes(dialect)
    if dialect == "sqlite":
        op.execute(CREATE_CURRENT_TABLE)
    for statement in creation_statements(dialect, TABLES):
        # Alembic would read colons in a string as parameters, and a DDL element replaces only percent signs.
        op.execute(sa.DDL(statement.replace("%", "%%")))


def downgrade() -> None:
    """Drop the journal, so that no earlier command can be undone."""
    dialect = op.get_context().dialect.name
    for statement in removal_statements(dialect, TABLES):
        op.execute(statement)
    if dialect == "sqlite":
        op.drop_table("journal_current")
    op.drop_table("journal_changes")
    op.drop_table("journal_operations")
    op.drop_column("post_imports", "updated_at")


def add_import_times(dialect: str) -> None:
    """Add the times by which imports recognize edited posts, because an undo can restore a version."""
    instant = sa.String(27) if dialect == "sqlite" else sa.DateTime(timezone=True)
    op.add_column("post_imports", sa.Column("updated_at", instant, nullable=True))
    op.execute(
        "UPDATE post_imports SET updated_at = (SELECT updated_at FROM posts WHERE posts.id = post_imports.post_id)"
    )


def create_operations(dialect: str) -> None:
    """Create the table of operations."""
    is_sqlite = dialect == "sqlite"
    instant = sa.String(27) if is_sqlite else sa.DateTime(timezone=True)
    now = sa.text("(strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))" if is_sqlite else "now()")
    texts = ("verb", "command", "actor", "host", "profile", "program")
    op.create_table(
        "journal_operations",
        new_id(dialect),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("started_at", instant, nullable=False, server_default=now),
        sa.Column("ended_at", instant, nullable=False, server_default=now),
        *(sa.Column(name, sa.Text(), nullable=True) for name in texts),
        sa.Column("revision", sa.String(32), nullable=True),
        sa.Column("targets", sa.JSON(), nullable=True),
        sa.Column("undone_by_id", sa.BigInteger(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.Column("forgotten", sa.Integer(), nullable=False, server_default="0"),
        sa.CheckConstraint(
            "kind IN ('command', 'undo', 'redo', 'outside', 'migration')", name=op.f("ck_journal_operations_kind")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_journal_operations"),
        sqlite_autoincrement=True,
    )


def create_changes(dialect: str) -> None:
    """Create the table of changes, and its indexes."""
    op.create_table(
        "journal_changes",
        new_id(dialect),
        sa.Column("operation_id", sa.BigInteger(), nullable=False),
        sa.Column("table_no", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(1), nullable=False),
        sa.Column("was", sa.JSON(), nullable=True),
        sa.CheckConstraint("action IN ('i', 'u', 'd')", name=op.f("ck_journal_changes_action")),
        sa.PrimaryKeyConstraint("id", name="pk_journal_changes"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_journal_changes_row", "journal_changes", ["table_no", "row_id", "id"])
    op.create_index("ix_journal_changes_operation_id", "journal_changes", ["operation_id", "id"])
    deleted = sa.text("action = 'd'")
    op.create_index(
        "ix_journal_changes_deleted", "journal_changes", ["table_no"], sqlite_where=deleted, postgresql_where=deleted
    )


def new_id(dialect: str) -> sa.Column[int]:
    """Return the column `id`, which SQLite numbers only if its type is INTEGER."""
    return sa.Column("id", sa.Integer() if dialect == "sqlite" else sa.BigInteger(), nullable=False)
