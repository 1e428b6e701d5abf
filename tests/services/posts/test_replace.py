"""Tests of replacing text in posts."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from blogcli.database import SessionFactory
from blogcli.enums import PostStatus, TextField
from blogcli.errors import BlogError, ConflictError, InvalidError, NotFoundError, UsageError
from blogcli.models import Post
from blogcli.models.journal import JournalChange, JournalOperation
from blogcli.repositories.posts import repository, texts
from blogcli.repositories.posts.search import SearchRepository
from blogcli.schemas.posts.changes import BulkOptions
from blogcli.schemas.posts.records import PostDetail
from blogcli.schemas.posts.replacements import ChangedLine, PostReplacement, Replacements, TextReplacement
from blogcli.schemas.posts.selection import PostSelection
from blogcli.services.posts.query import show_posts
from blogcli.services.posts.replace import replace_in_posts
from blogcli.services.posts.search import search_posts
from tests.factories import make_post, make_user, store
from tests.snapshots import session_snapshot

PAST = datetime(2020, 1, 1, tzinfo=UTC)
ALL = PostSelection()
TOO_LONG = "Post 3: Title: value should have at most 500 items after validation, not 501"


@session_snapshot
async def blog(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        author = make_user(email="anna@example.org")
        await store(
            session,
            make_post(author=author, slug="a", title="Old title", content="old text old", excerpt="An old excerpt"),
            make_post(author=author, slug="b", title="Second", content="Old `old` text"),
            make_post(author=author, slug="c", title="Third", content="no text"),
            make_post(author=author, slug="trashed", title="old", trashed_at=PAST),
        )


async def replace(
    blog: SessionFactory,
    old: str,
    new: str,
    *slugs: str,
    selection: PostSelection | None = None,
    options: BulkOptions | None = None,
    **values: Any,
) -> Replacements:
    selection = selection or (PostSelection(references=list(slugs)) if slugs else ALL)
    replacement = TextReplacement(old=old, new=new, **values)
    return await replace_in_posts(blog, selection, replacement=replacement, options=options or BulkOptions())


async def show(blog: SessionFactory, slug: str) -> PostDetail:
    return (await show_posts(blog, [slug]))[0]


async def test_replace_changes_all_fields_and_counts(blog: SessionFactory) -> None:
    before = await show(blog, "a")
    changes = await replace(blog, "old", "brand new", ignore_case=True)
    assert changes.changed == [
        PostReplacement(id=2, slug="b", title="Second", replacements=2, in_title=0, in_content=2, in_excerpt=0),
        PostReplacement(
            id=1, slug="a", title="brand new title", replacements=4, in_title=1, in_content=2, in_excerpt=1
        ),
    ]
    assert (changes.total, changes.unchanged, changes.missing) == (6, 0, [])
    after = await show(blog, "a")
    assert (after.title, after.content, after.excerpt) == (
        "brand new title",
        "brand new text brand new",
        "An brand new excerpt",
    )
    assert (after.slug, after.version, after.words) == ("a", before.version + 1, 5)
    assert after.updated_at > before.updated_at


async def test_replace_keeps_search_index_up_to_date(blog: SessionFactory) -> None:
    await replace(blog, "text", "prose")
    for query, expected in (("prose", {"a", "b", "c"}), ("text", set[str]())):
        page = await search_posts(blog, query, ALL, by_score=False)
        assert {hit.slug for hit in page.items} == expected


@pytest.mark.parametrize("values", [{}, {"is_regex": True}, {"ignore_case": True}])
async def test_replace_is_one_operation_of_changed_columns(blog: SessionFactory, values: dict[str, Any]) -> None:
    async with blog() as session:
        previous = await session.scalar(select(func.max(JournalOperation.id)))
    await replace(blog, "old text", "new text", **values)
    async with blog() as session:
        operations = (await session.scalars(select(JournalOperation.id).where(JournalOperation.id > previous))).all()
        changes = (await session.scalars(select(JournalChange).where(JournalChange.operation_id.in_(operations)))).all()
    assert len(operations) == 1
    was = changes[0].was
    assert was is not None
    assert was["content"] == "old text old"
    assert set(was) == {"content", "version", "updated_at"}


async def test_replace_without_occurrences_changes_nothing(blog: SessionFactory) -> None:
    before = [await show(blog, slug) for slug in ("a", "b", "c")]
    options = ("is_regex", "ignore_case", "skip_code", "whole_word")
    variants: list[dict[str, Any]] = [{}, *({name: True} for name in options)]
    for values in variants:
        changes = await replace(blog, "absent", "x", **values)
        assert (changes.ids, changes.total, changes.unchanged) == ([], 0, 0)
    assert (await replace(blog, "old", "old")).ids == []
    assert [await show(blog, slug) for slug in ("a", "b", "c")] == before


async def test_replace_in_named_posts_counts_unchanged_posts(blog: SessionFactory) -> None:
    for is_regex in (True, False):
        new = "x" if is_regex else "y"
        options = BulkOptions(ignore_missing=True)
        old = "Ol[d]" if is_regex else "old"
        changes = await replace(blog, old, new, "b", "c", "no", options=options, is_regex=is_regex)
        assert (changes.ids, changes.unchanged, changes.missing) == ([2], 1, ["no"])


async def test_replace_with_fields_changes_only_these(blog: SessionFactory) -> None:
    changes = await replace(blog, "old", "x", fields=[TextField.EXCERPT])
    assert [(post.id, post.in_excerpt, post.replacements) for post in changes.changed] == [(1, 1, 1)]
    assert (await show(blog, "a")).content == "old text old"


async def test_replace_with_skip_code_keeps_code(blog: SessionFactory) -> None:
    changes = await replace(blog, "old", "x", "b", ignore_case=True, skip_code=True)
    assert changes.total == 1
    assert (await show(blog, "b")).content == "x `old` text"


async def test_removed_excerpt_is_null_and_removed_text_is_reported(blog: SessionFactory) -> None:
    changes = await replace(blog, ".+", "", is_regex=True, fields=[TextField.CONTENT, TextField.EXCERPT])
    assert sorted(changes.emptied) == [1, 2, 3]
    after = await show(blog, "a")
    assert (after.excerpt, after.content, after.words) == (None, "", 0)


@pytest.mark.parametrize(
    ("old", "new", "values", "error", "message"),
    [
        ("Third", "", {}, InvalidError, "Post 3: Title: must not be empty"),
        (
            "Third",
            "x" * 501,
            {},
            InvalidError,
            "Post 3: Title: value should have at most 500 items after validation, not 501",
        ),
        ("Third", r"\0", {"is_regex": True}, InvalidError, "Post 3: Title: contains a NUL character at offset 0"),
        ("Third", "a\0", {}, InvalidError, "The text contains a NUL character at offset 1"),
        ("\ud800", "", {}, InvalidError, "The text contains a lone surrogate (not valid Unicode) at offset 0"),
        ("(", "", {"is_regex": True}, UsageError, "Invalid regular expression: missing ) at position 1"),
        (r"\b", "", {"is_regex": True}, UsageError, "Post 3: The expression matches an empty text"),
    ],
)
async def test_invalid_replacement_changes_nothing(
    blog: SessionFactory, old: str, new: str, values: dict[str, Any], error: type[BlogError], message: str
) -> None:
    before = [await show(blog, slug) for slug in ("a", "b", "c")]
    with pytest.raises(error) as caught:
        await replace(blog, old, new, **values)
    assert caught.value.message == message
    assert [await show(blog, slug) for slug in ("a", "b", "c")] == before


async def test_endless_expression_changes_nothing(blog: SessionFactory) -> None:
    async with blog.begin() as session:
        author = make_user()
        posts = [make_post(author=author, slug=slug, content="a" * 60 + "!") for slug in ("slow", "slower")]
        await store(session, make_post(author=author, slug="fast", content="a"), *posts)
    with pytest.raises(UsageError, match=r"^Post \d+: The expression takes more than 0\.1 seconds in a single text$"):
        await replace(blog, "(a|a)+$", "x", is_regex=True, max_seconds=0.1)
    assert (await show(blog, "fast")).content == "a"


async def test_replace_refuses_trashed_post_that_would_change(blog: SessionFactory) -> None:
    trashed = PostSelection(statuses=[PostStatus.TRASHED])
    with pytest.raises(ConflictError, match="is in the trash"):
        await replace(blog, "old", "x", selection=trashed)
    assert (await replace(blog, "absent", "x", selection=trashed)).ids == []


async def test_replace_obeys_bulk_options(blog: SessionFactory) -> None:
    with pytest.raises(ConflictError, match="More than 1 post would change"):
        await replace(blog, "text", "x", options=BulkOptions(max_affected=1))
    with pytest.raises(ConflictError, match="Other posts were selected"):
        await replace(blog, "text", "x", options=BulkOptions(confirmed=frozenset({1})))
    with pytest.raises(NotFoundError):
        await replace(blog, "text", "x", "absent")
    changes = await replace(blog, "text", "x", options=BulkOptions(dry_run=True, max_records=1))
    assert (len(changes.changed), len(changes.ids), changes.total) == (1, 3, 3)
    assert (await show(blog, "c")).content == "no text"


async def test_replace_with_limit_selects_posts_before_their_texts(blog: SessionFactory) -> None:
    changes = await replace(blog, "Old", "x", selection=PostSelection(limit=2))
    assert changes.ids == [2]


async def test_preview_contains_first_changed_lines(blog: SessionFactory) -> None:
    changes = await replace(blog, "old", "new", preview_posts=1, options=BulkOptions(dry_run=True))
    (preview,) = changes.previews
    assert (preview.id, preview.slug, preview.omitted) == (2, "b", 0)
    parts = [("", "Old `"), ("-", "old"), ("+", "new"), ("", "` text")]
    assert preview.lines == [ChangedLine(TextField.CONTENT, 1, parts)]
    async with blog.begin() as session:
        post = make_post(author=make_user(), slug="long", title="old", content="old\n" * 9, excerpt="old")
        await store(session, post)
    changes = await replace(blog, "old", "new", "long", preview_posts=9, options=BulkOptions(dry_run=True))
    (preview,) = changes.previews
    assert [(line.field, line.number) for line in preview.lines] == [("title", 1), ("content", 1), ("content", 2)]
    assert preview.omitted == 8


async def test_replace_in_many_batches_keeps_order(blog: SessionFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (texts, repository):
        monkeypatch.setattr(module, "CHUNK", 2)
    async with blog.begin() as session:
        author = make_user()
        posts = [make_post(author=author, content="many words") for _ in range(9)]
        await store(session, *posts)
        ids = sorted((post.id for post in posts), reverse=True)
    for old, new, is_regex in (("many", "few", False), (r"f(e)w", r"m\1ny", True)):
        changes = await replace(blog, old, new, is_regex=is_regex)
        assert (changes.ids, changes.total) == (ids, 9)
        assert [post.in_content for post in changes.changed] == [1] * 9
    async with blog() as session:
        contents = await session.scalars(select(Post.content).where(Post.id.in_(ids)))
        assert set(contents) == {"meny words"}


TEXTS = st.text(st.sampled_from("aAbß.\\%_*`\n 字\u0301"), max_size=12)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=TEXTS, old=TEXTS.filter(bool))
async def test_reverse_replacement_restores_posts(blog: SessionFactory, content: str, old: str) -> None:
    new = "\u2063marker\u2063"
    async with blog.begin() as session:
        # The title contains none of the characters to replace.
        post = make_post(title="0", author=make_user(), content=content, excerpt=content or None)
        await store(session, post)
        reference = f"id:{post.id}"
    selection = PostSelection(references=[reference])
    replaced = await replace(blog, old, new, selection=selection)
    assert replaced.total == content.count(old) * 2
    assert (await show(blog, reference)).content == content.replace(old, new)
    assert (await replace(blog, new, old, selection=selection)).total == replaced.total
    after = await show(blog, reference)
    assert (after.content, after.excerpt) == (content, content or None)


async def test_index_equals_texts_after_replacement(blog: SessionFactory) -> None:
    async with blog.begin() as session:
        await SearchRepository(session).refresh_after(0)
    await replace(blog, "o", "字 ", ignore_case=True)
    async with blog.begin() as session:
        _, count, differing_count = await SearchRepository(session).refresh_after(0)
    assert (count, differing_count) == (4, 0)
