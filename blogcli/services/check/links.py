"""Look up the posts to which links lead, and check the links."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...content_check.checker import find_anchors
from ...content_check.link_targets import LinkTarget, path_key, permalink_key
from ...content_check.links import TargetPost, check_anchor, check_link, check_missing_post, is_misspelling
from ...content_check.records import InternalLink, Issue, PostReport
from ...enums import CheckRule
from ...repositories.check import CheckRepository
from ...schemas.check import CheckOptions

# The extra fields in which imports keep the addresses that a post has, or had, on the site.
_PERMALINK_FIELDS = ("permalink", "url", "path", "link", "aliases", "redirect_from", "original_slug", "slug")
# The maximum number of posts whose anchors, and of slugs whose similar slugs, are kept, so that they need not be
# looked up for every link.
_MAX_KEPT = 500


class LinkChecker:
    """Checks the links of posts, one batch of posts after another."""

    def __init__(self, repository: CheckRepository, options: CheckOptions) -> None:
        self._repository = repository
        self._rules = frozenset(options.levels)
        self._pages = [path_key(page) for page in options.pages]
        self._permalinks: dict[str, int] | None = None
        self._anchors: dict[int, frozenset[str] | None] = {}
        self._similar_slugs: dict[str, str | None] = {}

    async def check(self, reports: Sequence[PostReport]) -> Mapping[int, list[Issue]]:
        """Return the issues of the links in a batch of posts, by the id of the post."""
        targets = [link.target for report in reports for link in report.links]
        posts = await self._find_posts(targets)
        await self._find_similar_slugs([target.slugs[0] for target in targets if target not in posts and target.slugs])
        issues: dict[int, list[Issue]] = {}
        for report in reports:
            for link in report.links:
                issue = await self._check_link(link, report, posts.get(link.target))
                if issue and issue.rule in self._rules:
                    issues.setdefault(report.post_id, []).append(issue)
        return issues

    async def _check_link(self, link: InternalLink, report: PostReport, post: TargetPost | None) -> Issue | None:
        if post is not None:
            return check_link(link, report, post) or await self._check_anchor(link, post)
        if self._is_page(link.target):
            return None
        slug = next(iter(link.target.slugs), "")
        return check_missing_post(link, self._similar_slugs.get(slug))

    async def _find_similar_slugs(self, slugs: Sequence[str]) -> None:
        """Look up, for each slug that no post has, the slug of a post that may be meant."""
        if len(self._similar_slugs) > _MAX_KEPT:
            self._similar_slugs.clear()
        unknown = [slug for slug in dict.fromkeys(slugs) if slug not in self._similar_slugs]
        known = await self._repository.slugs_like(unknown) if unknown else []
        for slug in unknown:
            self._similar_slugs[slug] = next((other for other in known if is_misspelling(slug, other)), None)

    async def _find_posts(self, targets: Sequence[LinkTarget]) -> dict[LinkTarget, TargetPost]:
        """Return the posts to which links lead, by the target of the link. Targets without a post are missing."""
        slugs = list(dict.fromkeys(slug for target in targets for slug in target.slugs))
        by_slug = await self._repository.states_by_slug(slugs)
        unresolved = [target for target in targets if not any(slug in by_slug for slug in target.slugs)]
        ids = await self._ids_by_permalink(unresolved)
        by_id = await self._repository.states_by_id(list(set(ids.values())))
        posts = {target: by_id[id_] for target, id_ in ids.items() if id_ in by_id}
        for target in targets:
            slug = next((slug for slug in target.slugs if slug in by_slug), None)
            if slug is not None:
                posts[target] = by_slug[slug]
        return {target: TargetPost(*state) for target, state in posts.items()}

    async def _ids_by_permalink(self, targets: Sequence[LinkTarget]) -> dict[LinkTarget, int]:
        """Return the ids of the posts that have the path of a target as a permalink, by the target."""
        if not targets:
            return {}
        if self._permalinks is None:
            self._permalinks = await self._read_permalinks()
        return {target: self._permalinks[target.path] for target in targets if target.path in self._permalinks}

    async def _read_permalinks(self) -> dict[str, int]:
        """Return the ids of all posts that have permalinks in their extra fields, by permalink."""
        permalinks: dict[str, int] = {}
        async for id_, extra in self._repository.stream_extra(_PERMALINK_FIELDS):
            for permalink in _permalinks_of(extra):
                permalinks.setdefault(permalink_key(permalink), id_)
        permalinks.pop("", None)
        return permalinks

    async def _check_anchor(self, link: InternalLink, post: TargetPost) -> Issue | None:
        if not link.target.fragment or CheckRule.BROKEN_ANCHOR not in self._rules:
            return None
        if post.id not in self._anchors:
            if len(self._anchors) >= _MAX_KEPT:
                del self._anchors[next(iter(self._anchors))]
            self._anchors[post.id] = find_anchors(await self._repository.content(post.id))
        return check_anchor(link, self._anchors[post.id])

    def _is_page(self, target: LinkTarget) -> bool:
        """Return whether the path of a link is that of a page which the settings name, or below such a page."""
        return any(target.path == page or target.path.startswith(f"{page}/") for page in self._pages)


def _permalinks_of(extra: Mapping[str, Any]) -> Iterator[str]:
    """Yield the permalinks in the extra fields of a post, which are texts or lists of texts."""
    for fields in (extra, *(value for value in extra.values() if isinstance(value, dict))):
        for name in _PERMALINK_FIELDS:
            value = fields.get(name)
            for permalink in value if isinstance(value, list) else [value]:
                if isinstance(permalink, str):
                    yield permalink
