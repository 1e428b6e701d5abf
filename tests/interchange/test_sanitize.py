"""What readers found, made fit for the database."""

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
    usual: dict[str, Any] = {"uuid": UUID(int=1), "title": "A title"}
    return PostRecord(**usual | values)


def fitted(**values: Any) -> tuple[PostRecord, list[NoteCode]]:
    entry = sanitize_item(ImportedItem(source="blog.jsonl", position=3, post=make_post(**values)))
    assert entry.post
    return entry.post, [note.code for note in entry.notes]


def fitted_person(**values: Any) -> tuple[UserRecord, list[NoteCode]]:
    usual = {"email": "anne@example.org"}
    entry = sanitize_item(ImportedItem(source="blog.jsonl", position=3, people=(UserRecord(**usual | values),)))
    return entry.people[0], [note.code for note in entry.notes]


@settings(max_examples=30)
@given(posts)
def test_whatever_a_reader_found_of_a_post_can_be_stored(found: PostRecord) -> None:
    entry = sanitize_item(ImportedItem(source="x", post=found))
    post = entry.post
    assert post
    assert post.title.strip()
    assert len(post.title) <= MAX_TITLE
    assert post.slug is None or slug_problem(post.slug) is None
    assert [normalize_tag_name(tag) for tag in post.tags] == list(post.tags)
    assert len({tag_key(tag) for tag in post.tags}) == len(post.tags)
    assert post.author is None or normalize_email(post.author, is_deliverable=False) == post.author
    everything = json.dumps([post.title, post.content, post.excerpt, post.extra], ensure_ascii=False, allow_nan=False)
    everything.encode()
    assert "\\u0000" not in everything


@given(people)
def test_whatever_a_reader_found_of_a_person_can_be_stored(found: UserRecord) -> None:
    (person,) = sanitize_item(ImportedItem(source="x", people=(found,))).people
    assert normalize_email(person.email, is_deliverable=False) == person.email
    assert person.full_name is None or 0 < len(person.full_name.encode().decode()) <= MAX_FULL_NAME
    assert "\0" not in (person.full_name or "")


@settings(max_examples=30)
@given(posts, people)
def test_what_is_fit_stays_as_it_is_and_nothing_is_said_of_it(post: PostRecord, person: UserRecord) -> None:
    once = sanitize_item(ImportedItem(source="x", post=post, people=(person,)))
    assert sanitize_item(replace(once, notes=())) == replace(once, notes=())


@settings(max_examples=30)
@given(posts)
def test_a_change_is_never_silent(post: PostRecord) -> None:
    entry = sanitize_item(ImportedItem(source="x", post=post))
    assert entry.post
    if not entry.notes:
        blank: dict[str, Any] = {"tags": (), "extra": {}, "author": None}
        assert replace(entry.post, **blank) == replace(post, **blank)
        assert {tag_key(" ".join(tag.split())) for tag in post.tags} == set(map(tag_key, entry.post.tags))
        assert entry.post.extra.items() >= post.extra.items()


@given(strategies.posts())
def test_what_a_database_gave_out_is_fit(post: PostRecord) -> None:
    entry = sanitize_item(ImportedItem(source="x", post=post))
    assert (entry.post, entry.notes) == (post, ())


def test_notes_stand_behind_the_readers_and_say_where() -> None:
    before = Note("blog.jsonl", 3, NoteCode.DATE_INFERRED, "guessed")
    entry = sanitize_item(
        ImportedItem(source="blog.jsonl", position=3, post=make_post(content="a\0b\0"), notes=(before,))
    )
    text = "U+0000, which databases cannot store, was removed"
    assert entry.notes == (before, Note("blog.jsonl", 3, NoteCode.CHARACTER_REMOVED, text))
    assert entry.post
    assert entry.post.content == "ab"


def test_notes_are_short_whatever_they_quote() -> None:
    long = "\x01" * 100_000
    post = make_post(title=long, slug=long, tags=(long, f"{long}x"), author=long, extra={long: [10**2_000]})
    person = UserRecord(email=long, full_name=long)
    notes = sanitize_item(ImportedItem(source="x", post=post, people=(person,))).notes
    assert len(notes) >= 6
    assert all(len(note.message) < 1_000 and "\n" not in note.message for note in notes)


@pytest.mark.parametrize(("slug", "title"), [("my-first-post", "my first post"), (None, "Untitled"), ("-", "Untitled")])
def test_a_post_without_a_title_is_named_after_its_slug(slug: str | None, title: str) -> None:
    post, codes = fitted(title=" \n", slug=slug)
    assert post.title == title
    assert codes[0] is NoteCode.TITLE_INFERRED


def test_a_title_made_from_a_slug_can_be_stored_too() -> None:
    assert fitted(title="", slug="a\ud800\0b")[0].title == "ab"


def test_a_title_that_is_too_long_is_cut_and_kept_in_full_beside() -> None:
    assert fitted(title="x" * MAX_TITLE) == (make_post(title="x" * MAX_TITLE), [])
    post, codes = fitted(title="x" * MAX_TITLE + "y")
    assert post.title == "x" * (MAX_TITLE - 1) + "…"
    assert post.extra == {"original_title": "x" * MAX_TITLE + "y"}
    assert codes == [NoteCode.TITLE_TRUNCATED]


