"""The texts of a made-up blog: words of several scripts, as often as in real texts (Zipf), the same at every run."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from uuid import UUID

AUTHORS = 200
TAGS = 500
_TAGS_EACH = 5
_VOCABULARY = 20_000
_TAPE = 400_000
_OPENED = datetime(2006, 1, 1, tzinfo=UTC)
_YEARS = timedelta(days=20 * 365)

# Words that a share of the posts has, of each pair independently of the other.
PLANTED = {"ocelot": 0.02, "wombat": 0.02, "badger": 0.1, "otter": 0.1, "rabbit": 0.5, "sparrow": 0.5}
# Words that stand in a hundred posts, however many there are.
HUNDRED = ("quokka", "narwhal")

# Each script with the length of its syllables.
_SYLLABLES = {
    "latin": (2, "babebibodadedodufafegokakekolalelilomamemimonanenopaperarerirosasesisotatetitovaveviza"),
    "cyrillic": (2, "бабевавегодадедожазазекаколалелиломамемимонаненопаперареросасесотате"),
    "greek": (2, "βαγαγεδαδεζαθακακολαλελομαμεμονανενοπαπεραροσασετατετοφαχα"),
    "hebrew": (1, "אבגדהוזחטיכלמנסעפצקרשת"),
    "japanese": (1, "日本語検索投稿新旧人大小中国会社学生年月はがをにのとでもからデータベスブログ"),
}
_LANGUAGES = ["latin"] * 12 + ["cyrillic"] * 3 + ["greek"] + ["hebrew"] * 2 + ["japanese"] * 2


@dataclass(frozen=True, slots=True)
class Post:
    """What a post is, before any database has seen it; its id is its number."""

    id: int
    uuid: UUID
    title: str
    slug: str
    content: str
    status: str
    author_id: int
    tag_ids: list[int]
    written_at: datetime
    published_at: datetime | None
    trashed_at: datetime | None


class Blog:
    """The posts of a blog of a given size and seed."""

    def __init__(self, posts: int, seed: int = 1) -> None:
        self.posts = posts
        self._seed = seed

    def post(self, number: int) -> Post:
        """The post with that id, from 1."""
        random = Random(f"{self._seed}/{number}")  # noqa: S311 - texts, not secrets
        tape = _tape(random.choice(_LANGUAGES))
        written = _OPENED + _YEARS * (number / self.posts) + timedelta(seconds=random.randrange(86_400 * 30))
        status = random.choices(("published", "draft", "scheduled"), (75, 15, 10))[0]
        title = _stretch(tape, random, 6)
        return Post(
            id=number,
            uuid=UUID(int=random.getrandbits(128), version=4),
            title=title.capitalize(),
            slug=f"post-{number}",
            content=_content(tape, random, self._planted(number, random)),
            status=status,
            author_id=random.choices(range(1, AUTHORS + 1), cum_weights=_zipf(AUTHORS))[0],
            tag_ids=sorted(set(random.choices(range(1, TAGS + 1), cum_weights=_zipf(TAGS), k=_TAGS_EACH))),
            written_at=written,
            published_at=None if status == "draft" else written,
            trashed_at=written if random.random() < 0.02 else None,
        )

    def _planted(self, number: int, random: Random) -> list[str]:
        words = [word for word, share in PLANTED.items() if random.random() < share]
        return [*words, *(HUNDRED if number % max(1, self.posts // 100) == 0 else ())]


@cache
def _zipf(size: int) -> list[float]:
    return list(accumulate(1 / rank for rank in range(1, size + 1)))


@cache
def _tape(script: str) -> list[str]:
    """Many words of a script, each as often as its rank says: posts are cut from it."""
    random, (length, letters) = Random(script), _SYLLABLES[script]  # noqa: S311 - the same
    syllables = [letters[start : start + length] for start in range(0, len(letters), length)]
    words = ["".join(random.choices(syllables, k=random.choice((1, 2, 2, 3, 3, 4)))) for _ in range(_VOCABULARY)]
    return random.choices(words, cum_weights=_zipf(_VOCABULARY), k=_TAPE)


def _stretch(tape: list[str], random: Random, length: int) -> str:
    start = random.randrange(_TAPE - length)
    blank = "" if tape is _tape("japanese") else " "
    return blank.join(tape[start : start + length])


def _content(tape: list[str], random: Random, planted: list[str]) -> str:
    """Markdown of about 2.5 KB: headings, links, emphasis and code among plain words."""
    parts = []
    for number in range(5):
        sentences = [_stretch(tape, random, 14).capitalize() for _ in range(4)]
        link = f"[{_stretch(tape, random, 2)}](https://example.org/{number}/a-page.html)"
        parts.append(f"## {_stretch(tape, random, 4)}\n\n{'. '.join(sentences)}. **{link}**, `call(x)`.\n")
    for word in planted:
        parts.insert(random.randrange(len(parts)), f"{word}.\n")
    return "\n".join(parts)
