"""Sample content: the same every time, whatever the clock says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from ...database import SessionFactory
from ...enums import PostStatus
from ...errors import ConflictError
from ...models.users import UNUSABLE_PASSWORD
from ...repositories.base import CHUNK
from ...repositories.identifiers import chunked
from ...repositories.posts.bulk_insert import BulkRepository
from ...repositories.posts.slug_allocator import FreeSlugs
from ...schemas.db import Seeded
from ...text.casefold import tag_key
from ...text.slugify import slug_of
from .sample_texts import Dice, SampleText, count_topic_tags, sample_person, sample_tag, sample_text

# A post keeps its uuid from run to run: made from this, the seed and its number.
_NAMESPACE = UUID("296829fe-e53d-46b6-8b2b-c9282d49e5de")
# Three posts of four are published, and the newest one first of all.
_STATUSES = [
    {"P": PostStatus.PUBLISHED, "D": PostStatus.DRAFT, "S": PostStatus.SCHEDULED}[letter]
    for letter in "PPPDPPPPSPPDPPPPPSPD"
]
_MOST_DELETED = 1_000
_BLOG_OPENED = datetime(2016, 1, 1, tzinfo=UTC)
_NEWEST_POST = datetime(2026, 9, 30, tzinfo=UTC)
_FAR_FUTURE = datetime(2099, 1, 1, tzinfo=UTC)
# Ten years. Two does not divide it: going back two days a post, the second round fills the days between.
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
    told: Callable[[int, int], None] | None = None,
) -> Seeded:
    """Fill the blog with sample content; what an earlier run made is left as it is, edited or in the trash.

    One user is made even if none was asked for, where there are posts. `told` learns how many posts of how many were
    looked at. Returns how many of each are new. Raises ConflictError where there is other content, unless `force`.
    """
    async with sessions.begin(dry_run=dry_run) as session:
        seeds = BulkRepository(session)
        if not force:
            await _refuse_other_content(seeds, users, tags)
        people, new_users = await _ensure_users(seeds, max(users, 1) if posts else users)
        tag_ids, new_tags = await _ensure_tags(seeds, tags)
        blog = _Blog(seeds, seed, people, tag_ids)
        new_posts = 0
        for numbers in chunked(range(posts), CHUNK):
            new_posts += await blog.add_posts(numbers)
            if told:
                told(numbers[-1] + 1, posts)
        return Seeded(users=new_users, posts=new_posts, tags=new_tags)


async def _refuse_other_content(seeds: BulkRepository, users: int, tags: int) -> None:
    """Raise ConflictError where there are posts or tags that no earlier run has made."""
    user_count, tag_count = await seeds.count_rows()
    # Some of what earlier runs made may have been deleted since.
    emails = {sample_person(number)[2] for number in range(max(user_count, users) + _MOST_DELETED)}
    keys = {tag_key(sample_tag(number)) for number in range(max(tag_count, tags) + _MOST_DELETED)}
    others = {
        "post": await seeds.count_posts_except(emails),
        "tag": len(await seeds.tag_names_except(keys)),
    }
    found = [f"{count:,} {noun}{'' if count == 1 else 's'}" for noun, count in others.items() if count]
    if found:
        raise ConflictError(
            f"The database has content of its own: {', '.join(found)}",
            hint="Name another database with --database-url, or add the sample content to this one with --force.",
        )


async def _ensure_users(seeds: BulkRepository, count: int) -> tuple[dict[str, list[int]], int]:
    """The ids of the first so many sample people by language, and how many were made."""
    people = [sample_person(number) for number in range(count)]
    emails = [email for _, _, email in people]
    known = await seeds.user_ids(emails)
    rows = [_user_row(number, name, email) for number, (_, name, email) in enumerate(people) if email not in known]
    await seeds.add_users(rows)
    ids = await seeds.user_ids(emails)
    by_language: dict[str, list[int]] = {}
    for language, _, email in people:
        by_language.setdefault(language, []).append(ids[email])
    return by_language, len(rows)


def _user_row(number: int, name: str, email: str) -> dict[str, Any]:
    # Everybody was there before the first post.
    joined = _BLOG_OPENED + timedelta(days=number % 240, minutes=number % 1_440)
    return {
        "email": email,
        "full_name": name,
        "hashed_password": UNUSABLE_PASSWORD,
        "is_active": True,
        "created_at": joined,
        "updated_at": joined,
    }


async def _ensure_tags(seeds: BulkRepository, count: int) -> tuple[dict[str, int], int]:
    """The ids of the first so many sample tags by name, and how many were made."""
    keys = {name: tag_key(name) for name in map(sample_tag, range(count))}
    known = await seeds.tag_ids(list(keys.values()))
    rows = [{"name": name, "key": key} for name, key in keys.items() if key not in known]
    await seeds.add_tags(rows)
    ids = await seeds.tag_ids(list(keys.values()))
    return {name: ids[key] for name, key in keys.items()}, len(rows)


class _Blog:
    """The posts to be, with the people who write them and the tags they are put under."""

    def __init__(self, seeds: BulkRepository, seed: int, people: dict[str, list[int]], tag_ids: dict[str, int]) -> None:
        self._seeds = seeds
        self._seed = seed
        self._people = people
        self._everybody = [id_ for ids in people.values() for id_ in ids]
        self._tag_ids = tag_ids
        self._free_tag_ids = list(tag_ids.values())[count_topic_tags() :]
        self._slugs = FreeSlugs(seeds)

    async def add_posts(self, numbers: Sequence[int]) -> int:
        """Add those of these posts that are not there; how many that was."""
        uuids = {uuid5(_NAMESPACE, f"{self._seed}/{number}"): number for number in numbers}
        known = await self._seeds.post_ids(list(uuids))
        new = [self._post(number, uuid) for uuid, number in uuids.items() if uuid not in known]
        if new:
            slugs = await self._slugs.free([slug_of(post.row["title"]) for post in new])
            rows = [post.row | {"slug": slug} for post, slug in zip(new, slugs, strict=True)]
            ids = dict(zip(await self._seeds.add_posts(rows), new, strict=True))
            await self._seeds.index_posts([(id_, post.row["title"], post.row["content"]) for id_, post in ids.items()])
            await self._seeds.link_tags([(id_, tag_id) for id_, post in ids.items() for tag_id in post.tag_ids])
        return len(new)

    def _post(self, number: int, uuid: UUID) -> "_NewPost":
        dice = Dice(f"{self._seed}/{number}")
        # The first post is the one that has the tag python, however few there are.
        text = sample_text(dice, language="en", topic="python") if number == 0 else sample_text(dice)
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
            "author_id": dice.pick(self._people.get(text.language) or self._everybody),
            "extra": {},
            "words": text.words,
            "version": 1,
        }
        return _NewPost(row | _dates(dice, number, status), self._tags_for(dice, text))

    def _tags_for(self, dice: Dice, text: SampleText) -> list[int]:
        fitting = [self._tag_ids[name] for name in text.tags if name in self._tag_ids][: dice.number(1, 3)]
        if self._free_tag_ids and dice.random() < 0.5:
            fitting.append(dice.pick(self._free_tag_ids))
        return fitting


@dataclass(frozen=True)
class _NewPost:
    """A row that lacks its slug, and the tags."""

    row: dict[str, Any]
    tag_ids: list[int] = field(default_factory=list)


def _dates(dice: Dice, number: int, status: PostStatus) -> dict[str, datetime | None]:
    """When it was written, published and last changed: a few posts a week, going back from the newest."""
    moment = _NEWEST_POST - timedelta(days=2 * number % _DAYS) + timedelta(minutes=dice.number(360, 1_320))
    changed = moment + timedelta(minutes=dice.number(5, 600) if dice.random() < 0.3 else 0)
    if status is PostStatus.PUBLISHED:
        written = moment - timedelta(minutes=dice.number(30, 4_320))
        return {"created_at": written, "published_at": moment, "updated_at": changed}
    planned = _FAR_FUTURE + timedelta(days=number % 365, minutes=15 * dice.number(24, 80))
    return {
        "created_at": moment,
        "published_at": planned if status is PostStatus.SCHEDULED else None,
        "updated_at": changed,
    }
