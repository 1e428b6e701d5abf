"""The guards of a profile, which protect its database from mistakes: the settings `protected` and `read_only`."""

from collections.abc import Mapping
from inspect import Parameter
from typing import Annotated, Any

from typer import Option

from . import completers
from .context import CliContext
from .prompts import confirm

# The option that the decorator `command` adds to each command that may need a confirmation.
CONFIRMATION = Parameter(
    "confirm",
    Parameter.KEYWORD_ONLY,
    annotation=Annotated[
        str | None,
        Option(
            "--confirm",
            help="Confirm with the name of the profile, which a protected profile requires.",
            metavar="PROFILE",
            rich_help_panel="Changing",
            autocompletion=completers.complete_profiles,
        ),
    ],
    default=None,
)
# The options with which a command that can change the database does not change it.
_TRIAL_OPTIONS = ("dry_run", "plan", "sql")
# The options without which a command does not change the database.
_WRITING_OPTIONS = ("repair",)


def enforce_guards(context: CliContext, values: Mapping[str, Any], *, is_bulk: bool) -> None:
    """Check the guards of the profile before a command is run with the given values of its parameters.

    Every command that can change the database has the option --dry-run. Such a command is refused at once if the
    setting `read_only` is set, so that it neither asks questions nor opens an editor. If `is_bulk` is set and the
    profile is protected, the user has to confirm the command.

    Raises NotPermittedError if the command is refused, and NotConfirmedError if it is not confirmed or if --confirm
    does not name the profile.
    """
    if values.get("confirm") is not None:
        context.accept_confirmation(values["confirm"])
    if "dry_run" not in values or any(values.get(name) for name in _TRIAL_OPTIONS):
        return
    if any(values.get(name) is False for name in _WRITING_OPTIONS):
        return
    context.settings.refuse_writes()
    if is_bulk and context.settings.protected:
        confirm(context, f"Run `blogcli {context.command}`", yes=False)
