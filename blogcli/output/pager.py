"""Long output, a screen at a time."""

import os
import shlex
import subprocess
import sys


def page(text: str, command: str) -> None:
    """Show the text through the user's pager, or as it is where there is none to run."""
    # F: end at once if it fits; R: colours as they are; X: leave the text on the screen.
    environment = os.environ | {"LESS": os.environ.get("LESS", "FRX")}
    try:
        with subprocess.Popen(  # noqa: S603 - the user's own choice
            shlex.split(command), stdin=subprocess.PIPE, env=environment, encoding="utf-8"
        ) as process:
            process.communicate(text)
    except (OSError, ValueError):
        sys.stdout.write(text)
