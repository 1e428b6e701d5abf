"""Tests of the results of searches, including searches after posts or the search index have changed."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from sqlalchemy import text

from blogcli.database import SessionFactory
from blogcli.enums import PostSort, PostStatus
from blogcli.output.values import to_json_record
from blogcli.repositories.posts import query as query_module
from blogcli.schemas.db import Reindexed
from blogcli.schemas.inputs.posts import PostCreate, PostUpdate
from blogcli.schemas.posts.changes import BulkOptions
from blogcli.schemas.posts.selection import PostSelection
from blogcli.services.db import reindex
from blogcli.services.posts import create, search, trash, update
from tests.factories import make_user, store
from tests.snapshots import session_snapshot

AUTHOR = "anna@example.org"
POSTS = [
    ("Trees", "About c++ and asyncio: `sqlalchemy.ext.asyncio`. exactly this phrase", ["b"]),
    ("asyncio", "A café [here](http://secret.example/hidden), ещё раз", []),
    ("日本", "これはデータベースの文です。猫と部署。", ["a"]),
    ("Hebrew", "שָׁלוֹם עולם. c alone; this exactly phrase", ["a", "b"]),
]


@session_snapshot
async def blog(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        await store(session, make_user(email=AUTHOR))
    for title, content, tags in POSTS:
        await create.create_post(sessions, PostCreate(title=title, content=content, tags=tags), author=AUTHOR)


def select(*references: str | int) -> PostSelection:
    return PostSelection(references=[str(reference) for reference in references])


async def search_ids(sessions: SessionFactory, query: str, **selection: Any) -> list[int]:
    page = await search.search_posts(sessions, query, PostSelection(**selection), by_score=True)
    return [hit.id for hit in page.items]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("データベース", [3]),
        ("猫", [3]),
        ("部署", [3]),
        ("ース", [3]),
        ("שלום", [4]),
        ("שָׁלוֹם", [4]),
        ("еще", [2]),
        ("ЕЩЁ", [2]),
        ("cafe", [2]),
        ("CAFÉ", [2]),
        ("c++", [1]),
        ("c", [4]),
        ("asyncio", [2, 1]),
        ('"exactly this phrase"', [1]),
        ("exactly this phrase", [4, 1]),
        ("hidden", []),
        ("secret", []),
        ("title:asyncio", [2]),
        ("phrase -alone", [1]),
        ("猫 OR שלום", [4, 3]),
        ("-asyncio", [4, 3]),
        ("猫 OR -asyncio", [4, 3]),
        ("!!!", []),
        ("", [4, 3, 2, 1]),
    ],
)
async def test_search_finds_words_of_all_scripts_best_first(blog: SessionFactory, query: str, ids: list[int]) -> None:
    hits = await search_ids(blog, query)
    assert hits == ids or (sorted(hits) == sorted(ids) and query == "exactly this phrase")


async def test_search_applies_filters_limit_and_offset(blog: SessionFactory) -> None:
    assert await search_ids(blog, "this", tags=["b"], not_tags=["a"]) == [1]
    assert await search_ids(blog, "asyncio", limit=1) == [2]
    assert await search_ids(blog, "asyncio", limit=1, offset=1) == [1]
    assert await search_ids(blog, "asyncio", statuses=[PostStatus.PUBLISHED]) == []
    assert await search.count_hits(blog, "asyncio", PostSelection()) == 2
    assert await search.count_hits(blog, "", PostSelection(tags=["a"])) == 2


async def test_hits_have_scores_and_snippets(blog: SessionFactory) -> None:
    page = await search.search_posts(blog, "asyncio", PostSelection(), by_score=True, with_total=True)
    first, second = page.items
    assert page.total == 2
    assert first.score is not None
    assert second.score is not None
    assert first.score > second.score > 0
    assert second.snippet.startswith("About c++ and **asyncio**: ")
    without_snippets = await search.search_posts(blog, "asyncio", PostSelection(), by_score=True, with_snippets=False)
    assert [hit.snippet for hit in without_snippets.items] == ["", ""]


async def test_search_in_other_order_has_cursors(blog: SessionFactory) -> None:
    selection = PostSelection(sort=PostSort.ID, descending=False, limit=1)
    page = await search.search_posts(blog, "asyncio", selection, by_score=False)
    assert [(hit.id, hit.score) for hit in page.items] == [(1, None)]
    last = await search.search_posts(blog, "asyncio", replace(selection, after=page.next), by_score=False)
    assert ([hit.id for hit in last.items], last.next) == ([2], None)


@pytest.mark.parametrize(("offset", "limit"), [(0, 0), (0, 3), (1, 2), (2, 1), (2, 0), (0, 2)])
async def test_search_returns_unranked_posts_after_ranked(
    blog: SessionFactory, monkeypatch: pytest.MonkeyPatch, offset: int, limit: int
) -> None:
    monkeypatch.setattr(query_module, "MAX_RANKED", 2)
    query = "asyncio OR שלום"
    all_ids = await search_ids(blog, query)
    assert (set(all_ids[:2]), all_ids[2:]) == ({2, 4}, [1])
    page = await search.search_posts(blog, query, PostSelection(offset=offset, limit=limit), by_score=True)
    end = offset + limit if limit else None
    assert [hit.id for hit in page.items] == all_ids[offset:end]
    assert [hit.score is None for hit in page.items] == [False, False, True][offset:end]


@pytest.mark.parametrize("query", ["asyncio OR שלום", "-asyncio", ""])
@pytest.mark.parametrize("by_score", [True, False])
async def test_stream_hits_yields_hits_of_search(
    blog: SessionFactory, monkeypatch: pytest.MonkeyPatch, query: str, by_score: bool
) -> None:
    for ranked, size, offset in product((1, 2, 100), (1, 2), (0, 1, 9)):
        monkeypatch.setattr(query_module, "MAX_RANKED", ranked)
        monkeypatch.setattr(query_module, "CHUNK", size)
        selection = PostSelection(offset=offset)
        page = await search.search_posts(blog, query, selection, by_score=by_score)
        batches = search.stream_hits(blog, query, selection, by_score=by_score)
        hits = [hit async for batch in batches for hit in batch]
        assert hits == [to_json_record(hit) for hit in page.items]


async def test_search_finds_only_current_text_of_post(blog: SessionFactory) -> None:
    change = PostUpdate(title="Birches", content="now about birds")
    await update.update_posts(blog, select(1), change, options=BulkOptions())
    assert (await search_ids(blog, "trees"), await search_ids(blog, "c++")) == ([], [])
    assert (await search_ids(blog, "title:birch"), await search_ids(blog, "birds")) == ([1], [1])
    await update.update_posts(blog, select(1), PostUpdate(title="Oaks"), options=BulkOptions())
    assert (await search_ids(blog, "birches"), await search_ids(blog, "oaks birds")) == ([], [1])
    await trash.trash_posts(blog, select(1), options=BulkOptions())
    assert await search_ids(blog, "birds") == []
    assert await search_ids(blog, "birds", statuses=[PostStatus.TRASHED]) == [1]
    await trash.restore_posts(blog, select(1), options=BulkOptions())
    assert await search_ids(blog, "birds") == [1]
    await trash.purge_posts(blog, select(1), options=BulkOptions())
    assert await search_ids(blog, "birds", statuses=list(PostStatus)) == []
    assert await reindex.reindex(blog) == Reindexed(posts=3, rewritten=0)


async def test_dry_run_does_not_change_index(blog: SessionFactory) -> None:
    await update.update_posts(blog, select(1), PostUpdate(content="birds"), options=BulkOptions(dry_run=True))
    assert (await search_ids(blog, "birds"), await search_ids(blog, "c++")) == ([], [1])


async def test_reindex_corrects_differing_entries(blog: SessionFactory) -> None:
    progress: list[tuple[int, int]] = []
    async with blog.begin() as session:
        await session.execute(text("UPDATE posts SET content = 'birds' WHERE id = 1"))
        key = "rowid" if session.get_bind().dialect.name == "sqlite" else "post_id"
        await session.execute(text(f"DELETE FROM post_search WHERE {key} = 2"))  # noqa: S608 - the name is one of two constants
    assert await reindex.reindex(blog, dry_run=True) == Reindexed(posts=4, rewritten=2)
    assert await reindex.reindex(blog, on_progress=lambda *counts: progress.append(counts)) == Reindexed(
        posts=4, rewritten=2
    )
    assert progress == [(4, 4)]
    assert await reindex.reindex(blog) == Reindexed(posts=4, rewritten=0)
    assert (await search_ids(blog, "birds"), await search_ids(blog, "cafe")) == ([1], [2])


@pytest.mark.untraced
async def test_search_finds_all_words_of_long_post(blog: SessionFactory) -> None:
    content = "".join(f"w{number} " for number in range(100_000)) + "lorem ipsum " * 800_000 + "thelast"
    new = PostCreate(title="Long one", content=content, published_at=datetime(2020, 1, 1, tzinfo=UTC))
    (post,) = (await create.create_post(blog, new, author=AUTHOR)).changed
    assert len(content) > 10_000_000
    for query in ("thelast", "w0 w99999", "title:long thelast", "w50000 -cat", "thelast OR cat"):
        assert await search_ids(blog, query) == [post.id], query
    assert await search_ids(blog, "w5 -thelast") == []
    assert await reindex.reindex(blog) == Reindexed(posts=5, rewritten=0)
