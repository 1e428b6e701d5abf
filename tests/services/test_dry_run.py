"""Tests that a dry run returns the same result as a real run, and writes nothing to the database."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from blogcli.database import SessionFactory
from blogcli.dates.slots import parse_slots
from blogcli.errors import ConflictError
from blogcli.models import Base
from blogcli.schemas.inputs.posts import PostCreate, PostUpdate, TagChanges
from blogcli.schemas.inputs.tags import TagCreate
from blogcli.schemas.inputs.users import UserCreate, UserUpdate
from blogcli.schemas.posts.changes import BulkOptions
from blogcli.schemas.posts.replacements import TextReplacement
from blogcli.schemas.posts.selection import PostSelection
from blogcli.services import tags, user_passwords, users
from blogcli.services.posts import create, edit, publish, replace, revert, slots, trash, update
from tests.factories import make_post, make_tag, make_user, store
from tests.snapshots import session_snapshot

PAST = datetime(2020, 1, 1, tzinfo=UTC)
FUTURE = datetime(2999, 1, 1, tzinfo=UTC)
POSTS = PostSelection(references=["out", "due"])
ANNA, BERT = "anna@example.org", "bert@example.org"
Use = Callable[[SessionFactory, bool], Awaitable[Any]]


def options(*, dry_run: bool) -> BulkOptions:
    return BulkOptions(dry_run=dry_run)


async def save_edit(sessions: SessionFactory, *, dry_run: bool) -> Any:
    post = await edit.post_to_edit(sessions, "id:1")
    base = edit.get_edit_base(post)
    return await edit.save_edit(sessions, 1, PostUpdate(content="N"), tags=TagChanges(), base=base, dry_run=dry_run)


USES: dict[str, Use] = {
    "user create": lambda s, dry: users.create_user(s, UserCreate(email="n@example.org"), password=None, dry_run=dry),
    "user update": lambda s, dry: users.update_user(s, ANNA, UserUpdate(full_name="A"), dry_run=dry),
    "user deactivate": lambda s, dry: users.set_active(s, [ANNA], active=False, dry_run=dry),
    "user set-password": lambda s, dry: user_passwords.set_password(s, ANNA, "correct horse", dry_run=dry),
    "user delete": lambda s, dry: users.delete_users(s, [ANNA], reassign_to=BERT, dry_run=dry),
    "user delete --purge": lambda s, dry: users.delete_users(s, [ANNA], purge_posts=True, dry_run=dry),
    "tag create": lambda s, dry: tags.create_tags(s, [TagCreate(name="new")], dry_run=dry),
    "tag rename": lambda s, dry: tags.rename_tag(s, "red", TagCreate(name="new"), dry_run=dry),
    "tag merge": lambda s, dry: tags.merge_tags(s, ["red"], "blue", dry_run=dry),
    "tag delete": lambda s, dry: tags.delete_tags(s, ["red"], dry_run=dry),
    "tag prune": lambda s, dry: tags.prune_tags(s, dry_run=dry),
    "post create": lambda s, dry: create.create_post(s, PostCreate(title="N", tags=["n"]), author=ANNA, dry_run=dry),
    "post update": lambda s, dry: update.update_posts(
        s, POSTS, PostUpdate(title="N"), tags=TagChanges(set=["n"]), options=options(dry_run=dry)
    ),
    "post edit": lambda s, dry: save_edit(s, dry_run=dry),
    "post revert": lambda s, dry: revert.revert_post(s, "1", -1, reverts_all=True, dry_run=dry),
    "post replace": lambda s, dry: replace.replace_in_posts(
        s, POSTS, replacement=TextReplacement(old="Post", new="N"), options=options(dry_run=dry)
    ),
    "post publish": lambda s, dry: publish.publish_posts(s, POSTS, options=options(dry_run=dry)),
    "post unpublish": lambda s, dry: publish.unpublish_posts(s, POSTS, options=options(dry_run=dry)),
    "post schedule": lambda s, dry: publish.schedule_posts(s, POSTS, at=FUTURE, options=options(dry_run=dry)),
    "post schedule --slots": lambda s, dry: slots.schedule_in_slots(
        s, POSTS, rule=parse_slots("09:00", UTC), options=options(dry_run=dry)
    ),
    "post publish-due": lambda s, dry: publish.publish_due(s, options=options(dry_run=dry)),
    "post delete": lambda s, dry: trash.trash_posts(s, POSTS, options=options(dry_run=dry)),
    "post delete --purge": lambda s, dry: trash.purge_posts(s, POSTS, options=options(dry_run=dry)),
    "post restore": lambda s, dry: trash.restore_posts(
        s, PostSelection(references=["trashed"]), options=options(dry_run=dry)
    ),
}
# The fields whose values differ between a dry run and a real run.
_VOLATILE = {"id", "uuid", "created_at", "updated_at", "trashed_at"}


@session_snapshot
async def blog(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        anna = make_user(email=ANNA)
        red = make_tag("red")
        blue = make_tag("blue")
        await store(
            session, make_post(id=1, author=anna, slug="out", status="published", published_at=PAST, tags=[red])
        )
        await store(session, make_post(id=2, author=anna, slug="due", status="scheduled", published_at=PAST))
        await store(session, make_post(id=3, author=anna, slug="trashed", trashed_at=PAST))
        await store(session, make_user(email=BERT), blue)
    # `post revert` needs an earlier version.
    await update.update_posts(sessions, PostSelection(ids=[1]), PostUpdate(title="Second"), options=BulkOptions())


async def read_all_rows(sessions: SessionFactory) -> dict[str, list[Any]]:
    async with sessions() as session:
        return {
            table.name: sorted(map(repr, (await session.execute(select(table))).all()))
            for table in Base.metadata.sorted_tables
        }


def without_volatile(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_volatile(item) for name, item in value.items() if name not in _VOLATILE}
    return [without_volatile(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", USES)
async def test_dry_run_returns_result_without_changes(blog: SessionFactory, name: str) -> None:
    rows = await read_all_rows(blog)
    predicted = await USES[name](blog, True)  # noqa: FBT003 - the functions in USES take dry_run by position
    assert await read_all_rows(blog) == rows
    actual = await USES[name](blog, False)  # noqa: FBT003 - the functions in USES take dry_run by position
    assert without_volatile(asdict(predicted)) == without_volatile(asdict(actual))
    assert await read_all_rows(blog) != rows


async def test_dry_run_raises_same_errors(blog: SessionFactory) -> None:
    for dry_run in (True, False):
        with pytest.raises(ConflictError):
            await users.create_user(blog, UserCreate(email=ANNA), password=None, dry_run=dry_run)
        with pytest.raises(ConflictError):
            await users.delete_users(blog, [ANNA], dry_run=dry_run)


@pytest.mark.parametrize("dry_run", [True, False])
async def test_dry_run_checks_constraints(blog: SessionFactory, *, dry_run: bool) -> None:
    with pytest.raises(IntegrityError):
        async with blog.begin(dry_run=dry_run) as session:
            session.add(make_user(email=ANNA))
