"""Compose texts, people and tags that look real from the sentences in `samples/`, without a database."""

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
# The length of a text without its closing. The last section may exceed the maximum.
_MIN_WORDS = 80
_MAX_WORDS = 450
_NEWEST_YEAR = 2026


class Dice:
    """A random number generator that gives the same results in all versions of Python.

    Of the methods of `Random`, only `random()` is guaranteed to be reproducible.
    """

    def __init__(self, seed: str) -> None:
        self.random = Random(seed).random  # noqa: S311 - sample texts are no secret

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
    """The text of a post with fitting tags, the most fitting one first."""

    language: str
    title: str
    content: str
    words: int
    excerpt: str | None
    tags: list[str]


@dataclass(frozen=True)
class _Topic:
    """A topic of posts.

    The file of a language contains the sentences, and `common.toml` the links and the code.
    """

    tags: list[str]
    subjects: list[str]
    sentences: list[str]
    urls: list[str]
    code: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Names:
    """First and last names; a name in another script is followed by a bar and its Latin spelling."""

    order: str
    first: list[str]
    last: list[str]


@dataclass(frozen=True)
class _Language:
    """The content of the file of a language.

    Titles and openings contain a subject. All other sentences are independent and can be in any order.
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


def sample_text(dice: Dice, *, language: str | None = None, topic: str | None = None) -> SampleText:
    """Return a text of 80 to 600 words; a language and a topic that are not given are chosen at random."""
    code = language or dice.pick(_languages_by_weight())
    words = _language(code)
    about = words.topics[topic or dice.pick(list(words.topics))]
    slots = {"subject": dice.pick(about.subjects), "place": dice.pick(words.places), "n": dice.number(3, 14)}
    title = _capitalize_first(dice.pick(words.titles).format(**slots))
    opening = _capitalize_first(dice.pick(words.openings).format(**slots))
    builder = _TextBuilder(dice, words, about)
    builder.write(opening)
    return SampleText(
        language=code,
        title=title,
        content=f"{builder.content}\n",
        words=builder.words,
        excerpt=opening if dice.random() < 0.4 else None,
        tags=[about.tags[0], *dice.shuffled(about.tags[1:])],
    )


def sample_person(index: int) -> tuple[str, str, str]:
    """Return the language, full name and e-mail address of the person with a number; all addresses are different."""
    order: list[str] = _common()["people"]
    rounds, position = divmod(index, len(order))
    language = order[position]
    number = rounds * order.count(language) + order[:position].count(language)
    names = _language(language).names
    turn, nth = divmod(number, len(names.first))
    again, shift = divmod(turn, len(names.last))
    first = names.first[nth]
    last = names.last[(nth + shift) % len(names.last)]
    address = f"{_latin_spelling(first)}.{_latin_spelling(last)}" + (f".{again + 1}" if again else "")
    return (
        language,
        names.order.format(first=_native_spelling(first), last=_native_spelling(last)),
        f"{address}@example.org",
    )


def sample_tag(index: int) -> str:
    """Return the name of the tag with a number: first the topics, then combinations of places and years."""
    named: list[str] = _common()["tags"]
    if index < len(named):
        return named[index]
    places: list[str] = _common()["places"]
    years, place = divmod(index - len(named), len(places))
    return f"{places[place]} {_NEWEST_YEAR - years}"


def count_topic_tags() -> int:
    """Return the number of tags that name a topic; all further tags fit any post."""
    return len(_common()["tags"])


class _TextBuilder:
    """Compose a text of sections with sentences of its topic and common sentences, without repeating a sentence."""

    def __init__(self, dice: Dice, language: _Language, topic: _Topic) -> None:
        self.content = ""
        self.words = 0
        self._dice = dice
        self._language = language
        self._sentences = dice.shuffled(topic.sentences)
        self._common = dice.shuffled(language.common)
        self._headings = dice.shuffled(language.headings)
        self._asides = dice.shuffled([self._list(), self._link(topic), *self._code(topic)])

    def write(self, opening: str) -> None:
        """Write the whole text, in Markdown."""
        wanted = self._dice.number(_MIN_WORDS, _MAX_WORDS)
        self._put(self._paragraph(1, opening))
        while self.words < wanted and self._sentences:
            self._put_section()
        self._put(self._dice.pick(self._language.closings))

    def _put(self, block: str) -> None:
        self.content += f"\n\n{block}" if self.content else block
        self.words += count_words(block)

    def _put_section(self) -> None:
        if self._headings and self._dice.random() < 0.6:
            self._put(f"## {self._headings.pop()}")
        self._put(self._paragraph(self._dice.number(2, 4)))
        if self._asides and self._dice.random() < 0.7:
            self._put(self._asides.pop())

    def _paragraph(self, sentences: int, *first: str) -> str:
        own = [self._sentences.pop() for _ in range(min(sentences, len(self._sentences)))]
        common = [self._common.pop() for _ in range(min(self._dice.number(1, 2), len(self._common)))]
        text = " ".join([*first, *own, *common]).replace("{n}", str(self._dice.number(3, 14)))
        # Chinese and Japanese have no space between sentences.
        return text.replace("。 ", "。")

    def _list(self) -> str:
        items = self._dice.shuffled(self._language.items)[: self._dice.number(3, 5)]
        return "\n".join([self._dice.pick(self._language.list_intros), "", *(f"- {item}" for item in items)])

    def _link(self, topic: _Topic) -> str:
        return self._dice.pick(self._language.links).format(url=self._dice.pick(topic.urls))

    def _code(self, topic: _Topic) -> list[str]:
        if not topic.code:
            return []
        return [f"{self._dice.pick(self._language.code_intros)}\n\n{self._dice.pick(topic.code).strip()}"]


def _capitalize_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _native_spelling(name: str) -> str:
    return name.partition("|")[0]


def _latin_spelling(name: str) -> str:
    return name.partition("|")[2] or unidecode(name).lower()


@cache
def _common() -> dict[str, Any]:
    return _read("common")


@cache
def _languages_by_weight() -> list[str]:
    return [code for code in dict.fromkeys(_common()["people"]) for _ in range(_language(code).weight)]


@cache
def _language(code: str) -> _Language:
    words = _read(code)
    topics = {name: _Topic(**topic, **_common()["topics"][name]) for name, topic in words.pop("topics").items()}
    names = _Names(**words.pop("names"))
    return _Language(**words, names=names, topics=topics)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_SAMPLES / f"{name}.toml").read_text(encoding="utf-8"))
