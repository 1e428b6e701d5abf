"""Measure searches for the 20 most relevant posts, compared with hand-written SQL that the database driver executes.

    python benchmarks/search.py [--sizes 10000,100000,1000000] [--engines sqlite,postgresql] [--json]

The searches use an open session. The baseline ranks all matches, and blogcli ranks only a limited number of the newest
matches. The baseline makes no snippets. blogcli makes snippets only in the measurement whose name contains "snippets".
"""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

from blogs import BlogDatabase, parse_options, prepare_databases
from measure import Operation, Row, compare, open_blog, show

from blogcli.schemas.posts.selection import PostSelection
from blogcli.search.documents import format_fts5_expression, format_ts_query, list_positive_clauses
from blogcli.search.query import parse_query
from blogcli.services.posts.search import search_posts

# Maps each search for two words to the name of its measurement. The name says how many posts contain the words.
SEARCHES = {
    "quokka narwhal": "two words, 100 matches",
    "ocelot wombat": "two words of 2 % each",
    "badger otter": "two words of 10 % each",
}
RARE_WORD = "quokka"
COMMON_WORD = "rabbit"
SELECTION = PostSelection(limit=20)

_COLUMNS = """
    p.id, p.uuid, p.title, p.slug, p.status, u.email, p.excerpt, p.words, p.published_at, p.created_at, p.updated_at,
    (SELECT {tags} FROM tags t JOIN post_tags pt ON pt.tag_id = t.id WHERE pt.post_id = p.id), score
    FROM best JOIN posts p ON p.id = best.id JOIN users u ON u.id = p.author_id ORDER BY score DESC, p.id DESC
"""
BASELINES = {
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


async def measure_searches(database: BlogDatabase, rounds: int) -> AsyncIterator[Row]:
    """Yield the result of each search in a database."""
    async with open_blog(database) as blog:

        def search(words: str, *, with_snippets: bool = False) -> Operation:
            return partial(search_posts, blog.sessions, words, SELECTION, by_score=True, with_snippets=with_snippets)

        def baseline(words: str) -> Operation:
            clauses = list_positive_clauses(parse_query(words))
            expression = format_fts5_expression(clauses) if database.engine == "sqlite" else format_ts_query(clauses)
            return blog.query(BASELINES[database.engine], [expression])

        check = partial(compare, database=database, rounds=rounds)
        for words, name in SEARCHES.items():
            statements = await blog.record_statements(search(words))
            yield await check(name, blogcli=search(words), baseline=baseline(words), statements=statements, target=1.3)
        words = "ocelot wombat"
        yield await check(
            f"{SEARCHES[words]}, with snippets", blogcli=search(words, with_snippets=True), baseline=baseline(words)
        )
        yield await check("a word in half of all posts", blogcli=search(COMMON_WORD), baseline=baseline(COMMON_WORD))
        yield await check(
            "a common word / a rare word, both in blogcli",
            blogcli=search(COMMON_WORD),
            baseline=search(RARE_WORD),
            target=10,
        )


async def main() -> None:
    """Run the measurements on all databases, and print the results."""
    options = parse_options(__doc__)
    databases = await asyncio.to_thread(lambda: list(prepare_databases(options)))
    show(
        [row for database in databases async for row in measure_searches(database, options.rounds)],
        as_json=options.json,
    )


if __name__ == "__main__":
    asyncio.run(main())
