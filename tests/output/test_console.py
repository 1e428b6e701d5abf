"""Tests of the messages that the console prints."""

import json

import pytest

from blogcli.errors import BlogError
from blogcli.output.console import Console


@pytest.mark.parametrize("as_json", [False, True])
def test_middle_of_very_long_error_is_removed(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    url = "postgresql://ann:s3cret@db/blog"
    text = f"No such post: {'x' * 3_480}{url}{'x' * 100_000}; nothing was changed"
    Console().show_error(BlogError(text, hint="y" * 4_000), as_json=as_json)
    printed = capsys.readouterr().err
    if as_json:
        error = json.loads(printed)["error"]
        message, hint = error["message"], error["hint"]
    else:
        message, hint = (line.partition(": ")[2] for line in printed.splitlines())
    assert (len(message), len(hint), message.count("…")) == (4_001, 4_000, 1)
    assert message.startswith("No such post: xxx")
    assert message.endswith("xxx; nothing was changed")
    assert "s3cret" not in printed
