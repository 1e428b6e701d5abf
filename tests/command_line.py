"""Run command lines in the process of the test, and return their exit codes and output."""

import io
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from blogcli.main import main

# The variables of the cheapest hashes of passwords. A hash with the default parameters takes 0.14 seconds.
CHEAP_HASHES = {
    "BLOGCLI_ARGON2_TIME_COST": "1",
    "BLOGCLI_ARGON2_MEMORY_COST": "8",
    "BLOGCLI_ARGON2_PARALLELISM": "1",
}
# The message that follows the message about a change on a terminal.
UNDO_HINT = "`blogcli undo` reverts this.\n"


@dataclass(frozen=True)
class Result:
    """The exit code and the output of a command line."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)

    @property
    def error(self) -> Any:
        """The error that was printed in JSON format."""
        return json.loads(self.stderr)["error"]

    @property
    def lines(self) -> list[str]:
        return self.stdout.splitlines()


class _Stream(io.TextIOWrapper):
    """A text stream in memory that claims to be a terminal if `is_terminal` is set."""

    def __init__(self, data: bytes = b"", *, is_terminal: bool = False) -> None:
        self._data = io.BytesIO(data)
        super().__init__(self._data, encoding="utf-8", newline="")
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    def text(self) -> str:
        self.flush()
        return self._data.getvalue().decode()


def environment(url: str, home: Path) -> dict[str, str]:
    """Return the environment variables of a program: PATH, HOME, the database URL and the cheapest hashes."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "BLOGCLI_DATABASE_URL": url} | CHEAP_HASHES


class Cli:
    """Runs command lines in this process. Only the environment variables in `environ` are set."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = dict(environ)

    @property
    def url(self) -> str:
        """The URL or the path of the database."""
        return self.environ["BLOGCLI_DATABASE_URL"]

    def __call__(
        self, *arguments: str | int | Path, stdin: bytes | str = b"", terminal: bool = False, **variables: str
    ) -> Result:
        """Run a command line. If `terminal` is set, all three streams claim to be a terminal."""
        data = stdin.encode() if isinstance(stdin, str) else stdin
        streams = [_Stream(data, is_terminal=terminal), *(_Stream(is_terminal=terminal) for _ in range(2))]
        names = ("stdin", "stdout", "stderr")
        patches = [patch.object(sys, name, stream) for name, stream in zip(names, streams, strict=True)]
        with patch.dict("os.environ", self.environ | variables, clear=True), patches[0], patches[1], patches[2]:
            code = main([str(argument) for argument in arguments])
        return Result(int(code), streams[1].text(), streams[2].text())

    def ok(self, *arguments: str | int | Path, stdin: bytes | str = b"", **variables: str) -> Result:
        """Run a command line that must succeed."""
        result = self(*arguments, stdin=stdin, terminal=False, **variables)
        assert result.exit_code == 0, result.stderr
        return result

    def json(self, *arguments: str | int | Path, stdin: bytes | str = b"", **variables: str) -> Any:
        """Run a command line that must succeed with --format json, and return its parsed output."""
        return self.ok(*arguments, "--format", "json", stdin=stdin, **variables).json
