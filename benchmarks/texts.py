"""Generate reproducible posts in several scripts. The frequencies of the words follow Zipf's law."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from uuid import UUID

AUTHORS = 200
TAGS = 500
_TAGS_PER_POST = 5
_VOCABULARY_SIZE = 20_000
# For each script, a list of this number of words is generated. Sentences are parts of the list.
_WORD_COUNT = 400_000
_OPENED = datetime(2006, 1, 1, tzinfo=UTC)
_PERIOD = timedelta(days=20 * 365)

# Maps each word that is inserted into posts to the fraction of posts that contain it. Each word is inserted
# independently of the other words.
INSERTED_WORDS = {"ocelot": 0.02, "wombat": 0.02, "badger": 0.1, "otter": 0.1, "rabbit": 0.5, "sparrow": 0.5}
# Words that occur in about a hundred posts, regardless of the number of posts in the blog.
RARE_WORDS = ("quokka", "narwhal")

# Maps each script to the length of its syllables in characters, and to a string that consists of all its syllables.
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
    """A generated post. The id of the post is its number in the blog."""

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
    """A blog with a given number of posts. The posts are generated from `seed`."""

    def __init__(self, posts: int, seed: int = 1) -> None:
        self.posts = posts
        self._seed = seed

    def post(self, number: int) -> Post:
        """Generate the post with the given number, counted from 1."""
        random = Random(f"{self._seed}/{number}")  # noqa: S311 - generated texts need no cryptographic randomness
        words = _make_words(random.choice(_LANGUAGES))
        written = _OPENED + _PERIOD * (number / self.posts) + timedelta(seconds=random.randrange(86_400 * 30))
        status = random.choices(("published", "draft", "scheduled"), (75, 15, 10))[0]
        title = _cut(words, random, 6)
        return Post(
            id=number,
            uuid=UUID(int=random.getrandbits(128), version=4),
            title=title.capitalize(),
            slug=f"post-{number}",
            content=_make_content(words, random, self._choose_inserted_words(number, random)),
            status=status,
            author_id=random.choices(range(1, AUTHORS + 1), cum_weights=_zipf_weights(AUTHORS))[0],
            tag_ids=sorted(set(random.choices(range(1, TAGS + 1), cum_weights=_zipf_weights(TAGS), k=_TAGS_PER_POST))),
            written_at=written,
            published_at=None if status == "draft" else written,
            trashed_at=written if random.random() < 0.02 else None,
        )

    def _choose_inserted_words(self, number: int, random: Random) -> list[str]:
        words = [word for word, share in INSERTED_WORDS.items() if random.random() < share]
        return [*words, *(RARE_WORDS if number % max(1, self.posts // 100) == 0 else ())]


@cache
def _zipf_weights(size: int) -> list[float]:
    """Return the cumulative weights of the ranks 1 to `size` by Zipf's law."""
    return list(accumulate(1 / rank for rank in range(1, size + 1)))


@cache
def _make_words(script: str) -> list[str]:
    """Return a long list of words in a script. The frequencies of the words follow Zipf's law."""
    random = Random(script)  # noqa: S311 - generated texts need no cryptographic randomness
    length, letters = _SYLLABLES[script]
    syllables = [letters[start : start + length] for start in range(0, len(letters), length)]
    words = ["".join(random.choices(syllables, k=random.choice((1, 2, 2, 3, 3, 4)))) for _ in range(_VOCABULARY_SIZE)]
    return random.choices(words, cum_weights=_zipf_weights(_VOCABULARY_SIZE), k=_WORD_COUNT)


def _cut(words: list[str], random: Random, length: int) -> str:
    """Return a text of `length` consecutive items of `words`, beginning at a random position."""
    start = random.randrange(_WORD_COUNT - length)
    separator = "" if words is _make_words("japanese") else " "
    return separator.join(words[start : start + length])


def _make_content(words: list[str], random: Random, inserted_words: list[str]) -> str:
    """Return about 2.5 KB of Markdown with headings, links, emphasis and code."""
    parts = []
    for number in range(5):
        sentences = [_cut(words, random, 14).capitalize() for _ in range(4)]
        link = f"[{_cut(words, random, 2)}](https://example.org/{number}/a-page.html)"
        parts.append(f"## {_cut(words, random, 4)}\n\n{'. '.join(sentences)}. **{link}**, `call(x)`.\n")
    for word in inserted_words:
        parts.insert(random.randrange(len(parts)), f"{word}.\n")
    return "\n".join(parts)
