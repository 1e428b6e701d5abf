"""Tests of the content check on values that commands cannot store, and on blogs of several batches."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from blogcli.content_check.rules import DEFAULT_LEVELS
from blogcli.database import SessionFactory
from blogcli.enums import CheckLevel, CheckRule
from blogcli.errors import NotFoundError
from blogcli.repositories import check
from blogcli.schemas.check import CheckOptions, Finding
from blogcli.schemas.posts.selection import PostSelection
from blogcli.services.check.content import check_content
from tests.factories import make_post, make_tag, make_user, store

HOUR = timedelta(hours=1)


async def findings_of(
    sessions: SessionFactory,
    *rules: CheckRule,
    selection: PostSelection | None = None,
    pages: Collection[str] = (),
    faults: list[str] | None = None,
) -> list[Finding]:
    levels = {rule: DEFAULT_LEVELS[rule] for rule in rules or CheckRule}
    on_fault = pytest.fail if faults is None else faults.append
    options = CheckOptions(levels=levels, pages=list(pages))
    batches = check_content(sessions, selection or PostSelection(), options, on_fault=on_fault)
    return [finding async for batch in batches for finding in batch.findings]


async def checked_posts(sessions: SessionFactory, selection: PostSelection) -> int:
    options = CheckOptions(levels=DEFAULT_LEVELS)
    return sum([batch.posts async for batch in check_content(sessions, selection, options, on_fault=pytest.fail)])


async def store_blog(sessions: SessionFactory, *contents: str, **values: Any) -> None:
    """Store published posts with the slugs `post-1`, `post-2` and so on."""
    async with sessions.begin() as session:
        author = make_user()
        await store(session, author)
        for number, content in enumerate(contents, 1):
            defaults = {"slug": f"post-{number}", "title": f"Title {number}", "status": "published"}
            await store(session, make_post(author=author, content=content, **defaults | values))


def described(findings: list[Finding]) -> list[tuple[str, int | None, int | None]]:
    return [(finding.rule, finding.id, finding.line) for finding in findings]


async def test_empty_blog_has_no_findings(sessions: SessionFactory) -> None:
    assert await findings_of(sessions) == []


async def test_links_are_resolved_by_slug(sessions: SessionFactory) -> None:
    await store_blog(
        sessions, "[a](/post-2) [b](post-2.md) [c](/2024/05/post-2/)\n[d](post-3.md)\n\n[e](/projects)", "Text"
    )
    assert described(await findings_of(sessions)) == [("broken-link", 1, 2), ("unresolved-link", 1, 4)]
    assert described(await findings_of(sessions, pages=["/projects/"])) == [("broken-link", 1, 2)]


@pytest.mark.parametrize(
    "extra",
    [
        {"permalink": "/old/name.html"},
        {"url": "https://example.org/old/name/"},
        {"aliases": ["/x", "old/name"]},
        {"redirect_from": "/old/name"},
        {"wordpress": {"link": "https://example.org/old/name/?x=1"}},
    ],
)
async def test_links_are_resolved_by_permalink(sessions: SessionFactory, extra: dict[str, object]) -> None:
    content = "[a](/old/name) [b](/old/name/#nowhere) [c](/2024/05/other)"
    await store_blog(sessions, content, extra=extra)
    assert described(await findings_of(sessions)) == [("broken-anchor", 1, 1), ("broken-link", 1, 1)]


async def test_anchors_of_other_posts_are_checked(sessions: SessionFactory) -> None:
    links = "[a](/post-2#first-steps) [b](/post-2#last-steps)"
    await store_blog(sessions, links, "# First steps\n", links)
    assert described(await findings_of(sessions)) == [("broken-anchor", 1, 1), ("broken-anchor", 3, 1)]


async def test_links_to_trashed_and_unpublished_posts_are_reported(sessions: SessionFactory) -> None:
    await store_blog(sessions, "[a](/trashed)\n[b](/draft)")
    await store_blog(sessions, "Text", slug="draft", title="Draft", status="draft")
    await store_blog(sessions, "", slug="trashed", title="Trashed", trashed_at=datetime(2024, 5, 31, tzinfo=UTC))
    assert described(await findings_of(sessions)) == [("broken-link", 1, 1), ("link-to-unpublished", 1, 2)]


async def test_misspelled_link_is_broken_and_names_post(sessions: SessionFactory) -> None:
    await store_blog(sessions, "[a](/packing-lsit)\n[b](packing-lsit.md#x)\n[c](/packing-light)")
    await store_blog(sessions, "Text", slug="packing-list", title="Packing list")
    findings = await findings_of(sessions)
    assert described(findings) == [("broken-link", 1, 1), ("broken-link", 1, 2), ("unresolved-link", 1, 3)]
    assert {finding.repair for finding in findings[:2]} == {"Correct the link: there is a post packing-list"}


async def test_overdue_posts_are_reported(sessions: SessionFactory) -> None:
    now = datetime.now(UTC)
    await store_blog(sessions, "Text", status="scheduled", published_at=now - HOUR)
    await store_blog(sessions, "Text", slug="a", title="A", status="scheduled", published_at=now + HOUR)
    await store_blog(sessions, "Text", slug="b", title="B", published_at=now - HOUR, expires_at=now - HOUR)
    findings = await findings_of(sessions)
    assert described(findings) == [("overdue-post", 1, None), ("overdue-post", 3, None)]
    assert {finding.repair for finding in findings} == {"Run `blogcli post publish-due`"}


async def test_invisible_character_in_slug_is_reported(sessions: SessionFactory) -> None:
    await store_blog(sessions, "Text", slug="a\u200bb")
    (finding,) = await findings_of(sessions)
    assert (finding.rule, finding.slug) == ("invisible-slug-character", "a\u200bb")


async def test_duplicate_titles_are_adjacent_and_ignore_trashed_posts(sessions: SessionFactory) -> None:
    for number, title in enumerate(("Hello", "Other", "HELLO", "hello", "Other"), 1):
        trashed_at = datetime.now(UTC) if number == 5 else None
        await store_blog(sessions, "Text", slug=f"post-{number}", title=title, trashed_at=trashed_at)
    findings = await findings_of(sessions)
    assert [(finding.id, finding.text) for finding in findings] == [
        (1, "The title is also the title of post 4 and 1 more: Hello"),
        (3, "The title is also the title of post 1 and 1 more: HELLO"),
        (4, "The title is also the title of post 1 and 1 more: hello"),
    ]
    selected = await findings_of(sessions, selection=PostSelection(ids=[3]))
    assert [finding.id for finding in selected] == [3]


async def test_tags_of_selected_posts_are_checked(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        author = make_user()
        tags = [make_tag(name) for name in ("open source", "open-source", "travel", "unused")]
        await store(session, author, *tags)
        await store(session, make_post(author=author, slug="a", title="A", content="Text", tags=tags[:2]))
        await store(session, make_post(author=author, slug="b", title="B", content="Text", tags=[tags[1], tags[2]]))
    findings = await findings_of(sessions)
    assert [(finding.rule, finding.tag, finding.slug) for finding in findings] == [
        ("similar-tags", "open source", None),
        ("tag-on-one-post", "open source", "a"),
        ("tag-on-one-post", "travel", "b"),
    ]
    assert findings[0].repair == "Run `blogcli tag merge 'open source' open-source`"
    selected = await findings_of(sessions, selection=PostSelection(ids=[2]))
    assert [finding.tag for finding in selected] == ["travel"]


async def test_filters_select_posts_but_not_targets(sessions: SessionFactory) -> None:
    await store_blog(sessions, "", "[a](/post-1) [b](/post-3.md)", "")
    selection = PostSelection(ids=[2])
    assert described(await findings_of(sessions, selection=selection)) == []
    assert await checked_posts(sessions, selection) == 1
    assert await checked_posts(sessions, PostSelection()) == 3


async def test_unknown_tag_is_not_found(sessions: SessionFactory) -> None:
    with pytest.raises(NotFoundError):
        await findings_of(sessions, selection=PostSelection(tags=["unknown"]))


async def test_posts_of_several_batches_are_in_order(sessions: SessionFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "_BATCH_POSTS", 3)
    monkeypatch.setattr(check, "CHUNK", 7)
    await store_blog(sessions, *(f"![](a) [b](post-{number + 1}.md)" for number in range(1, 21)))
    findings = await findings_of(sessions, CheckRule.BROKEN_LINK, CheckRule.IMAGE_WITHOUT_ALT)
    assert [finding.id for finding in findings] == [*range(1, 21), 20]
    assert findings[-1].rule == "broken-link"


async def test_large_post_is_batch_of_its_own(sessions: SessionFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "_BATCH_CHARACTERS", 10)
    await store_blog(sessions, "", "x" * 50, "", "y" * 6, "z" * 6)
    options = CheckOptions(levels=DEFAULT_LEVELS)
    batches = check_content(sessions, PostSelection(), options, on_fault=pytest.fail)
    assert [batch.posts async for batch in batches if batch.posts] == [1, 1, 2, 1]


async def test_unreadable_post_is_skipped(sessions: SessionFactory, engine_name: str) -> None:
    if engine_name == "postgresql":
        statement = "ALTER TABLE posts DROP CONSTRAINT ck_posts_status; UPDATE posts SET status = 'odd' WHERE id = 1"
    else:
        statement = "PRAGMA ignore_check_constraints = ON; UPDATE posts SET status = 'odd' WHERE id = 1"
    await store_blog(sessions, "", "")
    async with sessions.begin() as session:
        for part in statement.split("; "):
            await session.execute(text(part))
    faults: list[str] = []
    findings = await findings_of(sessions, CheckRule.EMPTY_POST, faults=faults)
    assert described(findings) == [("empty-post", 2, None)]
    assert len(faults) == 1


async def test_levels_are_those_of_options(sessions: SessionFactory) -> None:
    await store_blog(sessions, "")
    options = CheckOptions(levels={CheckRule.EMPTY_POST: CheckLevel.INFO})
    (batch,) = [batch async for batch in check_content(sessions, PostSelection(), options, on_fault=pytest.fail)]
    assert [finding.level for finding in batch.findings] == ["info"]
