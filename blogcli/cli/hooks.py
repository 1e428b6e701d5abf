"""Run hooks. A hook is a shell command that the settings define. Hooks run after a change was committed."""

import json
import os
import subprocess
from collections.abc import Sequence
from functools import partial

from ..errors import mask_url, remove_password
from ..settings import Settings
from .context import CliContext

AFTER_CHANGE = "after_change"
AFTER_PUBLISH = "after_publish"
# The variable that blogcli sets in the environment of a hook. If the variable is set, blogcli runs no hooks. Otherwise,
# a hook that changes records with blogcli would run itself again.
_HOOK_VARIABLE = "BLOGCLI_HOOK"


def run_hooks(context: CliContext, *, noun: str, changed: Sequence[int], published: Sequence[int] = ()) -> None:
    """Run the hooks for the records that a command has changed and for the posts that it has published.

    On stdin, a hook receives one line for each record: a JSON object that contains the id. If a hook fails, a warning
    is printed. The failure affects neither the committed change nor the exit code of the command. In an atomic batch,
    the hooks are run after the commit.
    """
    for hook, ids in ((AFTER_CHANGE, changed), (AFTER_PUBLISH, published)):
        command = context.settings.hooks.get(hook)
        if command and ids and not os.environ.get(_HOOK_VARIABLE):
            context.call_after_commit(partial(_run, context, hook, command, noun=noun, ids=ids))


def _run(context: CliContext, hook: str, command: str, *, noun: str, ids: Sequence[int]) -> None:
    environment = {
        _HOOK_VARIABLE: hook,
        "BLOGCLI_COMMAND": context.command,
        "BLOGCLI_VERB": context.command.rpartition(" ")[2],
        "BLOGCLI_NOUN": noun,
        **_settings_variables(context.settings),
    }
    lines = "".join(f"{json.dumps({'id': id_})}\n" for id_ in ids)
    try:
        # The output of a hook goes to stderr, because stdout is for the data of the command.
        status = subprocess.run(  # noqa: S603 - the user has configured the command
            ["/bin/sh", "-c", command],
            input=lines.encode(),
            stdout=2,
            env=os.environ | environment,
            check=False,
        ).returncode
    except OSError as error:
        context.console.warn(f"Warning: cannot run the hook {hook}: {error.strerror}; the change is saved")
        return
    if status:
        context.console.warn(f"Warning: the hook {hook} failed with status {status}; the change is saved")


def _settings_variables(settings: Settings) -> dict[str, str]:
    """Return the variables that make blogcli commands in a hook use the same database with the same guards.

    Options may have selected the database, the profile and the config file of this command.
    """
    variables = {
        "BLOGCLI_DATABASE_URL": _database_variable(settings),
        "BLOGCLI_PROFILE": settings.profile,
        "BLOGCLI_CONFIG": str(settings.config_path) if settings.config_path else None,
    }
    return {name: value for name, value in variables.items() if value is not None}


def _database_variable(settings: Settings) -> str:
    """Return the value of BLOGCLI_DATABASE_URL for a hook.

    A password that is not in the environment already is not added to it, because every program that the hook starts
    could read it. The value is empty if the profile or the config file contains a URL with a password.
    """
    url = settings.database_url
    origin = settings.origins.get("database_url")
    # A URL such as postgresql://ann:@localhost/blog contains an empty password, which is not secret.
    without_empty_password = url.replace(":@", "@")
    if mask_url(without_empty_password) == without_empty_password or origin == "BLOGCLI_DATABASE_URL":
        return url
    return remove_password(url) if origin == "--database-url" else ""
