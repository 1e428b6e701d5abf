"""Tests that references are parsed and resolved, and tests of functions for lists."""

import pytest

from blogcli.database import SessionFactory
from blogcli.repositories.identifiers import chunked, distinct, parse_id
from blogcli.repositories.posts.repository import PostRepository
from blogcli.repositories.tags import TagRepository
from blogcli.repositories.users import UserRepository
from tests.statements import recorded_statements


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("7", 7),
        ("id:7", 7),
        ("007", 7),
        ("2147483647", 2**31 - 1),
        ("2147483648", 0),
        ("id:" + "9" * 5_000, 0),
        ("hello", None),
        ("id:", None),
        ("id:x", None),
        ("slug:7", None),
        ("-7", None),
        ("٧", None),
        ("7²", None),
        ("", None),
    ],
)
def test_parse_id_of_references(reference: str, expected: int | None) -> None:
    assert parse_id(reference) == expected


def test_parse_id_without_bare_digits() -> None:
    assert parse_id("7", bare_digits=False) is None
    assert parse_id("id:7", bare_digits=False) == 7


@pytest.mark.parametrize("repository", [PostRepository, TagRepository, UserRepository])
@pytest.mark.parametrize(("references", "count"), [([], 0), (["id:7"], 1), (["name"], 1), (["id:7", "name"], 1)])
async def test_resolve_runs_no_statement_with_empty_list(
    sessions: SessionFactory,
    repository: type[PostRepository | TagRepository | UserRepository],
    references: list[str],
    count: int,
) -> None:
    async with sessions() as session:
        with recorded_statements(session.get_bind().engine) as statements:
            assert await repository(session).resolve(references) == ([], references)
    assert len(statements) == count
    # SQLAlchemy renders an IN condition without values as `1 != 1`, so no statement may contain `1 != 1`.
    assert not [statement.sql for statement in statements if "1!=1" in statement.sql.replace(" ", "")]


def test_chunked_keeps_all_items() -> None:
    assert [list(chunk) for chunk in chunked(range(5), 2)] == [[0, 1], [2, 3], [4]]
    assert list(chunked([], 2)) == []


def test_distinct_keeps_first_order() -> None:
    assert distinct("banana") == ["b", "a", "n"]
