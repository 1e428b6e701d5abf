"""Searches, the best 20, inside an open session, beside hand-written SQL through the bare driver.

    python benchmarks/search.py [--sizes 10000,100000,1000000] [--engines sqlite,postgresql] [--json]

The floor finds, ranks (all matches) and reads the same posts; it makes no snippets, and neither do we here but in the
row that says so.
"""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

from blogs import Place, arguments, places
from measure import Row, Use, compare, opened, show

from blogcli.schemas.posts import PostSelection
from blogcli.search.documents import fts5_expression, positive_clauses, ts_query
from blogcli.search.query import parse_query
from blogcli.services.posts.search import search_posts

# Two words, and how many posts have both.
PAIRS = {
    "quokka narwhal": "two words, 100 matches",
    "ocelot wombat": "two words of 2 % each",
    "badger otter": "two words of 10 % each",
}
RARE, COMMON = "quokka", "rabbit"
SELECTION = PostSelection(limit=20)

_COLUMNS = """
    p.id, p.uuid, p.title, p.slug, p.status, u.email, p.excerpt, p.words, p.published_at, p.created_at, p.updated_at,
    (SELECT {tags} FROM tags t JOIN post_tags pt ON pt.tag_id = t.id WHERE pt.post_id = p.id), score
    FROM best JOIN posts p ON p.id = best.id JOIN users u ON u.id = p.author_id ORDER BY score DESC, p.id DESC
"""
FLOORS = {
    "sqlite": """
        WITH best AS MATERIALIZED (
            SELECT rowid AS id, -bm25(post_search, 10.0, 1.0) AS score FROM post_search WHERE post_search MATCH ?
            AND NOT EXISTS (
                SELECT 1 FROM posts t INDEXED BY ix_posts_trashed
                WHERE t.id = post_search.rowid AND t.trashed_at IS NOT NULL
            )
            ORDER BY score DESC, rowid DESC LIMIT 20
        )
        SELECT """
    + _COLUMNS.format(tags="group_concat(t.name, ',')"),
    "postgresql": """
        WITH best AS MATERIALIZED (
            SELECT post_id AS id, ts_rank_cd('{{0.1, 0.1, 0.1, 1.0}}', document, $1::text::tsquery) AS score
            FROM post_search WHERE document @@ $1::text::tsquery
            AND NOT EXISTS (SELECT FROM posts t WHERE t.id = post_id AND t.trashed_at IS NOT NULL)
            ORDER BY score DESC, post_id DESC LIMIT 20
        )
        SELECT """.replace("{{", "{").replace("}}", "}")
    + _COLUMNS.format(tags="string_agg(t.name, ',')"),
}


async def measured(place: Place, rounds: int) -> AsyncIterator[Row]:
    """Each row of the table for one blog."""
    async with opened(place) as blog:

        def ours(words: str, *, with_snippets: bool = False) -> Use:
            return partial(search_posts, blog.sessions, words, SELECTION, by_score=True, with_snippets=with_snippets)

        def floor(words: str) -> Use:
            clauses = positive_clauses(parse_query(words))
            wanted = fts5_expression(clauses) if place.engine == "sqlite" else ts_query(clauses)
            return blog.query(FLOORS[place.engine], [wanted])

        check = partial(compare, place=place, rounds=rounds)
        for words, what in PAIRS.items():
            bare = await blog.alone(ours(words))
            yield await check(what, ours=ours(words), floor=floor(words), bare=bare, target=1.3)
        words = "ocelot wombat"
        yield await check("the same of 2 %, with snippets", ours=ours(words, with_snippets=True), floor=floor(words))
        yield await check("a word of half of all posts", ours=ours(COMMON), floor=floor(COMMON))
        yield await check("a common word / a rare one, both ours", ours=ours(COMMON), floor=ours(RARE), target=10)


async def main() -> None:
    """Measure every blog."""
    options = arguments(__doc__)
    found = await asyncio.to_thread(lambda: list(places(options)))
    show([row for place in found async for row in measured(place, options.rounds)], as_json=options.json)


if __name__ == "__main__":
    asyncio.run(main())
