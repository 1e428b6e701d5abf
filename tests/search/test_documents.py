"""Tests of the digests of texts and of their rows in the search index."""

from hashlib import sha256

from blogcli.search.documents import ANALYZER_VERSION, digest_fts5_row, make_fts5_rows

# These texts contain every kind of token: marks, scripts without spaces, code, links, entities, C++ and long words.
TEXTS = [
    (1, "Hello, world", "Plain *words*, `code` and [a link](https://example.org/x)."),
    (2, "Übung – naïve café", "Привет мир. שלום עולם. सामग्री जाँच. Straße &amp; <b>bold</b> <!-- hidden -->"),
    (3, "写真とカメラ", "部署された 한국어 ภาษาไทย C++ and C#\n\n```\n<tag>\n```\n"),
    (4, "", "x" * 300),
]


def test_rows_of_analyzer_belong_to_its_version() -> None:
    rows = "\n".join(f"{id_}|{title}|{content}" for id_, title, content, _ in make_fts5_rows(TEXTS))
    # If this test fails because the analyzer has changed, increase ANALYZER_VERSION and replace both values.
    assert (ANALYZER_VERSION, sha256(rows.encode()).hexdigest()[:16]) == (1, "81bf256bfe51a39d")


def test_digest_depends_on_every_part() -> None:
    parts = (2, b"title", b"content", b"titl", b"conten")
    digests = {digest_fts5_row(*parts)}
    for position in range(len(parts)):
        changed = [*parts]
        changed[position] = 3 if position == 0 else b"other"
        digests.add(digest_fts5_row(*changed))  # type: ignore[arg-type]  # the list contains values of both types
    digests.add(digest_fts5_row(2, b"titlec", b"ontent", b"titl", b"conten"))
    digests.add(digest_fts5_row(2, b"title", b"contentt", b"itl", b"conten"))
    assert len(digests) == 8
    assert {len(digest) for digest in digests} == {16}
