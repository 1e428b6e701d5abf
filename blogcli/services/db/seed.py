"""Fill a blog with sample content. The content depends on a seed, but not on the current time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from ...database import SessionFactory
from ...enums import PostStatus
from ...errors import ConflictError
from ...models.users import UNUSABLE_PASSWORD
from ...reporter import Reporter
from ...repositories.base import CHUNK
from ...repositories.identifiers import chunked
from ...repositories.posts.bulk_insert import BulkInsertRepository
from ...repositories.posts.slugs import SlugAllocator
from ...schemas.db import Seeded
from ...text.casefold import tag_key
from ...text.slugify import slugify_title
from .sample_texts import (
    SampleText,
    StableRandom,
    count_topic_tags,
    make_sample_person,
    make_sample_tag,
    make_sample_text,
)

# The UUID of a post is derived from this namespace, the seed and the number of the post. A repeated run therefore
# recognizes the posts that already exist.
_NAMESPACE = UUID("296829fe-e53d-46b6-8b2b-c9282d49e5de")
# The statuses of the first 20 posts. The statuses are repeated for the next 20 posts, and so on. Three quarters of the
# posts, including the newest post, are published.
_STATUSES = [
    {"P": PostStatus.PUBLISHED, "D": PostStatus.DRAFT, "S": PostStatus.SCHEDULED}[letter]
    for letter in "PPPDPPPPSPPDPPPPPSPD"
]
# The maximum number of sample users, and of sample tags, that may have been deleted since earlier runs. If more were
# deleted, users and tags with higher numbers are not recognized as sample content.
_MAX_DELETED = 1_000
_BLOG_OPENED = datetime(2016, 1, 1, tzinfo=UTC)
_NEWEST_POST = datetime(2026, 9, 30, tzinfo=UTC)
_FAR_FUTURE = datetime(2099, 1, 1, tzinfo=UTC)
# The number of days in the ten years that the dates of posts cover. Each post is two days older than the previous post,
# so the first pass through the ten years skips every other day. Because the number of days is odd, the second pass uses
# the days that the first pass has skipped.
_DAYS = 3_653


async def seed(
    sessions: SessionFactory,
    *,
    posts: int,
    users: int,
    tags: int,
    seed: int,
    force: bool = False,
    dry_run: bool = False,
    on_progress: Reporter | None = None,
) -> Seeded:
    """Fill the blog with sample content, and return the numbers of new users, posts and tags.

    Content that an earlier run created is not changed, even if the content was edited or trashed after that run. If
    `users` is 0, the first sample user becomes the author of the posts. `on_progress` receives the number of posts that
    were processed so far and the number of all posts. Raises ConflictError if the blog has other content, unless
    `force` is true.
    """
    async with sessions.begin(dry_run=dry_run) as session:
        repository = BulkInsertRepository(session)
        if not force:
            await _refuse_other_content(repository, users, tags)
        people, new_users = await _ensure_users(repository, max(users, 1) if posts else users)
        tag_ids, new_tags = await _ensure_tags(repository, tags)
        writer = _PostWriter(repository, seed, people, tag_ids)
        new_posts = 0
        for numbers in chunked(range(posts), CHUNK):
            new_posts += await writer.add_posts(numbers)
            if on_progress:
                on_progress(numbers[-1] + 1, posts)
        return Seeded(users=new_users, posts=new_posts, tags=new_tags)


async def _refuse_other_content(repository: BulkInsertRepository, users: int, tags: int) -> None:
    """Raise ConflictError if the database contains posts or tags that earlier runs did not create."""
    user_count, tag_count = await repository.count_rows()
    emails = {make_sample_person(number)[2] for number in range(max(user_count, users) + _MAX_DELETED)}
    keys = {tag_key(make_sample_tag(number)) for number in range(max(tag_count, tags) + _MAX_DELETED)}
    others = {
        "post": await repository.count_posts_except(emails),
        "tag": len(await repository.tag_names_except(keys)),
    }
    counts = [f"{count:,} {noun}{'' if count == 1 else 's'}" for noun, count in others.items() if count]
    if counts:
        raise ConflictError(
            f"The database has other content: {', '.join(counts)}",
            hint="Use another database with --database-url, or add the sample content to this one with --force.",
        )


async def _ensure_users(repository: BulkInsertRepository, count: int) -> tuple[dict[str, list[int]], int]:
    """Create the first `count` sample users, except for those that already exist.

    Returns the ids of all of these users, grouped by language, and the number of new users.
    """
    people = [make_sample_person(number) for number in range(count)]
    emails = [email for _, _, email in people]
    known = await repository.user_ids(emails)
    rows = [_make_user_row(number, name, email) for number, (_, name, email) in enumerate(people) if email not in known]
    await repository.add_users(rows)
    ids = await repository.user_ids(emails)
    by_language: dict[str, list[int]] = {}
    for language, _, email in people:
        by_language.setdefault(language, []).append(ids[email])
    return by_language, len(rows)


def _make_user_row(number: int, name: str, email: str) -> dict[str, Any]:
    # All users join in the first 240 days of the blog, before the date of the oldest post.
    joined = _BLOG_OPENED + timedelta(days=number % 240, minutes=number % 1_440)
    return {
        "email": email,
        "full_name": name,
        "hashed_password": UNUSABLE_PASSWORD,
        "is_active": True,
        "created_at": joined,
        "updated_at": joined,
    }


async def _ensure_tags(repository: BulkInsertRepository, count: int) -> tuple[dict[str, int], int]:
    """Create the first `count` sample tags, except for those that already exist.

    Returns a mapping of the names of all of these tags to their ids, and the number of new tags.
    """
    keys = {name: tag_key(name) for name in map(make_sample_tag, range(count))}
    known = await repository.tag_ids(list(keys.values()))
    rows = [{"name": name, "key": key} for name, key in keys.items() if key not in known]
    await repository.add_tags(rows)
    ids = await repository.tag_ids(list(keys.values()))
    return {name: ids[key] for name, key in keys.items()}, len(rows)


class _PostWriter:
    """Creates sample posts. The authors are chosen from `people`, and the tags from `tag_ids`."""

    def __init__(
        self, repository: BulkInsertRepository, seed: int, people: dict[str, list[int]], tag_ids: dict[str, int]
    ) -> None:
        self._seeds = repository
        self._seed = seed
        self._people = people
        self._all_people = [id_ for ids in people.values() for id_ in ids]
        self._tag_ids = tag_ids
        self._free_tag_ids = list(tag_ids.values())[count_topic_tags() :]
        self._slugs = SlugAllocator(repository)

    async def add_posts(self, numbers: Sequence[int]) -> int:
        """Add the sample posts with these numbers, except for existing posts, and return the number of added posts."""
        uuids = {uuid5(_NAMESPACE, f"{self._seed}/{number}"): number for number in numbers}
        known = await self._seeds.post_ids(list(uuids))
        new = [self._make_post(number, uuid) for uuid, number in uuids.items() if uuid not in known]
        if new:
            slugs = await self._slugs.allocate([slugify_title(post.row["title"]) for post in new])
            rows = [post.row | {"slug": slug} for post, slug in zip(new, slugs, strict=True)]
            ids = dict(zip(await self._seeds.add_posts(rows), new, strict=True))
            await self._seeds.index_posts([(id_, post.row["title"], post.row["content"]) for id_, post in ids.items()])
            await self._seeds.link_tags([(id_, tag_id) for id_, post in ids.items() for tag_id in post.tag_ids])
        return len(new)

    def _make_post(self, number: int, uuid: UUID) -> "_NewPost":
        rng = StableRandom(f"{self._seed}/{number}")
        # The first post has the tag `python`, so that examples with this tag find a post even in a small blog.
        text = make_sample_text(rng, language="en", topic="python") if number == 0 else make_sample_text(rng)
        status = _STATUSES[number % len(_STATUSES)]
        row = {
            "uuid": uuid,
            "title": text.title,
            "content": text.content,
            "excerpt": text.excerpt,
            "status": status,
            "trashed_at": None,
            "expires_at": None,
            "first_published_at": None,
            "author_id": rng.pick(self._people.get(text.language) or self._all_people),
            "extra": {},
            "words": text.words,
            "version": 1,
        }
        return _NewPost(row | _make_dates(rng, number, status), self._choose_tags(rng, text))

    def _choose_tags(self, rng: StableRandom, text: SampleText) -> list[int]:
        fitting = [self._tag_ids[name] for name in text.tags if name in self._tag_ids][: rng.number(1, 3)]
        if self._free_tag_ids and rng.random() < 0.5:
            fitting.append(rng.pick(self._free_tag_ids))
        return fitting


@dataclass(frozen=True)
class _NewPost:
    """The row of a post without its slug, and the ids of its tags."""

    row: dict[str, Any]
    tag_ids: list[int] = field(default_factory=list)


def _make_dates(rng: StableRandom, number: int, status: PostStatus) -> dict[str, datetime | None]:
    """Return the dates of creation, publication and last change of the sample post with the given number."""
    moment = _NEWEST_POST - timedelta(days=2 * number % _DAYS) + timedelta(minutes=rng.number(360, 1_320))
    changed = moment + timedelta(minutes=rng.number(5, 600) if rng.random() < 0.3 else 0)
    if status is PostStatus.PUBLISHED:
        written = moment - timedelta(minutes=rng.number(30, 4_320))
        return {"created_at": written, "published_at": moment, "updated_at": changed}
    planned = _FAR_FUTURE + timedelta(days=number % 365, minutes=15 * rng.number(24, 80))
    return {
        "created_at": moment,
        "published_at": planned if status is PostStatus.SCHEDULED else None,
        "updated_at": changed,
    }
