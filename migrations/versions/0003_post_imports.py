"""Imported posts.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table that records imports, and change the type of `posts.extra`.

    The records show whether an imported post was changed in its source, or was edited in blogcli.
    """
    op.create_table(
        "post_imports",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("post_id", name="pk_post_imports"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_imports_post_id_posts", ondelete="CASCADE"),
    )
    # JSONB is replaced by JSON, because JSONB changes the order of keys and the format of numbers. An export must
    # contain both as they were imported.
    alter_extra_on_postgresql(sa.JSON())


def downgrade() -> None:
    """Drop the table, and restore the type of `posts.extra`."""
    alter_extra_on_postgresql(JSONB())
    op.drop_table("post_imports")


def alter_extra_on_postgresql(type_: sa.types.TypeEngine[object]) -> None:
    """Change the type of `posts.extra` on PostgreSQL. On SQLite, nothing needs to change."""
    if op.get_context().dialect.name == "postgresql":
        using = f"extra::{type_.compile(dialect=op.get_context().dialect)}"
        op.alter_column("posts", "extra", type_=type_, postgresql_using=using)
