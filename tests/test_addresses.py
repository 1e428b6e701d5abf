"""What may be the address of a person."""

import pytest

from blogcli.addresses import email_address, made_up_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Ann@Example.ORG ", "ann@example.org"),
        ("ann+blog@example.org", "ann+blog@example.org"),
        ("ann@bücher.example.org", "ann@bücher.example.org"),
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
    "text", ["", "ann", "@example.org", "ann@", "a b@example.org", "a@b@c.org", "a@b..org", "a@-.org"]
)
@pytest.mark.parametrize("is_deliverable", [True, False])
def test_what_is_no_address_is_refused(text: str, is_deliverable: bool) -> None:
    with pytest.raises(ValueError, match="is not an address"):
        email_address(text, is_deliverable=is_deliverable)


@pytest.mark.parametrize(
    "name", ["Ann Lee", "admin", "日本", "", "a" * 200, "-.-", "unknown@authors.invalid", "\ud800"]
)
def test_a_made_up_address_is_one_and_stays_the_same(name: str) -> None:
    address = made_up_address(name)
    assert email_address(address, is_deliverable=False) == address
    assert made_up_address(name) == address


def test_people_whose_names_have_no_letters_are_not_one() -> None:
    assert len({made_up_address(name) for name in ("", "-", "—", "\U0001f600")}) == 4
