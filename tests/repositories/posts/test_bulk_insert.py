"""Tests that inserting many users skips users that already exist."""

from datetime import UTC, datetime

from blogcli.database import SessionFactory
from blogcli.models.users import UNUSABLE_PASSWORD
from blogcli.repositories.posts.bulk_insert import BulkInsertRepository

NOW = datetime(2024, 5, 31, tzinfo=UTC)


def user_row(name: str) -> dict[str, object]:
    return {
        "email": f"{name}@example.org",
        "full_name": name,
        "hashed_password": UNUSABLE_PASSWORD,
        "is_active": False,
        "created_at": NOW,
        "updated_at": NOW,
    }


async def test_add_users_skips_existing_users(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        rows = BulkInsertRepository(session)
        await rows.add_users([user_row("ann")])
        await rows.add_users([user_row("ann") | {"full_name": "Other"}, user_row("bob")])
        await rows.add_users([])
        emails = ["ann@example.org", "bob@example.org", "cy@example.org"]
        assert await rows.full_names(emails) == {"ann@example.org": "ann", "bob@example.org": "bob"}