def test_a_slug_that_cannot_be_an_address_becomes_one() -> None:
    post, codes = fitted(slug="Été/2024")
    assert (post.slug, post.extra, codes) == ("ete-2024", {"original_slug": "Été/2024"}, [NoteCode.SLUG_CHANGED])


def test_tags_lose_what_tags_cannot_have() -> None:
    post, codes = fitted(tags=("a,\x01b", "  c   d ", "x" * (MAX_TAG_NAME + 1), ",", "ok"))
    assert post.tags == ("a b", "c d", "x" * MAX_TAG_NAME, "ok")
    assert codes == [NoteCode.TAG_CHANGED] * 3
    assert post.extra == {"original_tags": ["a,\x01b", "  c   d ", "x" * (MAX_TAG_NAME + 1), ",", "ok"]}


@pytest.mark.parametrize("length", [MAX_TAG_NAME, MAX_TAG_NAME // 2 + 1])
def test_a_tag_that_grows_when_it_is_composed_is_cut(length: int) -> None:
    post, codes = fitted(tags=("\u0958" * length,))
    assert post.tags == (unicodedata.normalize("NFC", "\u0958" * length)[:MAX_TAG_NAME],)
    assert codes == [NoteCode.TAG_CHANGED]


def test_tags_that_differ_in_case_only_are_one() -> None:
    post, codes = fitted(tags=("Python", "python", "ＰＹＴＨＯＮ", "go"))
    assert post.tags == ("Python", "go")
    assert codes == [NoteCode.TAG_MERGED] * 2


def test_what_stands_in_extra_already_is_not_overwritten() -> None:
    extra = {"original_title": "t", "original_slug": "s", "original_tags": ["x"]}
    assert fitted(title="x" * 600, slug="A", tags=("a,b",), extra=extra)[0].extra == extra


def test_tags_of_no_post_are_made_fit_too() -> None:
    entry = sanitize_item(ImportedItem(source="x", tags=(TagRecord(name="a,b"), TagRecord(name=","))))
    assert entry.tags == (TagRecord(name="a b"),)
    assert [note.code for note in entry.notes] == [NoteCode.TAG_CHANGED] * 2


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
def test_numbers_that_json_cannot_say_become_texts(value: Any, stored: Any) -> None:
    assert fitted(extra={"x": value}) == (make_post(extra={"x": stored}), [NoteCode.VALUE_CHANGED])


@pytest.mark.parametrize("value", [True, False, None, 0, -1, 10**1_000 - 1, 1.5, "", [], {}, [{"a": [1, None]}]])
def test_other_values_stay(value: Any) -> None:
    assert fitted(extra={"x": value}) == (make_post(extra={"x": value}), [])


def test_values_that_are_nested_too_deeply_are_dropped() -> None:
    nested: Any = 1
    for _ in range(5_000):
        nested = [nested]
    post, codes = fitted(extra={"x": nested})
    assert json.dumps(post.extra).count("[") <= 100
    assert codes == [NoteCode.VALUE_CHANGED]


def test_what_is_no_address_becomes_one_that_reaches_nobody_for_the_person_and_their_posts() -> None:
    post, person = make_post(author="Anne Droid"), UserRecord(email="Anne Droid")
    entry = sanitize_item(ImportedItem(source="x", post=post, people=(person,)))
    assert entry.people[0].email == "anne-droid@authors.invalid"
    assert entry.post
    assert entry.post.author == "anne-droid@authors.invalid"
    assert [note.code for note in entry.notes] == [NoteCode.USER_CHANGED]


def test_names_of_people_are_cut_and_blank_ones_are_none() -> None:
    person, codes = fitted_person(full_name="x" * 101)
    assert (person.full_name, codes) == ("x" * MAX_FULL_NAME, [NoteCode.USER_CHANGED])
    assert fitted_person(full_name=" \n") == (UserRecord(email="anne@example.org"), [])


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+01:00"])
def test_instants_that_utc_has_not_are_left_out_and_kept_beside(text: str) -> None:
    moment = datetime.fromisoformat(text)
    post, codes = fitted(created_at=moment, published_at=NOW)
    assert (post.created_at, post.published_at, post.extra) == (None, NOW, {"original_created_at": text})
    person, codes_of_person = fitted_person(created_at=moment, updated_at=NOW)
    assert (person.created_at, person.updated_at) == (None, NOW)
    assert codes == codes_of_person == [NoteCode.DATE_INFERRED]


@pytest.mark.parametrize("moment", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)])
def test_the_first_and_the_last_instant_stay(moment: datetime) -> None:
    assert fitted(created_at=moment)[0].created_at == moment


def test_a_digest_tells_any_two_posts_apart() -> None:
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


def test_words_are_those_of_the_content() -> None:
    assert sanitize_item(ImportedItem(source="x", post=make_post(content="one two three"))).words == 3
    assert sanitize_item(ImportedItem(source="x")).words == 0
