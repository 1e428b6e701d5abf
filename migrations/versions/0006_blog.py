"""Identity of the blog.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table `blog` with one row, which distinguishes this blog from all others."""
    is_sqlite = op.get_context().dialect.name == "sqlite"
    op.create_table(
        "blog",
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.String(27) if is_sqlite else sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("uuid", name="pk_blog"),
    )
    # The database generates the UUID, so that the SQL of this migration creates another blog each time it is run.
    uuid = "lower(hex(randomblob(16)))" if is_sqlite else "gen_random_uuid()"
    now = "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')" if is_sqlite else "now()"
    op.execute(sa.DDL(f"INSERT INTO blog (uuid, created_at) VALUES ({uuid}, {now})".replace("%", "%%")))  # noqa: S608 - both values are constants


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("blog")
