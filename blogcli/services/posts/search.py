"""Search posts for words and phrases."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TypeAlias

from ...database import SessionFactory
from ...repositories.posts.filters import PostFilters
from ...repositories.posts.query import PostQueryRepository
from ...repositories.posts.rows import OnFault, PostRow
from ...schemas.base import Page
from ...schemas.posts.records import PostHit
from ...schemas.posts.selection import PostSelection
from ...search.query import Query, parse_query
from ...search.snippets import snippet
from .lookup import order_of, resolve_filters
from .summaries import PRINTED_SUMMARY, SUMMARY

# The row of a post, and the score of the post. The score is None if the post is not ranked.
_Match: TypeAlias = tuple[PostRow, float | None]


async def search_posts(
    sessions: SessionFactory,
    text: str,
    selection: PostSelection,
    *,
    by_score: bool,
    with_snippets: bool = True,
    with_total: bool = False,
    on_fault: OnFault | None = None,
) -> Page[PostHit]:
    """Return a page of the selected posts that match the query `text`. An empty query matches all posts.

    If `by_score` is true, the best matches come first. Otherwise, the posts are in the order of the selection. If a
    value cannot be read, the value is left empty and `on_fault` receives a message. If `on_fault` is None, such a value
    raises InvalidError. Raises NotFoundError if a tag or an author does not exist.
    """
    query = _query_of(text)
    window = {"offset": selection.offset, "limit": selection.limit}
    async with sessions() as session:
        posts = PostQueryRepository(session, columns=SUMMARY, on_fault=on_fault)
        filters = await resolve_filters(session, selection, query)
        next_cursor = None
        matches: Sequence[_Match]
        if query and by_score:
            matches = await posts.rank(filters, **window)
        else:
            page, next_cursor = await posts.page(filters, order_of(selection), after=selection.after, **window)
            matches = [(row, None) for row in page]
        total = await posts.count(filters) if with_total else None
        snippets = await _snippets(posts, matches, query) if with_snippets else {}
        hits = [PostHit(**row, score=score, snippet=snippets.get(row["id"], "")) for row, score in matches]
        return Page(items=hits, total=total, next=next_cursor)


async def stream_hits(
    sessions: SessionFactory,
    text: str,
    selection: PostSelection,
    *,
    by_score: bool,
    with_snippets: bool = True,
    on_fault: OnFault | None = None,
) -> AsyncIterator[Sequence[Mapping[str, object]]]:
    """Yield all selected posts that match the query `text`, in batches. An empty query matches all posts.

    If `by_score` is true, the best matches come first. Otherwise, the posts are in the order of the selection. Each
    post is a mapping with the keys and values of a `PostHit` in JSON. If a value cannot be read, the value is left
    empty and `on_fault` receives a message. If `on_fault` is None, such a value raises InvalidError. Raises
    NotFoundError if a tag or an author does not exist.
    """
    query = _query_of(text)
    async with sessions() as session:
        posts = PostQueryRepository(session, columns=PRINTED_SUMMARY, on_fault=on_fault)
        filters = await resolve_filters(session, selection, query)
        async for matches in _batches(posts, filters, selection, by_score=by_score and query is not None):
            snippets = await _snippets(posts, matches, query) if with_snippets else {}
            yield [{**row, "score": score, "snippet": snippets.get(row["id"], "")} for row, score in matches]


async def _batches(
    posts: PostQueryRepository, filters: PostFilters, selection: PostSelection, *, by_score: bool
) -> AsyncIterator[Sequence[_Match]]:
    if by_score:
        async for matches in posts.stream_ranked(filters, offset=selection.offset):
            yield matches
        return
    batches = posts.stream(filters, order_of(selection), offset=selection.offset, after=selection.after)
    async for rows in batches:
        yield [(row, None) for row in rows]


async def _snippets(posts: PostQueryRepository, matches: Sequence[_Match], query: Query | None) -> dict[int, str]:
    contents = await posts.contents([row["id"] for row, _ in matches])
    return {id_: snippet(content, query) for id_, content in contents.items()}


async def count_hits(sessions: SessionFactory, text: str, selection: PostSelection) -> int:
    """Return the number of selected posts that match a query, regardless of the limit and offset of the selection.

    Raises NotFoundError if a tag or an author does not exist.
    """
    async with sessions() as session:
        return await PostQueryRepository(session).count(await resolve_filters(session, selection, _query_of(text)))


def _query_of(text: str) -> Query | None:
    return parse_query(text) if text.strip() else None
