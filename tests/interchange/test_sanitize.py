"""Tests that imported records are changed so that a database can store them."""

import json
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blogcli.interchange.items import ImportedItem
from blogcli.interchange.notes import Note, NoteCode
from blogcli.interchange.records import PostRecord, TagRecord, UserRecord
from blogcli.interchange.sanitize import digest_of, sanitize_item
from blogcli.text.casefold import tag_key
from blogcli.text.emails import normalize_email
from blogcli.text.limits import MAX_FULL_NAME, MAX_TAG_NAME, MAX_TITLE, normalize_tag_name
from blogcli.text.slugs import slug_problem
from tests.interchange import strategies

NOW = datetime(2024, 6, 1, tzinfo=UTC)
HOSTILE = ["\0", "\ud800", "\x1b", ",", "\n", "..", "-", "@", "\u0958", "\ufb2c", "\u093e", "ﬃ", "İ", "A"]
HOSTILE += ["𠀀" * 70, "x" * 600]
texts = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=5), max_size=5).map("".join)
values = st.recursive(st.none() | st.floats() | texts, lambda inner: st.lists(inner) | st.dictionaries(texts, inner))
people = st.builds(UserRecord, email=texts | strategies.emails, full_name=st.none() | texts)
posts = st.builds(
    PostRecord,
    uuid=st.uuids(),
    title=texts,
    author=st.none() | texts | strategies.emails,
    slug=st.none() | texts,
    content=texts,
    excerpt=st.none() | texts,
    tags=st.lists(texts, max_size=4).map(tuple),
    extra=st.dictionaries(texts, values, max_size=2),
)


def make_post(**values: Any) -> PostRecord:
    defaults: dict[str, Any] = {"uuid": UUID(int=1), "title": "A title"}
    return PostRecord(**defaults | values)


def sanitize_post(**values: Any) -> tuple[PostRecord, list[NoteCode]]:
    item = sanitize_item(ImportedItem(source="blog.jsonl", position=3, post=make_post(**values)))
    assert item.post
    return item.post, [note.code for note in item.notes]


def sanitize_person(**values: Any) -> tuple[UserRecord, list[NoteCode]]:
    defaults = {"email": "anne@example.org"}
    item = sanitize_item(ImportedItem(source="blog.jsonl", position=3, people=(UserRecord(**defaults | values),)))
    return item.people[0], [note.code for note in item.notes]


@settings(max_examples=30)
@given(posts)
def test_hostile_post_can_be_stored(original: PostRecord) -> None:
    item = sanitize_item(ImportedItem(source="x", post=original))
    post = item.post
    assert post
    assert post.title.strip()
    assert len(post.title) <= MAX_TITLE
    assert post.slug is None or slug_problem(post.slug) is None
    assert [normalize_tag_name(tag) for tag in post.tags] == list(post.tags)
    assert len({tag_key(tag) for tag in post.tags}) == len(post.tags)
    assert post.author is None or normalize_email(post.author, is_deliverable=False) == post.author
    text = json.dumps([post.title, post.content, post.excerpt, post.extra], ensure_ascii=False, allow_nan=False)
    text.encode()
    assert "\\u0000" not in text


@given(people)
def test_hostile_user_can_be_stored(original: UserRecord) -> None:
    (person,) = sanitize_item(ImportedItem(source="x", people=(original,))).people
    assert normalize_email(person.email, is_deliverable=False) == person.email
    assert person.full_name is None or 0 < len(person.full_name.encode().decode()) <= MAX_FULL_NAME
    assert "\0" not in (person.full_name or "")


@settings(max_examples=30)
@given(posts, people)
def test_sanitizing_twice_changes_nothing_more(post: PostRecord, person: UserRecord) -> None:
    sanitized = sanitize_item(ImportedItem(source="x", post=post, people=(person,)))
    assert sanitize_item(replace(sanitized, notes=())) == replace(sanitized, notes=())


@settings(max_examples=30)
@given(posts)
def test_post_without_notes_is_unchanged(post: PostRecord) -> None:
    item = sanitize_item(ImportedItem(source="x", post=post))
    assert item.post
    if not item.notes:
        blank: dict[str, Any] = {"tags": (), "extra": {}, "author": None}
        assert replace(item.post, **blank) == replace(post, **blank)
        assert {tag_key(" ".join(tag.split())) for tag in post.tags} == set(map(tag_key, item.post.tags))
        assert item.post.extra.items() >= post.extra.items()


