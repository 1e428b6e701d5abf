"""The commands `blogcli config show`, `blogcli config path` and `blogcli config profiles`."""

from typing import Annotated

import typer
from typer import Argument

from ... import services
from ...cli import completers
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.fields import PROFILES, SETTINGS, SETTINGS_WITH_ORIGINS
from ...cli.option_group import Flag
from ...cli.results import RecordList

app = typer.Typer()


@command(app, "show")
def show(
    context: CliContext,
    names: Annotated[
        list[str] | None,
        Argument(
            metavar="SETTING",
            help="Settings to show (default: all).",
            show_default=False,
            autocompletion=completers.complete_settings,
        ),
    ] = None,
    origin: Annotated[bool, Flag("--origin", help="Also show where each value comes from.")] = False,
) -> RecordList:
    """Show the settings of the selected profile. Passwords in URLs are masked.

    Examples:
        blogcli config show --origin
        blogcli config show database_url --profile live
        blogcli config show timezone --field value
    """
    settings = services.config.query.list_settings(context.settings, names or [])
    if origin:
        return RecordList(records=settings, columns=SETTINGS_WITH_ORIGINS)
    records = [{"setting": setting.setting, "value": setting.value} for setting in settings]
    return RecordList(records=records, columns=SETTINGS)


@command(app, "path")
def path(context: CliContext) -> None:
    """Print the path of the config file, whether or not the file exists.

    Examples:
        blogcli config path
        blogcli --config ~/blog.toml config path
        blogcli config path | xargs ls -l
    """
    file = context.config_path
    context.console.write([f"{file}\n"])
    if context.console.stdout_is_terminal and not file.exists():
        context.console.say("The file does not exist; `blogcli config set` creates it.")


@command(app, "profiles")
def profiles(context: CliContext) -> RecordList:
    """List the profiles of the config file with their databases and guards, and mark the selected one.

    Examples:
        blogcli config profiles
        blogcli config profiles --format json
        blogcli config profiles --field profile
    """
    records = services.config.query.list_profiles(context.overrides, context.settings.profile)
    message = "" if records else f"There are no profiles in {context.config_path}."
    return RecordList(records=records, columns=PROFILES, message=message)
