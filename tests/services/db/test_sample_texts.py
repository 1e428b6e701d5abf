"""What the sentence banks make: readable, valid, reproducible, without a database."""

import re
import unicodedata

import pytest

from blogcli.schemas.posts import PostCreate
from blogcli.schemas.tags import TagCreate
from blogcli.schemas.users import UserCreate
from blogcli.services.db.sample_texts import Dice, SampleText, count_topic_tags, sample_person, sample_tag, sample_text
from blogcli.text.slugify import slug_of
from blogcli.text.slugs import slug_problem
from blogcli.text.word_count import count_words

LANGUAGES = ("en", "de", "ja", "ru", "fr", "zh", "es", "he", "ar", "hi", "pt", "ko")
MANY = 3_000


@pytest.fixture(scope="module")
def texts() -> list[SampleText]:
    return [sample_text(Dice(f"test/{number}")) for number in range(MANY)]


def test_a_text_is_the_same_for_the_same_dice() -> None:
    assert sample_text(Dice("1/7")) == sample_text(Dice("1/7"))
    assert sample_text(Dice("1/7")) != sample_text(Dice("2/7"))


# A promise to those who seeded before: their posts must not change under them.
def test_dice_fall_alike_in_every_version() -> None:
    dice = Dice("blogcli")
    assert [dice.number(1, 100) for _ in range(6)] == [21, 41, 67, 3, 50, 12]
    assert dice.pick("abcdef") == "e"
    assert dice.shuffled("abcdef") == ["b", "d", "f", "a", "c", "e"]


def test_almost_half_of_the_texts_are_english_and_every_language_occurs(texts: list[SampleText]) -> None:
    languages = [text.language for text in texts]
    assert set(languages) == set(LANGUAGES)
    assert 0.4 < languages.count("en") / MANY < 0.5


def test_texts_have_80_to_600_words_and_know_how_many(texts: list[SampleText]) -> None:
    assert all(80 <= text.words <= 600 for text in texts)
    assert all(text.words == count_words(text.content) for text in texts)


def test_texts_are_markdown_of_several_kinds(texts: list[SampleText]) -> None:
    for kind in (r"^## \S", r"^- \S", r"\[[^\]]+\]\(https://[^)\s]+\)", r"^```(python|sql|console)$"):
        with_it = sum(1 for text in texts if re.search(kind, text.content, re.MULTILINE))
        assert 0.1 < with_it / MANY < 1, kind


def test_no_slot_is_left_open_and_no_fence_unclosed(texts: list[SampleText]) -> None:
    for text in texts:
        prose = re.sub(r"^```.*?^```$", "", text.content, flags=re.MULTILINE | re.DOTALL)
        assert not re.search(r"[{}`]", text.title + prose)


def test_no_sentence_comes_twice_in_a_text(texts: list[SampleText]) -> None:
    for text in texts:
        prose = re.sub(r"^```.*?^```$", "", text.content, flags=re.MULTILINE | re.DOTALL)
        sentences = [part for part in re.split(r"(?<=[.!?]) |(?<=。)|\n", prose) if len(part) > 30]
        assert len(sentences) == len(set(sentences))


def test_titles_and_texts_are_what_a_post_may_have(texts: list[SampleText]) -> None:
    for text in texts:
        PostCreate.checked(title=text.title, content=text.content, excerpt=text.excerpt, tags=text.tags)
        assert unicodedata.is_normalized("NFC", text.title + text.content)


# Else a title's own number and the one that sets equal slugs apart could meet.
def test_no_slug_of_a_title_ends_in_a_number(texts: list[SampleText]) -> None:
    for slug in {slug_of(text.title) for text in texts}:
        assert slug_problem(slug) is None
        assert not re.search(r"-\d+$", slug), slug


def test_some_texts_have_an_excerpt_which_is_their_first_sentence(texts: list[SampleText]) -> None:
    excerpts = [text for text in texts if text.excerpt]
    assert 0.3 < len(excerpts) / MANY < 0.5
    assert all(text.content.startswith(text.excerpt) for text in excerpts if text.excerpt)


def test_every_tag_of_a_text_is_among_the_tags_that_are_made(texts: list[SampleText]) -> None:
    named = {sample_tag(number) for number in range(count_topic_tags())}
    assert {tag for text in texts for tag in text.tags} == named


def test_python_is_the_first_tag_and_in_every_language() -> None:
    assert sample_tag(0) == "python"
    for language in LANGUAGES:
        assert sample_text(Dice("1"), language=language, topic="python").tags[0] == "python"


def test_tags_are_valid_and_never_the_same() -> None:
    names = [sample_tag(number) for number in range(2_000)]
    assert [TagCreate.checked(name=name).name for name in names] == names
    assert len({name.casefold() for name in names}) == 2_000


def test_people_have_names_in_many_scripts_and_addresses_of_their_own() -> None:
    people = [sample_person(number) for number in range(2_000)]
    for _, name, email in people:
        assert UserCreate.checked(email=email, full_name=name).email == email
    assert len({email for _, _, email in people}) == 2_000
    scripts = {unicodedata.name(name[0]).split()[0] for _, name, _ in people[:16]}
    assert {"LATIN", "CYRILLIC", "CJK", "HEBREW", "ARABIC", "DEVANAGARI", "HANGUL"} <= scripts
    assert {language for language, _, _ in people} == set(LANGUAGES)
