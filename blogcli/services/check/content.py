"""Check the content of posts and tags for mistakes."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Sequence
from contextlib import aclosing, closing
from dataclasses import fields
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from ...content_check.checker import check_posts
from ...content_check.records import CheckedPost, Issue, PostReport
from ...content_check.rules import LINK_RULES, POST_RULES
from ...content_check.tags import CheckedTag, find_similar_tags
from ...database import SessionFactory
from ...enums import CheckRule
from ...parallel import map_ordered
from ...repositories.check import CheckRepository, read_batches
from ...repositories.posts.filters import PostFilters
from ...repositories.posts.rows import OnFault
from ...schemas.check import CheckedBatch, CheckOptions, Finding
from ...schemas.posts.selection import PostSelection
from ..posts.lookup import resolve_filters
from .links import LinkChecker

_NO_POST = (None, None)
_POST_FIELDS = [field.name for field in fields(CheckedPost)]


async def check_content(
    sessions: SessionFactory, selection: PostSelection, options: CheckOptions, *, on_fault: OnFault
) -> AsyncIterator[CheckedBatch]:
    """Check the selected posts and their tags, and yield the findings in batches.

    The findings of posts come first, in the order of the ids of the posts. Posts with equal titles and tags follow.
    `on_fault` receives a line about each value that cannot be read. A post with such a value is not checked. Raises
    NotFoundError if a tag or an author does not exist.
    """
    rules = frozenset(options.levels)
    async with sessions() as session:
        await CheckRepository(session).use_snapshot()
        filters = await resolve_filters(session, selection)
        async with aclosing(_check_posts(session, filters, options, on_fault)) as batches:
            async for batch in batches:
                yield batch
        if CheckRule.DUPLICATE_TITLE in rules:
            async for rows in CheckRepository(session).stream_duplicate_titles(filters):
                findings = [_make_finding(options, _describe_title(row), post=(row.id, row.slug)) for row in rows]
                yield CheckedBatch(posts=0, findings=findings)
        if rules & {CheckRule.SIMILAR_TAGS, CheckRule.TAG_ON_ONE_POST}:
            yield CheckedBatch(posts=0, findings=await _check_tags(session, filters, options))


async def _check_posts(
    session: AsyncSession, filters: PostFilters, options: CheckOptions, on_fault: OnFault
) -> AsyncGenerator[CheckedBatch, None]:
    """Yield the findings of the rules that read one post at a time, and of the rules about links."""
    rules = frozenset(options.levels) & POST_RULES
    links = LinkChecker(CheckRepository(session), options)
    check = partial(check_posts, rules, datetime.now(UTC))

    def read_posts(sync: Session) -> Iterator[list[CheckedPost]]:
        for rows in read_batches(sync, filters, on_fault):
            yield [CheckedPost(**{name: row[name] for name in _POST_FIELDS}) for row in rows]

    with closing(map_ordered(check, read_posts(session.sync_session), weigh=_weigh)) as batches:  # type: ignore[type-var]  # map_ordered returns a generator
        while reports := await session.run_sync(lambda _: next(batches, None)):
            issues = await links.check(reports) if rules & LINK_RULES else {}
            yield CheckedBatch(
                posts=len(reports),
                findings=[
                    finding
                    for report in reports
                    for finding in _findings_of(report, issues.get(report.post_id, ()), options)
                ],
            )


def _weigh(posts: Sequence[CheckedPost]) -> int:
    return sum(len(post.content) for post in posts)


def _findings_of(report: PostReport, link_issues: Iterable[Issue], options: CheckOptions) -> Iterator[Finding]:
    issues = sorted([*report.issues, *link_issues], key=lambda issue: issue.line or 0)
    return (_make_finding(options, issue, post=(report.post_id, report.slug)) for issue in issues)


def _make_finding(
    options: CheckOptions, issue: Issue, *, post: tuple[int | None, str | None], tag: str | None = None
) -> Finding:
    """Return the finding for an issue of a post, which is given by its id and slug, or of a tag."""
    return Finding(
        rule=issue.rule,
        level=options.levels[issue.rule],
        id=post[0],
        slug=post[1],
        tag=tag,
        line=issue.line,
        text=issue.text,
        repair=issue.repair,
    )


def _describe_title(row: Row[Any]) -> Issue:
    other_id = row.first_id if row.id != row.first_id else row.last_id
    others = f" and {row.number - 2:,} more" if row.number > 2 else ""
    return Issue(
        rule=CheckRule.DUPLICATE_TITLE,
        text=f"The title is also the title of post {other_id}{others}: {row.title}",
        repair=f"Change it with `blogcli post update {row.id} --title TITLE`",
    )


async def _check_tags(session: AsyncSession, filters: PostFilters, options: CheckOptions) -> list[Finding]:
    """Return the findings about the tags of the selected posts, or about all tags if there are no filters."""
    repository = CheckRepository(session)
    tags = [CheckedTag(*row) for row in await repository.tags_with_posts()]
    selected_ids = await repository.selected_tag_ids(filters) if filters.is_narrow else {tag.id for tag in tags}
    findings: list[Finding] = []
    if CheckRule.SIMILAR_TAGS in options.levels:
        findings += (
            _make_finding(options, issue, post=_NO_POST, tag=tag.name)
            for tag, issue in find_similar_tags(tags)
            if tag.id in selected_ids
        )
    if CheckRule.TAG_ON_ONE_POST in options.levels:
        single = [tag for tag in tags if tag.posts == 1 and tag.id in selected_ids]
        posts = await repository.posts_of_tags([tag.id for tag in single])
        for tag in single:
            issue = _describe_single_tag(tag)
            findings.append(_make_finding(options, issue, post=posts.get(tag.id, _NO_POST), tag=tag.name))
    return findings


def _describe_single_tag(tag: CheckedTag) -> Issue:
    return Issue(
        rule=CheckRule.TAG_ON_ONE_POST,
        text=f"Only one post has the tag {tag.name}",
        repair="Add the tag to other posts, or remove it with `blogcli tag delete`",
    )
