"""Hypothesis strategies that generate records with hostile values, for the property tests of formats."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from blogcli.enums import PostStatus
from blogcli.interchange.records import PostRecord, TagRecord, UserRecord

HOSTILE_TEXTS = ["", " ", "\n", "a\n\n", "\x1b[31m", "]]>", "<!--", "---\n", "+++\n"]
HOSTILE_TEXTS += ["é", "e\u0301", "\u202e", "Yes", "07", "1e3", "null"]
# Generates any string that a database can store.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40) | st.sampled_from(
    HOSTILE_TEXTS
)
lines = st.lists(texts, max_size=5).map("\n".join)
instants = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - the values are in UTC
numbers = st.integers(-(10**40), 10**40) | st.floats(allow_nan=False, allow_infinity=False)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
names = st.from_regex(r"[a-z]{1,8}", fullmatch=True)
emails = names.map(lambda name: f"{name}@example.org")
odd_slugs = st.sampled_from(["日本語", "con", "nul", "é"])
slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True) | odd_slugs
titles = texts.map(lambda text: f"{text}!")
odd_names = st.sampled_from(["a b", "C++", "#internal", "日本", "Été", "yes", "07"])
tags = st.lists(names | odd_names, max_size=4, unique=True)

people = st.builds(
    UserRecord,
    email=emails,
    full_name=st.none() | titles,
    is_active=st.booleans(),
    created_at=instants,
    updated_at=instants,
)
tag_records = st.builds(TagRecord, name=names)


def posts(*, extras: st.SearchStrategy[dict[str, Any]] | None = None) -> st.SearchStrategy[PostRecord]:
    """Return a strategy for posts that have, like every post in a database, a slug, an author and times."""
    return st.builds(
        PostRecord,
        uuid=st.uuids(),
        title=titles,
        author=emails,
        slug=slugs,
        content=lines,
        excerpt=st.none() | lines,
        status=st.sampled_from([PostStatus.DRAFT, PostStatus.SCHEDULED, PostStatus.PUBLISHED]),
        tags=tags.map(lambda names: tuple(sorted(names))),
        extra=st.dictionaries(texts, values, max_size=3) if extras is None else extras,
        published_at=st.none() | instants,
        created_at=instants,
        updated_at=instants,
        trashed_at=st.none() | instants,
        expires_at=st.none() | instants,
        first_published_at=st.none() | instants,
    )
