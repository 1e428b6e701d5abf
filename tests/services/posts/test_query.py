"""Tests of the services that list, stream, count and show posts."""

from dataclasses import replace

import pytest

from blogcli.database import SessionFactory
from blogcli.enums import PostSort
from blogcli.errors import NotFoundError, UsageError
from blogcli.output.values import to_json_record
from blogcli.repositories.posts import query as query_module
from blogcli.schemas.posts.selection import PostSelection
from blogcli.services.posts.query import count_posts, find_missing_posts, list_posts, show_posts, stream_posts
from tests.factories import make_post, make_tag, make_user, store
from tests.snapshots import session_snapshot


@session_snapshot
async def blog(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        author = make_user(email="anna@example.org")
        tag = make_tag("Red")
        for slug in ("a", "b", "c"):
            await store(session, make_post(author=author, slug=slug, tags=[tag], content="text", extra={"x": slug}))


async def test_list_posts_after_cursor_returns_next_page(blog: SessionFactory) -> None:
    by_slug = PostSelection(sort=PostSort.SLUG, descending=False, limit=2, authors=["ANNA@example.org"], tags=["red"])
    first = await list_posts(blog, by_slug, with_total=True)
    assert [post.slug for post in first.items] == ["a", "b"]
    assert (first.total, first.items[0].author, first.items[0].tags) == (3, "anna@example.org", ["Red"])
    last = await list_posts(blog, replace(by_slug, after=first.next))
    assert [post.slug for post in last.items] == ["c"]
    assert (last.total, last.next) == (None, None)
    with pytest.raises(UsageError, match="--after"):
        await list_posts(blog, PostSelection(after=first.next))


@pytest.mark.parametrize("offset", [0, 1, 2, 3])
@pytest.mark.parametrize("size", [1, 2, 3, 4])
async def test_stream_posts_yields_posts_of_list_in_batches(
    blog: SessionFactory, monkeypatch: pytest.MonkeyPatch, offset: int, size: int
) -> None:
    monkeypatch.setattr(query_module, "CHUNK", size)
    selection = PostSelection(sort=PostSort.SLUG, offset=offset)
    batches = [batch async for batch in stream_posts(blog, selection)]
    assert all(len(batch) <= size for batch in batches)
    posts = (await list_posts(blog, selection)).items
    assert [post for batch in batches for post in batch] == [to_json_record(post) for post in posts]


async def test_count_posts_ignores_limit_and_offset(blog: SessionFactory) -> None:
    assert await count_posts(blog, PostSelection(limit=1, offset=1)) == 3


@pytest.mark.parametrize(
    "selection", [PostSelection(tags=["x"]), PostSelection(authors=["x"]), PostSelection(tags=["x"], not_tags=["x"])]
)
async def test_selection_with_unknown_name_is_refused(blog: SessionFactory, selection: PostSelection) -> None:
    for use in (list_posts, count_posts):
        with pytest.raises(NotFoundError, match="x"):
            await use(blog, selection)


async def test_show_posts_in_order_of_references(blog: SessionFactory) -> None:
    posts = await show_posts(blog, ["c", "a", "c"])
    assert [(post.slug, post.content, post.extra, post.version) for post in posts] == [
        ("c", "text", {"x": "c"}, 1),
        ("a", "text", {"x": "a"}, 1),
    ]


async def test_show_posts_names_all_missing(blog: SessionFactory) -> None:
    with pytest.raises(NotFoundError, match="No such posts: x, 99"):
        await show_posts(blog, ["x", "a", "99"])
    assert [post.slug for post in await show_posts(blog, ["x", "a"], ignore_missing=True)] == ["a"]
    assert await find_missing_posts(blog, ["x", "a", "99"]) == ["x", "99"]
