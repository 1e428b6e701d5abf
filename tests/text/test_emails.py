"""What may be the address of a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.text.emails import email_address, made_up_address

NAMES = ["Ann Lee", "admin", "日本", "", "a" * 200, "-.-", "unknown@authors.invalid", "\ud800", "!!!", "\0", "İ", "ẞ"]
# With signs that belong to a letter before them, characters that do not exist, more than fits in octets.
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
def test_an_address_is_normalised(text: str, address: str, is_deliverable: bool) -> None:
    assert email_address(text, is_deliverable=is_deliverable) == address


@pytest.mark.parametrize("text", ["unknown@authors.invalid", "root@localhost", "a@site.test", "a@intranet"])
def test_addresses_that_reach_nobody_may_come_from_elsewhere(text: str) -> None:
    assert email_address(text, is_deliverable=False) == text
    with pytest.raises(ValueError, match="is not an address"):
        email_address(text)


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
def test_what_is_no_address_is_refused(text: str, is_deliverable: bool) -> None:
    with pytest.raises(ValueError, match="is not an address"):
        email_address(text, is_deliverable=is_deliverable)


@given(st.emails())
def test_the_address_of_an_address_is_itself(text: str) -> None:
    try:
        address = email_address(text, is_deliverable=False)
    except ValueError:
        return
    assert email_address(address, is_deliverable=False) == address == address.lower()


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
def test_who_has_a_name_gets_an_address_that_tells_it(name: str, address: str) -> None:
    assert made_up_address(name) == address


@pytest.mark.parametrize("name", NAMES)
def test_a_made_up_address_is_one_and_stays_the_same(name: str) -> None:
    address = made_up_address(name)
    assert email_address(address, is_deliverable=False) == address
    assert made_up_address(name) == address


@given(st.text())
def test_a_made_up_address_reaches_nobody(name: str) -> None:
    address = made_up_address(name)
    assert email_address(address, is_deliverable=False) == address
    assert address.endswith("@authors.invalid")


def test_people_whose_names_have_no_letters_are_not_one() -> None:
    assert len({made_up_address(name) for name in ("", "-", "—", "\U0001f600")}) == 4
