"""Tests that a change of a key in a config file keeps everything else in the file."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.errors import ConfigurationError
from blogcli.services.config.edit import set_value, unset_value

TEXT = """\
# The settings of my blog
[default]   # for all profiles
author = 'ann@example.org' # me
timezone = "UTC"

# The public blog
[profiles.live]
database_url = "live.db"

[hooks]
after_change = "make"

[profiles.test]
database_url = "test.db"
"""
FILES = [
    TEXT,
    TEXT.rstrip("\n"),
    TEXT.replace("\n", "\r\n"),
    "",
    "# only a comment\n",
    "[default]",
    'profiles.live.database_url = "a"\n',
    'default.author = "a"\n',
    '[profiles]\nlive.database_url = "a"\n',
]
INLINE = 'profiles = {live = {database_url = "a"}}\n'
DEFAULT, LIVE, NEW = ("default",), ("profiles", "live"), ("profiles", "new")
VALUES = st.one_of(st.text(st.characters(exclude_categories=["Cs"])), st.booleans(), st.integers(0, 10**18))


@pytest.mark.parametrize(
    ("section", "key", "value", "old", "new"),
    [
        (DEFAULT, "author", "bob@example.org", "'ann@example.org' # me", '"bob@example.org" # me'),
        (DEFAULT, "format", "json", 'timezone = "UTC"\n', 'timezone = "UTC"\nformat = "json"\n'),
        (LIVE, "protected", True, '"live.db"\n', '"live.db"\nprotected = true\n'),
        (("profiles", "test"), "max_affected", 5, '"test.db"\n', '"test.db"\nmax_affected = 5\n'),
        (("hooks",), "after_publish", "rsync", '"make"\n', '"make"\nafter_publish = "rsync"\n'),
    ],
)
def test_set_value_changes_one_line(section: tuple[str, ...], key: str, value: object, old: str, new: str) -> None:
    assert set_value(TEXT, section, key, value) == TEXT.replace(old, new)


@pytest.mark.parametrize(
    ("section", "key", "line"),
    [
        (DEFAULT, "author", "author = 'ann@example.org' # me\n"),
        (LIVE, "database_url", 'database_url = "live.db"\n'),
        (DEFAULT, "format", ""),
    ],
)
def test_unset_value_removes_one_line(section: tuple[str, ...], key: str, line: str) -> None:
    assert unset_value(TEXT, section, key) == TEXT.replace(line, "")


@pytest.mark.parametrize("value", ["UTC", "timezone"])
def test_equal_value_changes_nothing(value: str) -> None:
    text = f'[default]\ntimezone="{value}"'
    assert set_value(text, DEFAULT, "timezone", value) == text


def test_new_profile_and_section_are_added() -> None:
    text = set_value(set_value("# mine\n", ("profiles", "my blog"), "max_affected", 5), DEFAULT, "author", "a")
    assert text.startswith("# mine\n")
    assert tomllib.loads(text) == {"profiles": {"my blog": {"max_affected": 5}}, "default": {"author": "a"}}


@given(st.sampled_from(FILES), st.sampled_from([DEFAULT, LIVE, NEW, ("hooks",)]), VALUES)
def test_only_one_value_changes_in_any_file(text: str, section: tuple[str, ...], value: object) -> None:
    edited = set_value(text, section, "author", value)
    expected = tomllib.loads(text)
    table = expected
    for name in section:
        table = table.setdefault(name, {})
    table["author"] = value
    assert tomllib.loads(edited) == expected
    kept = [line for line in text.splitlines() if "author" not in line]
    assert kept == [line for line in edited.splitlines() if line in kept][: len(kept)]


def test_profile_in_unusual_table_is_refused_with_hint() -> None:
    assert tomllib.loads(set_value(INLINE, LIVE, "author", "b"))["profiles"]["live"]["author"] == "b"
    with pytest.raises(ConfigurationError) as caught:
        set_value(INLINE, NEW, "author", "a")
    assert caught.value.hint == "Edit the file by hand."


@pytest.mark.parametrize("text", ["default = 1", "profiles = 'x'", "[profiles]\nlive = []"])
def test_section_that_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="must be a table"):
        set_value(text, DEFAULT if text.startswith("default") else LIVE, "author", "a")
