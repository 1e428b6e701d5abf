"""Hooks: shell commands of the settings that run after a change was committed."""

import json
import os
import subprocess
from collections.abc import Sequence

from .context import CliContext

AFTER_CHANGE, AFTER_PUBLISH = "after_change", "after_publish"
# Set for the commands of a hook, whose own changes start no hooks, since they might never end.
_RUNNING = "BLOGCLI_HOOK"


def run_hooks(context: CliContext, *, noun: str, changed: Sequence[int], published: Sequence[int] = ()) -> None:
    """Run the hooks for the records that a command has changed and for the posts that it has published.

    A hook receives on stdin a JSON object with the id of each record, one a line. One that fails is reported, and
    changes nothing: not what was saved, and not the exit code.
    """
    for hook, ids in ((AFTER_CHANGE, changed), (AFTER_PUBLISH, published)):
        command = context.settings.hooks.get(hook)
        if command and ids and not os.environ.get(_RUNNING):
            _run(context, hook, command, noun=noun, ids=ids)


def _run(context: CliContext, hook: str, command: str, *, noun: str, ids: Sequence[int]) -> None:
    environment = {
        _RUNNING: hook,
        "BLOGCLI_COMMAND": context.command,
        "BLOGCLI_VERB": context.command.rpartition(" ")[2],
        "BLOGCLI_NOUN": noun,
        # A blogcli that the hook calls uses the same database, whatever options this one was given.
        "BLOGCLI_DATABASE_URL": context.settings.database_url,
    }
    lines = "".join(f"{json.dumps({'id': id_})}\n" for id_ in ids)
    try:
        # The output of a hook is a message: stdout is for the data of the command.
        status = subprocess.run(  # noqa: S603 - the user's own choice
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
