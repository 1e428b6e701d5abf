"""Programs that the user chose, such as a pager or an editor, run as git runs them."""

# A command that holds one of these is more than the name of a program.
_SHELL_CHARACTERS = frozenset("|&;<>()$`\\\"' \t\n*?[#~=%")
SHELL = "/bin/sh"
# The exit statuses of a shell that could not run the command.
NOT_RUN = (126, 127)


def command_line(command: str, *arguments: str) -> list[str]:
    """Return the words with which to run `command` with the arguments: through the shell where it needs one."""
    if _SHELL_CHARACTERS.isdisjoint(command):
        return [command, *arguments]
    script = f'{command} "$@"' if arguments else command
    return [SHELL, "-c", script, command, *arguments]
