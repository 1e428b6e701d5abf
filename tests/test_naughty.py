"""Tests that every string in the Big List of Naughty Strings is stored without changes, or refused with a reason.

Source: https://github.com/minimaxir/big-list-of-naughty-strings, commit db33ec7b1d5d9616a88c76394b7d0897bd0b97eb.
"""

import asyncio
import json
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from blogcli.database import SessionFactory, open_database
from blogcli.errors import InvalidError
from blogcli.schemas.inputs.posts import PostCreate
from blogcli.schemas.inputs.tags import TagCreate
from blogcli.schemas.inputs.users import UserCreate
from blogcli.services.posts.create import create_post
from blogcli.services.tags import create_tags
from blogcli.services.users import create_user
from blogcli.text.casefold import tag_key
from tests.command_line import Cli
from tests.databases import settings_for

pytestmark = pytest.mark.untraced

LINES: list[str] = json.loads((Path(__file__).parent / "data" / "naughty" / "blns.json").read_text("utf-8"))
# The indexes of sample lines. They include all kinds of lines: numbers, control characters, scripts, markup and paths.
SAMPLE = sorted({*range(0, len(LINES), 25), *(index for index, line in enumerate(LINES) if not line.isprintable())})
AUTHOR = "ann@example.org"

Service = Callable[[SessionFactory], Awaitable[Any]]


def test_list_is_complete() -> None:
    assert len(LINES) == 515


def test_every_line_is_stored_exactly_as_title(cli: Cli, database_url: str) -> None:
    titles = [line for line in LINES if not refused_title(line)]
    in_one_transaction(database_url, [author, *(post_titled(title) for title in titles)])
    posts = cli.json("post", "list", "--sort", "id")
    assert [post["title"] for post in posts] == titles
    assert len({post["slug"] for post in posts}) == len(titles)


def test_every_line_is_stored_exactly_as_content(cli: Cli, database_url: str) -> None:
    content = "\n".join(LINES)
    in_one_transaction(database_url, [author, post_titled("All of them", content)])
    assert cli.json("post", "show", "all-of-them")["content"] == content
    assert cli.ok("post", "show", "all-of-them", "--raw").stdout == content


def test_every_line_is_stored_as_tag(cli: Cli, database_url: str) -> None:
    names = [line for line in LINES if not refused_tag(line)]
    first_spellings = list({tag_key(normalized(name)): normalized(name) for name in reversed(names)}.values())
    in_one_transaction(database_url, [tags_named(sorted(first_spellings))])
    tags = cli.json("tag", "list", "--sort", "id")
    assert sorted(tag["name"] for tag in tags) == sorted(first_spellings)
    shown = cli.json("tag", "show", "--from", "-", stdin="\n".join(tag["name"] for tag in tags))
    assert [tag["id"] for tag in shown] == [tag["id"] for tag in tags]


def test_every_line_is_stored_exactly_as_full_name(cli: Cli, database_url: str) -> None:
    names = [line for line in LINES if not refused_name(line)]
    in_one_transaction(database_url, [user_named(name, number) for number, name in enumerate(names)])
    assert [user["full_name"] for user in cli.json("user", "list")] == names


def test_invalid_lines_are_refused_with_reason() -> None:
    for line in LINES:
        assert_refused(refused_title(line), lambda: PostCreate.checked(title=line))  # noqa: B023 - the function is called in the same iteration
        assert_refused(refused_tag(line), lambda: TagCreate.checked(name=line))  # noqa: B023 - the function is called in the same iteration
        assert_refused(refused_name(line), lambda: UserCreate.checked(email=AUTHOR, full_name=line))  # noqa: B023 - the function is called in the same iteration


def test_lines_of_every_kind_are_accepted_on_command_line(cli: Cli) -> None:
    cli.ok("user", "create", AUTHOR, "--no-password")
    for line in (LINES[index] for index in SAMPLE):
        result = cli("post", "create", f"--title={line}", f"--content={line}", "--author", AUTHOR, "--format", "json")
        if refused_title(line):
            assert (result.exit_code, result.stdout) == (2, "")
            continue
        assert result.exit_code == 0, result.stderr
        assert (result.json["title"], result.json["content"]) == (line, line)


def test_tags_of_every_kind_are_accepted_on_command_line(cli: Cli) -> None:
    for line in (LINES[index] for index in SAMPLE):
        result = cli("tag", "create", "--format", "json", "--", line)
        if not line.strip():
            assert (result.exit_code, result.error["code"]) == (2, "usage")
        elif refused_tag(line):
            assert (result.exit_code, result.error["code"]) == (7, "invalid")
            assert refused_tag(line) in result.error["message"]
        else:
            assert result.exit_code == 0, result.stderr
            assert [tag["name"] for tag in result.json] == [normalized(line)]
            cli.ok("tag", "delete", "--yes", "--", line)


def normalized(name: str) -> str:
    """Return the normalized name under which a tag is stored."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def refused_title(line: str) -> str:
    """Return the reason why a line cannot be a title, or an empty string if the line can be a title."""
    return "" if line.strip() else "must not be empty"


def refused_name(line: str) -> str:
    if len(line) > 100:
        return "at most 100"
    return refused_title(line)


def refused_tag(line: str) -> str:
    name = normalized(line)
    if any(unicodedata.category(character) == "Cc" for character in line):
        return "control character"
    if not name:
        return "must not be empty"
    if len(name) > 50:
        return f"must have at most 50 characters, not {len(name)}"
    return "comma" if "," in name else ""


def assert_refused(reason: str, attempt: Callable[[], object]) -> None:
    """Check that a call fails with the given reason or, if the reason is empty, that it succeeds."""
    if not reason:
        attempt()
        return
    with pytest.raises(InvalidError, match=reason):
        attempt()


class SharedTransaction(SessionFactory):
    """A session factory that lets several services share one transaction, so that many records are stored quickly."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    @asynccontextmanager
    async def begin(self, *, dry_run: bool = False) -> AsyncIterator[AsyncSession]:  # noqa: ARG002 - the base class defines the parameter
        yield self._session


def in_one_transaction(url: str, services: Sequence[Service]) -> None:
    async def run() -> None:
        async with open_database(settings_for(url)) as sessions, sessions.begin() as session:
            for service in services:
                await service(SharedTransaction(session))

    asyncio.run(run())


async def author(sessions: SessionFactory) -> None:
    await create_user(sessions, UserCreate.checked(email=AUTHOR), password=None)


def post_titled(title: str, content: str = "") -> Service:
    return lambda sessions: create_post(sessions, PostCreate.checked(title=title, content=content), author=AUTHOR)


def tags_named(names: Sequence[str]) -> Service:
    return lambda sessions: create_tags(sessions, [TagCreate.checked(name=name) for name in names])


def user_named(name: str, number: int) -> Service:
    new = UserCreate.checked(email=f"user{number}@example.org", full_name=name)
    return lambda sessions: create_user(sessions, new, password=None)