@given(strategies.posts())
def test_post_from_a_database_is_unchanged(post: PostRecord) -> None:
    item = sanitize_item(ImportedItem(source="x", post=post))
    assert (item.post, item.notes) == (post, ())


def test_notes_follow_those_of_the_reader_and_contain_position() -> None:
    reader_note = Note("blog.jsonl", 3, NoteCode.DATE_INFERRED, "inferred")
    item = sanitize_item(
        ImportedItem(source="blog.jsonl", position=3, post=make_post(content="a\0b\0"), notes=(reader_note,))
    )
    text = "U+0000, which databases cannot store, was removed"
    assert item.notes == (reader_note, Note("blog.jsonl", 3, NoteCode.CHARACTER_REMOVED, text))
    assert item.post
    assert item.post.content == "ab"


def test_notes_about_long_values_are_short() -> None:
    long = "\x01" * 100_000
    post = make_post(title=long, slug=long, tags=(long, f"{long}x"), author=long, extra={long: [10**2_000]})
    person = UserRecord(email=long, full_name=long)
    notes = sanitize_item(ImportedItem(source="x", post=post, people=(person,))).notes
    assert len(notes) >= 6
    assert all(len(note.message) < 1_000 and "\n" not in note.message for note in notes)


@pytest.mark.parametrize(("slug", "title"), [("my-first-post", "my first post"), (None, "Untitled"), ("-", "Untitled")])
def test_missing_title_is_inferred_from_slug(slug: str | None, title: str) -> None:
    post, codes = sanitize_post(title=" \n", slug=slug)
    assert post.title == title
    assert codes[0] is NoteCode.TITLE_INFERRED


def test_title_from_invalid_slug_can_be_stored() -> None:
    assert sanitize_post(title="", slug="a\ud800\0b")[0].title == "ab"


def test_too_long_title_is_truncated_and_stored_in_extra() -> None:
    assert sanitize_post(title="x" * MAX_TITLE) == (make_post(title="x" * MAX_TITLE), [])
    post, codes = sanitize_post(title="x" * MAX_TITLE + "y")
    assert post.title == "x" * (MAX_TITLE - 1) + "…"
    assert post.extra == {"original_title": "x" * MAX_TITLE + "y"}
    assert codes == [NoteCode.TITLE_TRUNCATED]


def test_invalid_slug_is_changed_and_stored_in_extra() -> None:
    post, codes = sanitize_post(slug="Été/2024")
    assert (post.slug, post.extra, codes) == ("ete-2024", {"original_slug": "Été/2024"}, [NoteCode.SLUG_CHANGED])


def test_invalid_tags_are_changed_and_stored_in_extra() -> None:
    post, codes = sanitize_post(tags=("a,\x01b", "  c   d ", "x" * (MAX_TAG_NAME + 1), ",", "ok"))
    assert post.tags == ("a b", "c d", "x" * MAX_TAG_NAME, "ok")
    assert codes == [NoteCode.TAG_CHANGED] * 3
    assert post.extra == {"original_tags": ["a,\x01b", "  c   d ", "x" * (MAX_TAG_NAME + 1), ",", "ok"]}


@pytest.mark.parametrize("length", [MAX_TAG_NAME, MAX_TAG_NAME // 2 + 1])
def test_tag_that_is_longer_in_nfc_is_truncated(length: int) -> None:
    post, codes = sanitize_post(tags=("\u0958" * length,))
    assert post.tags == (unicodedata.normalize("NFC", "\u0958" * length)[:MAX_TAG_NAME],)
    assert codes == [NoteCode.TAG_CHANGED]


def test_tags_that_differ_only_in_case_or_width_are_merged() -> None:
    post, codes = sanitize_post(tags=("Python", "python", "ＰＹＴＨＯＮ", "go"))
    assert post.tags == ("Python", "go")
    assert codes == [NoteCode.TAG_MERGED] * 2


def test_originals_in_extra_are_not_overwritten() -> None:
    extra = {"original_title": "t", "original_slug": "s", "original_tags": ["x"]}
    assert sanitize_post(title="x" * 600, slug="A", tags=("a,b",), extra=extra)[0].extra == extra


def test_tag_records_are_sanitized() -> None:
    item = sanitize_item(ImportedItem(source="x", tags=(TagRecord(name="a,b"), TagRecord(name=","))))
    assert item.tags == (TagRecord(name="a b"),)
    assert [note.code for note in item.notes] == [NoteCode.TAG_CHANGED] * 2


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (float("inf"), "inf"),
        (float("nan"), "nan"),
        (10**1_000, hex(10**1_000)),
        (-(10**1_000), hex(-(10**1_000))),
        ({"a": [float("-inf")]}, {"a": ["-inf"]}),
    ],
)
def test_number_without_json_representation_becomes_text(value: Any, stored: Any) -> None:
    assert sanitize_post(extra={"x": value}) == (make_post(extra={"x": stored}), [NoteCode.VALUE_CHANGED])


