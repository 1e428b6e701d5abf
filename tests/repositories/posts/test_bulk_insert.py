"""Many rows at once, beside other commands that add the same."""

from datetime import UTC, datetime

from blogcli.database import SessionFactory
from blogcli.models.users import UNUSABLE_PASSWORD
from blogcli.repositories.posts.bulk_insert import BulkInsertRepository

NOW = datetime(2024, 5, 31, tzinfo=UTC)


def person(name: str) -> dict[str, object]:
    return {
        "email": f"{name}@example.org",
        "full_name": name,
        "hashed_password": UNUSABLE_PASSWORD,
        "is_active": False,
        "created_at": NOW,
        "updated_at": NOW,
    }


async def test_people_whom_another_command_has_added_are_passed_over(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        rows = BulkInsertRepository(session)
        await rows.add_users([person("ann")])
        await rows.add_users([person("ann") | {"full_name": "Other"}, person("bob")])
        await rows.add_users([])
        emails = ["ann@example.org", "bob@example.org", "cy@example.org"]
        assert await rows.full_names(emails) == {"ann@example.org": "ann", "bob@example.org": "bob"}
