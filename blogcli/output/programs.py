"""Build the command lines of programs that the user has chosen, such as a pager or an editor.

The value of a setting is interpreted in the same way as by git.
"""

# The characters that are special in the shell. The shell runs a command that contains one of these characters. Any
# other command is the name of a program.
_SHELL_CHARACTERS = frozenset("|&;<>()$`\\\"' \t\n*?[#~=%")
SHELL = "/bin/sh"
# The exit statuses with which a shell reports that it could not run the command.
NOT_RUN_STATUSES = (126, 127)


def command_line(command: str, *arguments: str) -> list[str]:
    """Return the program to run for a command that the user has chosen, followed by the arguments of the program.

    `arguments` are additional arguments of the command. If the command contains special characters of the shell, the
    program is the shell.
    """
    if _SHELL_CHARACTERS.isdisjoint(command):
        return [command, *arguments]
    script = f'{command} "$@"' if arguments else command
    return [SHELL, "-c", script, command, *arguments]
