"""Tests of error messages, exit codes and the masking of passwords."""

import time

import pytest

from blogcli.errors import BlogError, ConflictError, ExitCode, NotFoundError, mask_secrets, mask_url


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("postgresql://anna:secret@db/blog", "postgresql://anna:***@db/blog"),
        ("postgres://:secret@db/blog", "postgres://:***@db/blog"),
        ("postgresql://anna:se%40cret@db", "postgresql://anna:***@db"),
        ("postgresql://anna:se:cr:et@db", "postgresql://anna:***@db"),
        ("postgresql://anna:a/b@db", "postgresql://anna:***@db"),
        ("postgresql://db/blog?user=anna&password=secret&x=1", "postgresql://db/blog?user=anna&password=***&x=1"),
        ("host=db PASSWORD=secret user=anna", "host=db PASSWORD=*** user=anna"),
        ("PGPASSWORD=secret psql", "PGPASSWORD=*** psql"),
        ("postgresql://anna:p@ss wo:rd@db/blog", "postgresql://anna:***@db/blog"),
        ("anna:secret@db:5432/blog", "anna:***@db:5432/blog"),
        ("password='it\\'s a secret' user=anna", "password=*** user=anna"),
        ('sslpassword = "se cret" user=anna', "sslpassword = *** user=anna"),
        ("password=se\\ cret user=anna", "password=*** user=anna"),
        ("password='cut off", "password=*** off"),
        ("postgresql://db/blog?pass%77ord=secret&x=1", "postgresql://db/blog?pass%77ord=***&x=1"),
        ("postgresql://db/blog?x=1&ssl%50%41ssword=secret", "postgresql://db/blog?x=1&ssl%50%41ssword=***"),
        ("postgresql://db/blog?password=a secret&x=1\nnext", "postgresql://db/blog?password=***&x=1\nnext"),
        ("postgresql://db/blog?password=*** is locked", "postgresql://db/blog?password=*** is locked"),
        ("one://a:b@c\ntwo://d:e@f\n", "one://a:***@c\ntwo://d:***@f\n"),
        ("first a://b:c@d then e://f:g@h", "first a://b:***@d then e://f:***@h"),
    ],
)
def test_mask_secrets_masks_passwords(text: str, masked: str) -> None:
    assert mask_secrets(text) == masked


@pytest.mark.parametrize("text", ["postgresql://anna@db:5432/blog", "https://example.org/a:b", "no password here", ""])
def test_mask_secrets_keeps_other_text(text: str) -> None:
    assert mask_secrets(text) == text


@pytest.mark.parametrize(
    "piece",
    [
        "://a:",
        "a:",
        "@",
        "password=",
        "password='",
        "password=\"'",
        "passwd ",
        "://a:b@",
        ":",
        "x:y@ ",
        "\\",
        "?passw",
        "?passw=",
        "&a=",
    ],
)
def test_mask_secrets_takes_linear_time(piece: str) -> None:
    text = piece * (500_000 // len(piece))
    started = time.monotonic()
    mask_secrets(text)
    mask_url(text)
    # For a text of this length, a regular expression with quadratic time would take far longer.
    assert time.monotonic() - started < 30


def test_mask_url_masks_passwords_with_spaces_and_line_breaks() -> None:
    assert mask_url("postgresql://db/b?password=a secret\nword&x=1") == "postgresql://db/b?password=***&x=1"
    assert mask_url("postgresql://ann:a secret\nword@db/b") == "postgresql://ann:***@db/b"


def test_not_found_error_names_all_references() -> None:
    error = NotFoundError.of("post", ["7", "hello"], hint="Look.")
    assert (error.message, error.hint) == ("No such posts: 7, hello", "Look.")
    assert NotFoundError.of("tag", ["x"]).message == "No such tag: x"


def test_code_is_name_of_exit_code() -> None:
    assert ConflictError("x").code == "conflict"
    assert NotFoundError("x").code == "not_found"
    assert BlogError("x").code == "failed"


def test_exit_codes_are_unique() -> None:
    codes = [kind.exit_code for kind in BlogError.__subclasses__()]
    assert len(codes) == len(set(codes))
    assert ExitCode.FAILED not in codes
