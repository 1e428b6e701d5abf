"""Tests that sample texts, people and tags are readable, valid and reproducible."""

import re
import unicodedata

import pytest

from blogcli.schemas.inputs.posts import PostCreate
from blogcli.schemas.inputs.tags import TagCreate
from blogcli.schemas.inputs.users import UserCreate
from blogcli.services.db.sample_texts import (
    SampleText,
    StableRandom,
    count_topic_tags,
    make_sample_person,
    make_sample_tag,
    make_sample_text,
)
from blogcli.text.slugify import slugify_title
from blogcli.text.slugs import slug_problem
from blogcli.text.word_count import count_words

LANGUAGES = ("en", "de", "ja", "ru", "fr", "zh", "es", "he", "ar", "hi", "pt", "ko")
TEXT_COUNT = 3_000


@pytest.fixture(scope="module")
def texts() -> list[SampleText]:
    return [make_sample_text(StableRandom(f"test/{number}")) for number in range(TEXT_COUNT)]


def test_sample_text_is_reproducible() -> None:
    assert make_sample_text(StableRandom("1/7")) == make_sample_text(StableRandom("1/7"))
    assert make_sample_text(StableRandom("1/7")) != make_sample_text(StableRandom("2/7"))


# The expected values must not change, because `db seed` must create the same posts in all versions of blogcli.
def test_stable_random_is_equal_in_every_version() -> None:
    rng = StableRandom("blogcli")
    assert [rng.number(1, 100) for _ in range(6)] == [21, 41, 67, 3, 50, 12]
    assert rng.pick("abcdef") == "e"
    assert rng.shuffled("abcdef") == ["b", "d", "f", "a", "c", "e"]


def test_sample_texts_use_all_languages(texts: list[SampleText]) -> None:
    languages = [text.language for text in texts]
    assert set(languages) == set(LANGUAGES)
    assert 0.4 < languages.count("en") / TEXT_COUNT < 0.5


def test_sample_texts_have_80_to_600_words(texts: list[SampleText]) -> None:
    assert all(80 <= text.words <= 600 for text in texts)
    assert all(text.words == count_words(text.content) for text in texts)


def test_sample_texts_contain_markdown(texts: list[SampleText]) -> None:
    for pattern in (r"^## \S", r"^- \S", r"\[[^\]]+\]\(https://[^)\s]+\)", r"^```(python|sql|console)$"):
        count = sum(1 for text in texts if re.search(pattern, text.content, re.MULTILINE))
        assert 0.1 < count / TEXT_COUNT < 1, pattern


def test_sample_texts_have_no_unfilled_placeholders_or_open_fences(texts: list[SampleText]) -> None:
    for text in texts:
        prose = re.sub(r"^```.*?^```$", "", text.content, flags=re.MULTILINE | re.DOTALL)
        assert not re.search(r"[{}`]", text.title + prose)


def test_sample_texts_repeat_no_sentence(texts: list[SampleText]) -> None:
    for text in texts:
        prose = re.sub(r"^```.*?^```$", "", text.content, flags=re.MULTILINE | re.DOTALL)
        sentences = [part for part in re.split(r"(?<=[.!?]) |(?<=。)|\n", prose) if len(part) > 30]
        assert len(sentences) == len(set(sentences))


def test_sample_texts_are_valid_posts(texts: list[SampleText]) -> None:
    for text in texts:
        PostCreate.checked(title=text.title, content=text.content, excerpt=text.excerpt, tags=text.tags)
        assert unicodedata.is_normalized("NFC", text.title + text.content)


# A number at the end of a slug could be confused with the number that blogcli appends if a slug is already taken.
def test_sample_titles_have_slugs_without_number(texts: list[SampleText]) -> None:
    for slug in {slugify_title(text.title) for text in texts}:
        assert slug_problem(slug) is None
        assert not re.search(r"-\d+$", slug), slug


def test_sample_excerpts_are_first_sentences(texts: list[SampleText]) -> None:
    excerpts = [text for text in texts if text.excerpt]
    assert 0.3 < len(excerpts) / TEXT_COUNT < 0.5
    assert all(text.content.startswith(text.excerpt) for text in excerpts if text.excerpt)


def test_sample_texts_use_sample_tags(texts: list[SampleText]) -> None:
    topic_tags = {make_sample_tag(number) for number in range(count_topic_tags())}
    assert {tag for text in texts for tag in text.tags} == topic_tags


def test_sample_tag_python_is_first() -> None:
    assert make_sample_tag(0) == "python"
    for language in LANGUAGES:
        assert make_sample_text(StableRandom("1"), language=language, topic="python").tags[0] == "python"


def test_sample_tags_are_valid_and_different() -> None:
    names = [make_sample_tag(number) for number in range(2_000)]
    assert [TagCreate.checked(name=name).name for name in names] == names
    assert len({name.casefold() for name in names}) == 2_000


def test_sample_people_have_names_and_addresses() -> None:
    people = [make_sample_person(number) for number in range(2_000)]
    for _, name, email in people:
        assert UserCreate.checked(email=email, full_name=name).email == email
    assert len({email for _, _, email in people}) == 2_000
    scripts = {unicodedata.name(name[0]).split()[0] for _, name, _ in people[:16]}
    assert {"LATIN", "CYRILLIC", "CJK", "HEBREW", "ARABIC", "DEVANAGARI", "HANGUL"} <= scripts
    assert {language for language, _, _ in people} == set(LANGUAGES)
