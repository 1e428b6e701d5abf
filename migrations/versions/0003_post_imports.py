"""Imported posts.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table that tells a source that changed from a post that was edited here."""
    op.create_table(
        "post_imports",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("post_id", name="pk_post_imports"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_imports_post_id_posts", ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Forget what was imported; the posts stay."""
    op.drop_table("post_imports")
