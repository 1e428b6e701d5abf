"""Tests that wrongly decoded text is recognized, and that correct text of any language is not."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.content_check.document import parse_document
from blogcli.content_check.encoding import check_encoding
from blogcli.content_check.records import Issue

CORRECT = [
    "Der Käse kostet 5 €, „Spaß“ muss sein: „SPASS“, „Straße“ – »Größe« und ›süß‹…",
    "«CAFÉ» à Paris, À “l’été”, où ça… Ça va? l’Å’, œuvre, cœur, « À »",
    "O pão é “BOM” e a irmã disse: “AMANHÔ, “AVÓ”, “MAÇÔ, não",
    "El niño, ¿qué? ¡Año! «Ñandú» “MAÑANA”, 5º y 3ª",
    "Ångström Å ± 0.1, 5 Å, Åsa, ÄÖÜ, Ä–Z, Øresund, Ærø, smörgåsbord, Å¬",
    "Româna: Â, «Â» și â, în, Ţară, ÎNTR-UN",
    "Tiếng Việt: “Â” và “Ă”, ÂM NHẠC, CẦN",
    "Русский текст «в кавычках» – “да”. Ελληνικά «κείμενο»; עברית “ציטוט”",
    "日本語の「文章」、中文“引号”，한국어 ‘인용’… हिन्दी, العربية «نص»",
    "© 2024 ® ™ ° ± × ÷ ½ µ § ¶ † ‡ • – — “ ” ‘ ’ … € £ ¥ ¢",
    "a × “b” × ‘c’ Ã × ð",
    "Íslenska: „ÞAД, ð, Ð, þ, Ý",
]
TEXTS = [
    "café",
    "naïve",
    "“quoted”",
    "it’s",
    "voilà ",
    "Größe",
    "5 €",
    "Привет",
    "日本語",
    "עברית",
    "مرحبا",
    "हिन्दी",
    "😀",
    "a – b",
    "œuvre",
    "škoda",
]


def issues_of(content: str, title: str = "Title") -> Sequence[Issue]:
    return list(check_encoding(title, content, lambda: parse_document(content)))


@pytest.mark.parametrize("text", CORRECT)
def test_correct_text_is_not_reported(text: str) -> None:
    assert issues_of(text) == []


def decode_wrongly(text: str, encoding: str) -> str:
    return "".join(
        bytes([byte]).decode(encoding) if encoding == "latin-1" or byte not in b"\x81\x8d\x8f\x90\x9d" else chr(byte)
        for byte in text.encode()
    )


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
@pytest.mark.parametrize("text", TEXTS)
def test_wrongly_decoded_text_is_reported(text: str, encoding: str) -> None:
    (issue,) = issues_of(
        f"Line one\nthen x{decode_wrongly(text, encoding)}x here"
        if text == "škoda"
        else f"Line one\nthen {decode_wrongly(text, encoding)} here"
    )
    assert (issue.rule, issue.line) == ("mojibake", 2)


def test_repair_shows_correct_characters() -> None:
    (issue,) = issues_of("It’s a cafÃ©, itâ€™s fine")
    assert issue.text == "The text was decoded with a wrong encoding: Ã©, and 1 more"
    assert issue.repair == "Replace Ã© by é"


def test_title_is_checked() -> None:
    (issue,) = issues_of("", title="CafÃ©")
    assert (issue.line, issue.text) == (None, "The title was decoded with a wrong encoding: Ã©")


@pytest.mark.parametrize("content", ["Write `Ã©` for é", "```\ncafÃ©\n```", "    cafÃ©"])
def test_examples_in_code_are_not_reported(content: str) -> None:
    assert issues_of(content) == []


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_ascii_text_is_not_reported(text: str) -> None:
    assert issues_of(text) == []
