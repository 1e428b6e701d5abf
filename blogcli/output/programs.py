"""Programs that the user names: an editor, a pager."""

import re

# As git decides: with one of these characters, the value is a line for the shell.
# https://github.com/git/git/blob/master/run-command.c (prepare_shell_cmd)
_NEEDS_SHELL = re.compile(r"[|&;<>()$`\\\"' \t\n*?\[#~=%]")


def command_line(command: str, *arguments: str) -> list[str]:
    """Return the words that run `command` with these arguments, through a shell if it is more than a name."""
    if _NEEDS_SHELL.search(command):
        return ["sh", "-c", f'{command} "$@"', command, *arguments]
    return [command, *arguments]
