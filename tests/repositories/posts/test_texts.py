"""Tests of finding posts by their texts, and of reading the texts in batches."""

import pytest

from blogcli.database import SessionFactory
from blogcli.enums import TextField
from blogcli.repositories.posts import texts as module
from blogcli.repositories.posts.repository import PostRepository
from blogcli.repositories.posts.texts import PostTextRepository, iter_batches
from tests.factories import make_post, make_user, store, store_posts

ALL_FIELDS = list(TextField)


@pytest.mark.parametrize(
    ("text", "ignore_case", "expected"),
    [
        ("Straße", False, {"title"}),
        ("STRASSE", True, set()),
        ("STRAẞE", True, {"title"}),
        ("100%", False, {"content"}),
        ("a_b", False, {"content"}),
        ("a\\b", False, {"excerpt"}),
        ("/", False, set()),
        ("xyz" * 2_000, False, set()),
    ],
)
async def test_find_candidates_returns_posts_with_text(
    sessions: SessionFactory,
    text: str,
    ignore_case: bool,
    expected: set[str],
) -> None:
    async with sessions.begin() as session:
        author = make_user()
        posts = {
            "title": make_post(author=author, title="Die Straße"),
            "content": make_post(author=author, content="100% a_b"),
            "excerpt": make_post(author=author, excerpt="a\\b"),
        }
        await store(session, *posts.values())
        ids = {post.id: name for name, post in posts.items()}
        found = await PostTextRepository(session, ALL_FIELDS).find_candidates([*ids], text, ignore_case=ignore_case)
        assert {ids[id_] for id_ in found} == expected


async def test_find_candidates_searches_only_given_ids_and_fields(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        ids = [post.id for post in await store_posts(session, 3, content="text", excerpt="other")]
        texts = PostTextRepository(session, [TextField.CONTENT])
        assert await texts.find_candidates([ids[2], ids[0], 99], "text", ignore_case=False) == [ids[2], ids[0]]
        assert await texts.find_candidates(ids, "other", ignore_case=True) == []


async def test_batches_are_limited_by_number_and_characters(
    sessions: SessionFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 3)
    monkeypatch.setattr(module, "CHUNK_CHARACTERS", 10)
    async with sessions.begin() as session:
        author = make_user()
        posts = [make_post(author=author, content="x" * length) for length in (4, 6, 1, 30, 1, 1, 1, 1)]
        await store(session, *posts)
        ids = [post.id for post in posts]
        batches = [batch async for batch in iter_batches(session, ids)]
        assert batches == [ids[:2], ids[2:3], ids[3:4], ids[4:6], ids[6:]]
        assert [batch async for batch in iter_batches(session, [])] == []
        loaded = [
            [post.id for post in posts] async for posts in PostRepository(session).load_batches(ids, with_content=True)
        ]
        assert loaded == batches


async def test_iter_texts_returns_filled_texts_in_order(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        first, second = await store_posts(session, 2, title="t", content="c")
        texts = PostTextRepository(session, ALL_FIELDS)
        found = [row async for row in texts.iter_texts([second.id, 99, first.id])]
        assert found == [(second.id, ["t", "c"]), (first.id, ["t", "c"])]
