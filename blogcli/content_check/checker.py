"""Apply the rules that read one post at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache

from ..enums import CheckRule
from ..text.line_ends import with_line_feeds
from .document import Document, parse_document
from .encoding import check_encoding
from .images import check_images, may_lack_alt
from .links import anchors_of, check_anchor, find_internal_links, may_have_internal_link
from .posts import check_due_dates, check_slug
from .records import CheckedPost, InternalLink, Issue, PostReport
from .rules import LINK_RULES
from .texts import check_emptiness, check_front_matter


def check_posts(rules: frozenset[CheckRule], now: datetime, posts: Sequence[CheckedPost]) -> list[PostReport]:
    """Return a report for each post, with the issues that violate one of `rules` at the time `now`."""
    return [check_post(post, rules, now) for post in posts]


def check_post(post: CheckedPost, rules: frozenset[CheckRule], now: datetime) -> PostReport:
    """Return the issues of a post that violate one of `rules` at the time `now`, and its links to other posts.

    The Markdown text is parsed at most once, and only if a rule needs it.
    """
    # The parser ends a line at each line break of CommonMark, so the other rules have to count the same lines.
    post = replace(post, content=with_line_feeds(post.content))

    @cache
    def parse() -> Document:
        return parse_document(post.content)

    issues: list[Issue] = []
    links: list[InternalLink] = []
    if rules & LINK_RULES and may_have_internal_link(post.content):
        links += find_internal_links(post.content, parse())
        issues += _check_own_anchors(post, parse(), links)
    if CheckRule.IMAGE_WITHOUT_ALT in rules and may_lack_alt(post.content):
        issues += check_images(parse())
    if CheckRule.MOJIBAKE in rules:
        issues += check_encoding(post.title, post.content, parse)
    issues += _check_values(post, now)
    return PostReport(
        post.id,
        post.slug,
        post.is_public,
        tuple(sorted((issue for issue in issues if issue.rule in rules), key=lambda issue: issue.line or 0)),
        tuple(link for link in links if not link.target.is_own_post),
    )


def find_anchors(content: str) -> frozenset[str] | None:
    """Return the anchors of a text in a comparable form, or None if they are not known."""
    content = with_line_feeds(content)
    return anchors_of(content, parse_document(content))


def _check_own_anchors(post: CheckedPost, document: Document, links: Sequence[InternalLink]) -> Iterator[Issue]:
    """Yield an issue for each link to a missing anchor of the same post."""
    own_links = [link for link in links if link.target.is_own_post]
    if own_links:
        anchors = anchors_of(post.content, document)
        yield from filter(None, (check_anchor(link, anchors) for link in own_links))


def _check_values(post: CheckedPost, now: datetime) -> Iterator[Issue]:
    issues = (
        check_emptiness(post.content),
        check_front_matter(post.content),
        check_slug(post.slug),
        check_due_dates(post, now),
    )
    return (issue for issue in issues if issue)
