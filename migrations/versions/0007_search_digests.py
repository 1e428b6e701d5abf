"""Digests of the search index.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import context, op

from blogcli.search.indexing import store_all_digests

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

DROP_TRIGGER = "DROP TRIGGER IF EXISTS posts_leave_search"
CREATE_TRIGGER = "CREATE TRIGGER posts_leave_search AFTER DELETE ON posts BEGIN"
DELETE_ROW = "DELETE FROM post_search WHERE rowid = old.id;"
DELETE_DIGEST = "DELETE FROM post_search_digests WHERE post_id = old.id;"

# If another program changes a row of the index, its digest is removed.
CREATE_POSTGRESQL_FUNCTION = (
    "CREATE FUNCTION post_search_forget_digest() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN NEW.digest = NULL; RETURN NEW; END $$"
)
CREATE_POSTGRESQL_TRIGGER = (
    "CREATE TRIGGER post_search_forget_digest BEFORE UPDATE OF post_id, part, document ON post_search "
    "FOR EACH ROW EXECUTE FUNCTION post_search_forget_digest()"
)


def upgrade() -> None:
    """Add the digests by which `db check` recognizes correct rows of the search index."""
    is_sqlite = op.get_context().dialect.name == "sqlite"
    if is_sqlite:
        op.create_table(
            "post_search_digests",
            sa.Column("post_id", sa.Integer(), nullable=False),
            sa.Column("digest", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint("post_id", name="pk_post_search_digests"),
        )
        op.execute(DROP_TRIGGER)
        op.execute(f"{CREATE_TRIGGER} {DELETE_ROW} {DELETE_DIGEST} END")
    else:
        op.add_column("post_search", sa.Column("digest", sa.BigInteger(), nullable=True))
        # Without the index, the update of all rows takes a fraction of the time, including the time to recreate it.
        op.drop_index("ix_post_search_document", "post_search")
    if not op.get_context().as_sql:
        store_all_digests(op.get_bind(), on_progress=context.config.attributes.get("on_progress"))
    if not is_sqlite:
        op.execute(CREATE_POSTGRESQL_FUNCTION)
        op.execute(CREATE_POSTGRESQL_TRIGGER)
        op.create_index("ix_post_search_document", "post_search", ["document"], postgresql_using="gin")


def downgrade() -> None:
    """Drop the digests."""
    if op.get_context().dialect.name == "sqlite":
        op.execute(DROP_TRIGGER)
        op.execute(f"{CREATE_TRIGGER} {DELETE_ROW} END")
        op.drop_table("post_search_digests")
    else:
        op.execute("DROP FUNCTION post_search_forget_digest() CASCADE")
        op.drop_column("post_search", "digest")
