"""Compose realistic texts, tags and names of people from the files in `samples/`."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from text_unidecode import unidecode

from ...text.word_count import count_words

T = TypeVar("T")

_SAMPLES = Path(__file__).with_name("samples")
# The limits of a random number. A text gets sections until it has at least this number of words, and then a closing.
_MIN_WORDS = 80
_MAX_WORDS = 450
_NEWEST_YEAR = 2026


class StableRandom:
    """A random number generator that gives the same results in all versions of Python.

    All methods are based on `Random.random()`, the only method of `Random` whose results are guaranteed reproducible.
    """

    def __init__(self, seed: str) -> None:
        self.random = Random(seed).random  # noqa: S311 - sample texts need no cryptographic randomness

    def number(self, lowest: int, highest: int) -> int:
        """Return an integer between `lowest` and `highest`, both included."""
        return lowest + int(self.random() * (highest - lowest + 1))

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items."""
        return items[int(self.random() * len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return the items in random order."""
        return sorted(items, key=lambda _: self.random())


@dataclass(frozen=True)
class SampleText:
    """The text of a sample post, and tags for the post. The first tag is the most relevant tag."""

    language: str
    title: str
    content: str
    words: int
    excerpt: str | None
    tags: list[str]


@dataclass(frozen=True)
class _Topic:
    """A topic of sample posts.

    The tags, subjects and sentences come from the file of a language. The URLs and the code come from `common.toml`.
    """

    tags: list[str]
    subjects: list[str]
    sentences: list[str]
    urls: list[str]
    code: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Names:
    """The first and last names that sample people of one language can have.

    If a name is not in the Latin script, a vertical bar and the Latin spelling follow the name.
    """

    order: str
    first: list[str]
    last: list[str]


@dataclass(frozen=True)
class _Language:
    """The content of the file of a language.

    Titles and openings contain a placeholder for the subject. All other sentences are independent of each other and can
    be used in any order.
    """

    weight: int
    titles: list[str]
    places: list[str]
    openings: list[str]
    common: list[str]
    closings: list[str]
    headings: list[str]
    list_intros: list[str]
    items: list[str]
    links: list[str]
    code_intros: list[str]
    names: _Names
    topics: dict[str, _Topic]


def make_sample_text(rng: StableRandom, *, language: str | None = None, topic: str | None = None) -> SampleText:
    """Return a text of 80 to 600 words. The language and the topic are random unless they are given."""
    code = language or rng.pick(_list_languages())
    language_data = _read_language(code)
    topic_data = language_data.topics[topic or rng.pick(list(language_data.topics))]
    values = {
        "subject": rng.pick(topic_data.subjects),
        "place": rng.pick(language_data.places),
        "n": rng.number(3, 14),
    }
    title = _capitalize_first(rng.pick(language_data.titles).format(**values))
    opening = _capitalize_first(rng.pick(language_data.openings).format(**values))
    builder = _TextBuilder(rng, language_data, topic_data)
    builder.write(opening)
    return SampleText(
        language=code,
        title=title,
        content=f"{builder.content}\n",
        words=builder.words,
        excerpt=opening if rng.random() < 0.4 else None,
        tags=[topic_data.tags[0], *rng.shuffled(topic_data.tags[1:])],
    )


def make_sample_person(index: int) -> tuple[str, str, str]:
    """Return the language, the full name and the e-mail address of the sample person with the number `index`."""
    order: list[str] = _read_common()["people"]
    rounds, position = divmod(index, len(order))
    language = order[position]
    number = rounds * order.count(language) + order[:position].count(language)
    names = _read_language(language).names
    first_name_rounds, first_index = divmod(number, len(names.first))
    repetitions, shift = divmod(first_name_rounds, len(names.last))
    first = names.first[first_index]
    last = names.last[(first_index + shift) % len(names.last)]
    suffix = f".{repetitions + 1}" if repetitions else ""
    address = f"{_get_latin_spelling(first)}.{_get_latin_spelling(last)}{suffix}"
    return (
        language,
        names.order.format(first=_get_native_spelling(first), last=_get_native_spelling(last)),
        f"{address}@example.org",
    )


def make_sample_tag(index: int) -> str:
    """Return the name of the sample tag with the number `index`. The name is a topic, or a place and a year."""
    topic_tags: list[str] = _read_common()["tags"]
    if index < len(topic_tags):
        return topic_tags[index]
    places: list[str] = _read_common()["places"]
    years, position = divmod(index - len(topic_tags), len(places))
    return f"{places[position]} {_NEWEST_YEAR - years}"


def count_topic_tags() -> int:
    """Return the number of sample tags that name a topic. All other sample tags are suitable for any post."""
    return len(_read_common()["tags"])


class _TextBuilder:
    """Composes a text from sentences about a topic and from common sentences. No sentence is repeated."""

    def __init__(self, rng: StableRandom, language: _Language, topic: _Topic) -> None:
        self.content = ""
        self.words = 0
        self._rng = rng
        self._language = language
        self._sentences = rng.shuffled(topic.sentences)
        self._common = rng.shuffled(language.common)
        self._headings = rng.shuffled(language.headings)
        self._asides = rng.shuffled([self._make_list(), self._make_link(topic), *self._make_code_blocks(topic)])

    def write(self, opening: str) -> None:
        """Compose the whole text in Markdown. The text begins with `opening`."""
        word_count = self._rng.number(_MIN_WORDS, _MAX_WORDS)
        self._append(self._make_paragraph(1, opening))
        while self.words < word_count and self._sentences:
            self._append_section()
        self._append(self._rng.pick(self._language.closings))

    def _append(self, block: str) -> None:
        self.content += f"\n\n{block}" if self.content else block
        self.words += count_words(block)

    def _append_section(self) -> None:
        if self._headings and self._rng.random() < 0.6:
            self._append(f"## {self._headings.pop()}")
        self._append(self._make_paragraph(self._rng.number(2, 4)))
        if self._asides and self._rng.random() < 0.7:
            self._append(self._asides.pop())

    def _make_paragraph(self, sentences: int, *first: str) -> str:
        topic_sentences = [self._sentences.pop() for _ in range(min(sentences, len(self._sentences)))]
        common_sentences = [self._common.pop() for _ in range(min(self._rng.number(1, 2), len(self._common)))]
        text = " ".join([*first, *topic_sentences, *common_sentences]).replace("{n}", str(self._rng.number(3, 14)))
        # Chinese and Japanese have no spaces between sentences, so the spaces that join() has inserted are removed.
        return text.replace("。 ", "。")

    def _make_list(self) -> str:
        items = self._rng.shuffled(self._language.items)[: self._rng.number(3, 5)]
        return "\n".join([self._rng.pick(self._language.list_intros), "", *(f"- {item}" for item in items)])

    def _make_link(self, topic: _Topic) -> str:
        return self._rng.pick(self._language.links).format(url=self._rng.pick(topic.urls))

    def _make_code_blocks(self, topic: _Topic) -> list[str]:
        if not topic.code:
            return []
        return [f"{self._rng.pick(self._language.code_intros)}\n\n{self._rng.pick(topic.code).strip()}"]


def _capitalize_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _get_native_spelling(name: str) -> str:
    return name.partition("|")[0]


def _get_latin_spelling(name: str) -> str:
    return name.partition("|")[2] or unidecode(name).lower()


@cache
def _read_common() -> dict[str, Any]:
    return _read_file("common")


@cache
def _list_languages() -> list[str]:
    return [code for code in dict.fromkeys(_read_common()["people"]) for _ in range(_read_language(code).weight)]


@cache
def _read_language(code: str) -> _Language:
    data = _read_file(code)
    topics = {name: _Topic(**topic, **_read_common()["topics"][name]) for name, topic in data.pop("topics").items()}
    names = _Names(**data.pop("names"))
    return _Language(**data, names=names, topics=topics)


def _read_file(name: str) -> dict[str, Any]:
    return tomllib.loads((_SAMPLES / f"{name}.toml").read_text(encoding="utf-8"))
