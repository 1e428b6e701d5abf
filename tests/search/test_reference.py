"""Tests that SQLite, PostgreSQL and the reference implementation find the same posts for any texts and queries."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from blogcli.database import SessionFactory, open_database
from blogcli.repositories.posts.filters import PostFilters, PostOrder
from blogcli.repositories.posts.query import PostQueryRepository
from blogcli.repositories.posts.repository import PostRepository
from blogcli.search.analyzer import tokenize_markdown, tokens
from blogcli.search.query import parse_query
from tests.databases import ENGINES, Templates, settings_for
from tests.factories import make_post, make_user
from tests.search.reference import matches
from tests.stress import IS_FULL

pytestmark = pytest.mark.untraced

EXAMPLES = 10_000 if IS_FULL else 80
NAUGHTY = json.loads((Path(__file__).parents[1] / "data" / "naughty" / "blns.json").read_text("utf-8"))
WORDS = [
    *(
        "cat",
        "cats",
        "concatenate",
        "Café",
        "cafe\u0301",
        "naïve",
        "C",
        "C++",
        "c#",
        "asyncio",
        "sqlalchemy.ext.asyncio",
    ),
    *(
        "ещё",
        "еще",
        "й",
        "Ёлка",
        "データベース",
        "データ",
        "猫",
        "黒猫",
        "部署",
        "한국어",
        "ภาษาไทย",
        "हिन्दी",
        "שָׁלוֹם",
        "שלום",
    ),
    *("مُحَمَّد", "محمد", "ΑΘΉΝΑ", "αθηνα", "Straße", "STRASSE", "2024", "x", "a_b", "don't", "&eacute;t\u00e9", "İ", "ﬁ"),
    *("[link](http://secret.example/cat)", "<b>cat</b>", "`<cat>`", "😀", "title:cat", "OR", "AND", "NOT", "NEAR(a b)"),
]
TEXTS = st.lists(st.sampled_from(WORDS) | st.sampled_from(NAUGHTY) | st.text(max_size=8), max_size=8).map(" ".join)
STORABLE = TEXTS.map(lambda text: text.replace("\0", "").encode(errors="ignore").decode())
TERMS = (
    st.sampled_from(WORDS)
    | st.sampled_from(WORDS).map(lambda word: word[:3])
    | st.sampled_from(NAUGHTY)
    | st.text(max_size=4)
)
ITEMS = st.builds(
    lambda sign, field, shape, term: sign + field + shape.format(term),
    st.sampled_from(["", "", "-"]),
    st.sampled_from(["", "", "title:", "content:"]),
    st.sampled_from(["{}", "{}", '"{}"', "{}*", '"{}']),
    TERMS,
)
QUERIES = st.lists(ITEMS | st.just("OR"), min_size=1, max_size=4).map(" ".join)

Both = tuple[asyncio.Runner, list[SessionFactory]]


@pytest.fixture(scope="module")
def both(
    templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[asyncio.Runner, list[SessionFactory]]]:
    """Yield a runner, and two session factories for blogs without posts: one on SQLite, and one on PostgreSQL."""
    folder = tmp_path_factory.mktemp("both")
    urls = [templates.new(engine, folder) for engine in ENGINES]
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        openings = [stack.enter_async_context(open_database(settings_for(url))) for url in urls]
        yield runner, [runner.run(opening) for opening in openings]
        runner.run(stack.aclose())
    for url in urls:
        templates.drop(url)


async def find_matches(sessions: SessionFactory, texts: list[tuple[str, str]], queries: list[str]) -> list[set[int]]:
    """Return, for each query, the indexes of the texts that the query matches.

    The texts are added as posts in a transaction that is rolled back.
    """
    async with sessions.begin(dry_run=True) as session:
        posts = PostRepository(session)
        author = make_user()
        added_posts = [await posts.add(make_post(author=author, title=title, content=text)) for title, text in texts]
        numbers = {post.id: number for number, post in enumerate(added_posts)}
        return [{numbers[id_] for id_ in await query_ids(session, query)} for query in queries]


async def query_ids(session: AsyncSession, query: str) -> set[int]:
    posts = PostQueryRepository(session)
    filters = PostFilters(query=parse_query(query))
    ranked = {post["id"] for post, _ in await posts.rank(filters)}
    assert ranked == set(await posts.ids(filters, PostOrder()))
    assert len(ranked) == await posts.count(filters)
    return ranked


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.tuples(STORABLE.map(lambda text: text[:500]), STORABLE), min_size=1, max_size=4),
    queries=st.lists(QUERIES, min_size=1, max_size=4),
)
def test_both_databases_find_same_posts(both: Both, texts: list[tuple[str, str]], queries: list[str]) -> None:
    runner, databases = both
    expected = [
        {
            number
            for number, (title, text) in enumerate(texts)
            if matches(parse_query(query), {"title": tokens(title), "content": tokenize_markdown(text)})
        }
        for query in queries
    ]
    for sessions in databases:
        assert runner.run(find_matches(sessions, texts, queries)) == expected
