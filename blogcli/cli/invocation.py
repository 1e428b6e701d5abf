"""The command lines that are run: those of users, and the lines of a batch."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ..errors import UsageError
from ..settings import Settings

# The global options that apply to a batch as a whole, so that its lines cannot have them.
_BATCH_OPTIONS = {"database_url": "--database-url", "profile": "--profile", "config": "--config", "debug": "--debug"}
# The nouns whose commands cannot be lines of a batch: they open the database in another way, are for shells, or are
# about settings, which the batch has already read.
_EXCLUDED_NOUNS = ("batch", "completion", "config", "db", "doctor")
# The nouns whose commands have a transaction of their own, so that they cannot take part in that of a batch.
_INDEPENDENT_NOUNS = ("redo", "undo")


class Batch(NamedTuple):
    """The values that the lines of a batch share.

    `settings` contains the open database, and `given` contains the global options of the batch by name. If `is_atomic`
    is set, all lines take part in one transaction, and `hooks` collects the functions to call after the commit.
    """

    settings: Settings
    given: Mapping[str, Any]
    is_atomic: bool
    hooks: list[Callable[[], None]]

    def line_options(self, command: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the global options of a line, which are those of the batch and those in the line.

        `command` contains the words of the command, such as `post list`. Raises UsageError if the command or an option
        cannot be used in a batch.
        """
        noun = command.partition(" ")[0]
        if noun in _EXCLUDED_NOUNS:
            raise UsageError(f"`{noun}` cannot be used in a batch", hint=f"Run `blogcli {noun}` by itself.")
        if self.is_atomic and noun in _INDEPENDENT_NOUNS:
            raise UsageError(f"`{noun}` cannot be used in an atomic batch", hint="Run the batch without --atomic.")
        for name, option in _BATCH_OPTIONS.items():
            if given.get(name):
                raise UsageError(f"{option} cannot be used in a line of a batch", hint=f"Use `blogcli batch {option}`.")
        return {**self.given, **given}


class Invocation(NamedTuple):
    """A command line: its arguments, and the root command that parses them.

    If the command line is a line of a batch, `batch` contains what the lines share, and `line` is the number of the
    line.
    """

    root: Any = None
    arguments: Sequence[str] = ()
    batch: Batch | None = None
    line: int = 0
