"""Posts found by words."""

from collections.abc import AsyncIterator, Mapping, Sequence

from ...database import SessionFactory
from ...repositories.posts.filters import PostFilters
from ...repositories.posts.query import ListingRepository
from ...repositories.posts.rows import ListedPost, OnFault
from ...schemas.base import Page
from ...schemas.posts import PostHit, PostSelection
from ...search.query import Query, parse_query
from ...search.snippets import snippet
from .lookup import filters_of, order_of
from .summaries import listed_post


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
    """The posts that a query finds among the chosen ones, the best first or in the order of the selection.

    An empty text finds them all. Raises NotFoundError for an unknown tag or author. `on_fault` learns which values
    cannot be read, and are left empty; without it they raise InvalidError.
    """
    query = _query_of(text)
    window = {"offset": selection.offset, "limit": selection.limit}
    async with sessions() as session:
        posts = ListingRepository(session, on_fault=on_fault)
        filters = await filters_of(session, selection, query)
        if query and by_score:
            found, following = await posts.best(filters, **window), None
        else:
            page, following = await posts.page(filters, order_of(selection), after=selection.after, **window)
            found = [(post, None) for post in page]
        total = await posts.count(filters) if with_total else None
        contents = await posts.contents([post["id"] for post, _ in found]) if with_snippets else {}
        snippets = {id_: snippet(content, query) for id_, content in contents.items()}
        hits = [listed_post(PostHit, post, score=score, snippet=snippets.get(post["id"], "")) for post, score in found]
        return Page(items=hits, total=total, next=following)


async def stream_hits(
    sessions: SessionFactory,
    text: str,
    selection: PostSelection,
    *,
    by_score: bool,
    with_snippets: bool = True,
    on_fault: OnFault | None = None,
) -> AsyncIterator[Sequence[Mapping[str, object]]]:
    """All that a query finds, in the same order, a batch at a time, in the form in which `PostHit` is printed.

    Raises NotFoundError for an unknown tag or author. `on_fault` is as in `search_posts`.
    """
    query = _query_of(text)
    async with sessions() as session:
        posts = ListingRepository(session, on_fault=on_fault)
        filters = await filters_of(session, selection, query)
        async for found in _batches(posts, filters, selection, by_score=by_score and query is not None):
            contents = await posts.contents([post["id"] for post, _ in found]) if with_snippets else {}
            snippets = {id_: snippet(content, query) for id_, content in contents.items()}
            yield [{**post, "score": score, "snippet": snippets.get(post["id"], "")} for post, score in found]


async def _batches(
    posts: ListingRepository, filters: PostFilters, selection: PostSelection, *, by_score: bool
) -> AsyncIterator[Sequence[tuple[ListedPost, float | None]]]:
    if by_score:
        async for found in posts.stream_best(filters, offset=selection.offset):
            yield found
        return
    batches = posts.stream(filters, order_of(selection), offset=selection.offset, after=selection.after)
    async for batch in batches:
        yield [(post, None) for post in batch]


async def count_found(sessions: SessionFactory, text: str, selection: PostSelection) -> int:
    """How many of the chosen posts a query finds, whatever the limit; NotFoundError for an unknown tag or author."""
    async with sessions() as session:
        return await ListingRepository(session).count(await filters_of(session, selection, _query_of(text)))


def _query_of(text: str) -> Query | None:
    return parse_query(text) if text.strip() else None
