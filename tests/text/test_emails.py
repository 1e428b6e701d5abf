"""Tests of normalized e-mail addresses and placeholders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.text.emails import normalize_email, placeholder_email

NAMES = ["Ann Lee", "admin", "日本", "", "a" * 200, "-.-", "unknown@authors.invalid", "\ud800", "!!!", "\0", "İ", "ẞ"]
# These names contain combining marks or unassigned characters, or have more bytes than an address may have.
NAMES += ["\u093e", "\u0b57a", "0\u0b3a", "𠀀" * 70, "ﬃ" * 70, "x" * 63 + "-y"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Ann@Example.ORG \n", "ann@example.org"),
        ("ann+blog@example.org", "ann+blog@example.org"),
        ("ann@bücher.example.org", "ann@bücher.example.org"),
        ("ann@xn--bcher-kva.example.org", "ann@bücher.example.org"),
        ("e\u0301@example.org", "é@example.org"),
    ],
)
@pytest.mark.parametrize("is_deliverable", [True, False])
def test_normalize_email_returns_lower_case(text: str, address: str, is_deliverable: bool) -> None:
    assert normalize_email(text, is_deliverable=is_deliverable) == address


@pytest.mark.parametrize("text", ["unknown@authors.invalid", "root@localhost", "a@site.test", "a@intranet"])
def test_normalize_email_accepts_undeliverable(text: str) -> None:
    assert normalize_email(text, is_deliverable=False) == text
    with pytest.raises(ValueError, match="is not an e-mail address"):
        normalize_email(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "ann", "@example.org", "ann@", "a b@example.org", "a@b@c.org", "a@b..org", "a@-.org", "a..b@example.org"),
        *("Ann <ann@example.org>", '"ann"@example.org', "ann@[127.0.0.1]", "ann@example.org,bob@example.org"),
        *("a\0@example.org", "\ud800@example.org", "ann@example.org."),
        *(f"{'x' * 65}@example.org", f"ann@{'x' * 64}.org", f"ann@{'x.' * 125}org"),
    ],
)
@pytest.mark.parametrize("is_deliverable", [True, False])
def test_normalize_email_refuses_other_text(text: str, is_deliverable: bool) -> None:
    with pytest.raises(ValueError, match="is not an e-mail address"):
        normalize_email(text, is_deliverable=is_deliverable)


@given(st.emails())
def test_normalize_email_is_idempotent(text: str) -> None:
    try:
        address = normalize_email(text, is_deliverable=False)
    except ValueError:
        return
    assert normalize_email(address, is_deliverable=False) == address == address.lower()


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Ann Lee", "ann-lee@authors.invalid"),
        ("admin", "admin@authors.invalid"),
        ("José Ñandú", "jose-nandu@authors.invalid"),
        ("山田 太郎", "山田-太郎@authors.invalid"),
        ("ann@example.org", "ann-example-org@authors.invalid"),
    ],
)
def test_placeholder_email_contains_name(name: str, address: str) -> None:
    assert placeholder_email(name) == address


@pytest.mark.parametrize("name", NAMES)
def test_placeholder_email_is_valid_and_constant(name: str) -> None:
    address = placeholder_email(name)
    assert normalize_email(address, is_deliverable=False) == address
    assert placeholder_email(name) == address


@given(st.text())
def test_placeholder_email_is_undeliverable(name: str) -> None:
    address = placeholder_email(name)
    assert normalize_email(address, is_deliverable=False) == address
    assert address.endswith("@authors.invalid")


def test_placeholder_emails_of_names_without_letters_differ() -> None:
    assert len({placeholder_email(name) for name in ("", "-", "—", "\U0001f600")}) == 4
