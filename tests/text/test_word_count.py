"""Tests of word counts."""

import pytest

from blogcli.text.word_count import count_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" \n\t ", 0),
        ("Hello, world!", 2),
        ("one\u00a0two\u2003three", 3),
        ("well-known don't", 2),
        ("# Title\n\ntext", 3),
        ("你好世界", 4),
        ("Python 是一门语言", 6),
        ("日本語テキスト", 7),
        ("ひらがな", 4),
        ("한국어 문장", 2),
        ("𠀀𠀁", 2),
        ("สวัสดี", 1),
    ],
)
def test_count_words_counts_han_and_kana_characters(text: str, words: int) -> None:
    assert count_words(text) == words
