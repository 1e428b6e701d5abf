"""The command `blogcli config check`."""

import typer

from ... import services
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.fields import CONFIG_PROBLEMS
from ...cli.results import RecordList
from ...errors import ExitCode

app = typer.Typer()


@command(app, "check", is_lenient=True)
def check(context: CliContext) -> RecordList:
    """Check the whole config file, with all profiles, and the environment.

    The exit code is 78 if there is a mistake because of which commands fail, and 1 if there are only warnings.

    Examples:
        blogcli config check
        blogcli config check --format json
        blogcli --config new.toml config check && mv new.toml ~/.config/blogcli/config.toml
    """
    problems = services.config.check.check_file(context.overrides)
    if not problems:
        return RecordList(records=[], columns=CONFIG_PROBLEMS, message="No problems found.")
    has_errors = any(problem.level == "error" for problem in problems)
    exit_code = ExitCode.CONFIGURATION if has_errors else ExitCode.FAILED
    return RecordList(records=problems, columns=CONFIG_PROBLEMS, exit_code=exit_code)
