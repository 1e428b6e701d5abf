"""Run programs that the user has chosen, such as a pager or an editor, in the same way as git."""

# The characters that are special in the shell. A command that contains one of these characters is run by the shell,
# and any other command is the name of a program.
_SHELL_CHARACTERS = frozenset("|&;<>()$`\\\"' \t\n*?[#~=%")
SHELL = "/bin/sh"
# The exit statuses with which a shell reports that it could not run the command.
NOT_RUN_STATUSES = (126, 127)


def command_line(command: str, *arguments: str) -> list[str]:
    """Return the program and its arguments that run a command with additional arguments.

    If the command contains special characters of the shell, the program is the shell.
    """
    if _SHELL_CHARACTERS.isdisjoint(command):
        return [command, *arguments]
    script = f'{command} "$@"' if arguments else command
    return [SHELL, "-c", script, command, *arguments]