@pytest.mark.parametrize("value", [True, False, None, 0, -1, 10**1_000 - 1, 1.5, "", [], {}, [{"a": [1, None]}]])
def test_valid_json_value_is_unchanged(value: Any) -> None:
    assert sanitize_post(extra={"x": value}) == (make_post(extra={"x": value}), [])


def test_too_deeply_nested_values_are_removed() -> None:
    nested: Any = 1
    for _ in range(5_000):
        nested = [nested]
    post, codes = sanitize_post(extra={"x": nested})
    assert json.dumps(post.extra).count("[") <= 100
    assert codes == [NoteCode.VALUE_CHANGED]


def test_invalid_email_becomes_one_placeholder_for_user_and_posts() -> None:
    post = make_post(author="Anne Droid")
    person = UserRecord(email="Anne Droid")
    item = sanitize_item(ImportedItem(source="x", post=post, people=(person,)))
    assert item.people[0].email == "anne-droid@authors.invalid"
    assert item.post
    assert item.post.author == "anne-droid@authors.invalid"
    assert [note.code for note in item.notes] == [NoteCode.USER_CHANGED]


def test_long_full_name_is_truncated_and_blank_one_removed() -> None:
    person, codes = sanitize_person(full_name="x" * 101)
    assert (person.full_name, codes) == ("x" * MAX_FULL_NAME, [NoteCode.USER_CHANGED])
    assert sanitize_person(full_name=" \n") == (UserRecord(email="anne@example.org"), [])


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+01:00"])
def test_instant_outside_the_years_of_utc_is_removed_and_stored_in_extra(text: str) -> None:
    instant = datetime.fromisoformat(text)
    post, codes = sanitize_post(created_at=instant, published_at=NOW)
    assert (post.created_at, post.published_at, post.extra) == (None, NOW, {"original_created_at": text})
    person, user_codes = sanitize_person(created_at=instant, updated_at=NOW)
    assert (person.created_at, person.updated_at) == (None, NOW)
    assert codes == user_codes == [NoteCode.DATE_INFERRED]


@pytest.mark.parametrize("instant", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)])
def test_first_and_last_instant_are_unchanged(instant: datetime) -> None:
    assert sanitize_post(created_at=instant)[0].created_at == instant


def test_digests_of_different_posts_differ() -> None:
    others: list[dict[str, Any]] = [
        {"title": "x"},
        {"content": "x"},
        {"tags": ("x",)},
        {"extra": {"x": 1}},
        {"published_at": NOW},
    ]
    digests = {digest_of(make_post(**values)) for values in [{}, *others]}
    assert len(digests) == 6
    assert sanitize_item(ImportedItem(source="x", post=make_post())).digest == digest_of(make_post())


@pytest.mark.parametrize("field", ["title", "content", "slug", "extra", "tags", "published_at", "trashed_at"])
def test_digest_depends_on_every_field(field: str) -> None:
    post = make_post(slug="s")
    values: dict[str, Any] = {"extra": {"a": 1}, "tags": ("a",), "published_at": NOW, "trashed_at": NOW}
    changed_post = replace(post, **{field: values.get(field, "other")})
    digests = [sanitize_item(ImportedItem(source="-", post=record)).digest for record in (post, changed_post)]
    assert digests[0] != digests[1]
    assert digests[0] == sanitize_item(ImportedItem(source="elsewhere", position=3, post=post)).digest


def test_words_of_the_content_are_counted() -> None:
    assert sanitize_item(ImportedItem(source="x", post=make_post(content="one two three"))).words == 3
    assert sanitize_item(ImportedItem(source="x")).words == 0
