"""Tests that bash command lines are split into words, and that values are quoted for bash."""

import pytest

from blogcli.completion.shells import quote_for_bash, script, split_line


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("blogcli ", ["blogcli", ""]),
        ("blogcli post li", ["blogcli", "post", "li"]),
        ("blogcli post list --tag open\\ so", ["blogcli", "post", "list", "--tag", "open so"]),
        ('blogcli tag show "open so', ["blogcli", "tag", "show", "open so"]),
        ("blogcli tag show 'it", ["blogcli", "tag", "show", "it"]),
        ("blogcli tag show 'open source' ", ["blogcli", "tag", "show", "open source", ""]),
        ("blogcli tag show a\\", ["blogcli", "tag", "show", "a"]),
        ("blogcli tag show #c", ["blogcli", "tag", "show", "#c"]),
        ("blogcli user show ann@exa", ["blogcli", "user", "show", "ann@exa"]),
        ("blogcli tag show データ", ["blogcli", "tag", "show", "データ"]),
        ("", [""]),
    ],
)
def test_split_line_returns_words_of_bash(line: str, words: list[str]) -> None:
    assert split_line(line) == words


@pytest.mark.parametrize(
    ("value", "line", "current", "replacement"),
    [
        ("python", "blogcli tag show py", "py", "python"),
        ("open source", "blogcli tag show op", "op", "open\\ source"),
        ("open source", 'blogcli tag show "op', "op", "open source"),
        ("it's; $(rm) `x` \\ *", "blogcli tag show i", "i", "it\\'s\\;\\ \\$\\(rm\\)\\ \\`x\\`\\ \\\\\\ \\*"),
        ("ann@example.org", "blogcli user show ann@exa", "exa", "example.org"),
        ("ann@example.org", "blogcli user show ann@", "", "example.org"),
        ("ann@example.org", "blogcli user show an", "an", "ann@example.org"),
        ("slug:hello", "blogcli post show slug:he", "he", "hello"),
        ("python", "blogcli post list --tag=py", "py", "python"),
        ("ann@example.org", "blogcli post list --author=ann@e", "e", "example.org"),
    ],
)
def test_quote_for_bash_returns_replacement_of_last_word(value: str, line: str, current: str, replacement: str) -> None:
    assert quote_for_bash([value], line, current) == [replacement]


def test_quote_for_bash_omits_values_that_end_open_quotation() -> None:
    assert quote_for_bash(["it's", "its"], "blogcli tag show 'it", "it") == ["its"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_script_calls_candidates_command(shell: str) -> None:
    assert f" completion candidates {shell} -- " in script(shell)
