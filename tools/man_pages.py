"""Make the man pages of blogcli from the commands that the program itself parses: `python -m tools.man_pages FOLDER`.

There is one page for each command and each group of commands. Its name consists of the words of the command, such as
blogcli-post-publish.1. A page has the same content as the help of the command. The page of the program also contains
the tables of exit codes and of environment variables, which are read from the pages in docs/.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import typer

from blogcli import __version__, main, nouns
from blogcli.cli import help as help_

TOP = Path(__file__).parents[1]

# These characters are special in roff, or are shown as typographic characters that shells do not accept.
_ESCAPES = str.maketrans(
    {"\\": r"\e", "-": r"\-", "'": r"\(aq", '"': r"\(dq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti"}
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_LINK = re.compile(r"\[([^]]+)\]\([^)]+\)")
_CODE = re.compile(r"`([^`]+)`")
# Matches an option, such as --dry-run, or a word in capitals, which is the placeholder of a value.
_OPTION_OR_VALUE = re.compile(r"(?P<option>--?[a-z][\w-]*|-[A-Z]\b)|(?P<value>\b[A-Z][A-Z_]*\b)")
_EXIT_CODES = ("docs/exit-codes.md", "Code", "Name", "Meaning")
_VARIABLES = ("docs/configuration.md", "Setting", "Variable", "Meaning", "Default")
_FILES = [
    ("~/.config/blogcli/config.toml", "The config file. The variable `XDG_CONFIG_HOME` replaces ~/.config."),
    ("~/.local/share/blogcli/blog.db", "The default database. The variable `XDG_DATA_HOME` replaces ~/.local/share."),
]
_MORE_VARIABLES = [
    ("BLOGCLI_CONFIG", "The config file, as with `--config`."),
    ("BLOGCLI_PROFILE", "The profile of the config file, as with `--profile`."),
]


def write_pages(folder: Path) -> list[Path]:
    """Write the man pages of all commands to a folder, and return their paths."""
    paths = []
    for ctx in contexts():
        path = folder / f"{page_name(ctx)}.1"
        path.write_text(page(ctx), encoding="ascii")
        paths.append(path)
    return paths


def page_name(ctx: Any) -> str:  # noqa: ANN401 - Typer does not export the type
    """Return the name of the man page of a command, such as blogcli-post-list."""
    return str(ctx.command_path).replace(" ", "-")


def page(ctx: Any) -> str:  # noqa: ANN401 - Typer does not export the type
    """Return the man page of the command of a context in the language roff."""
    return "".join(f"{line}\n" for line in _lines(ctx))


def table(page: str, *header: str) -> list[list[str]]:
    """Return the rows of the Markdown table with the given header. Each row is a list of its cells."""
    lines = page.splitlines()
    start = lines.index(f"| {' | '.join(header)} |")
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def escape(text: str) -> str:
    """Return a line of roff that shows a text exactly. The text must not contain line ends."""
    escaped = _NOT_ASCII.sub(lambda match: f"\\[u{ord(match[0]):04X}]", text.translate(_ESCAPES))
    # A line that begins with a period would be a request. An apostrophe, which has the same effect, is escaped above.
    return f"\\&{escaped}" if escaped.startswith(".") else escaped


def contexts() -> Iterator[Any]:
    """Yield a context for the program, and for each group and each command that is not hidden."""
    root = _context(typer.main.get_command(main.app), None, "blogcli")
    yield root
    for name, noun in nouns.NOUNS.items():
        yield from _contexts_below(nouns.noun_command(name) if noun.is_command else nouns.noun_group(name), root, name)


def _contexts_below(command: Any, parent: Any, name: str) -> Iterator[Any]:  # noqa: ANN401 - Typer does not export the types
    ctx = _context(command, parent, name)
    yield ctx
    for verb, subcommand in getattr(command, "commands", {}).items():
        if not subcommand.hidden:
            yield from _contexts_below(subcommand, ctx, verb)


def _context(command: Any, parent: Any, name: str) -> Any:  # noqa: ANN401 - Typer does not export the types
    # The settings of the program include the names of the option --help.
    return typer.Context(command, parent=parent, info_name=name, **command.context_settings)


def _lines(ctx: Any) -> Iterator[str]:  # noqa: ANN401 - Typer does not export the type
    name = escape(page_name(ctx))
    usage, paragraphs, examples, sections = help_.describe(ctx.command, ctx)
    yield '.\\" This page was generated from the help of the command.'
    # The page contains no date, so that it depends only on the source code.
    yield f'.TH "{name.upper()}" 1 "" "blogcli {escape(__version__)}" "Manual of blogcli"'
    # Text is neither hyphenated nor justified, because words such as options must stay whole.
    yield from (".nh", ".ad l", ".SH NAME", f"{name} \\- {escape(help_.first_sentence(ctx.command))}")
    yield from (".SH SYNOPSIS", f"\\fB{escape(ctx.command_path)}\\fR {_marked(' '.join(usage))}", ".SH DESCRIPTION")
    yield "\n.PP\n".join(map(_prose, paragraphs))
    yield from (".SH EXAMPLES", ".RS 4", ".nf", *map(escape, examples), ".fi", ".RE")
    yield from _sections(ctx, sections)
    if ctx.parent is None:
        yield from _program_sections()
    else:
        yield from (".SH SEE ALSO", ", ".join(_references(ctx.parent)))


def _sections(ctx: Any, sections: dict[str, list[tuple[str, str]]]) -> Iterator[str]:  # noqa: ANN401 - Typer does not export the type
    for title, rows in sections.items():
        yield f".SH {title.upper()}"
        if title == help_.COMMANDS:
            prefix = page_name(ctx)
            pages = ((f"{prefix}-{name}", text) for name, text in rows if name != nouns.HELP)
            yield from _items((_reference(name), f"{text}.") for name, text in pages)
        else:
            yield from _items((_marked(name), text) for name, text in rows)


def _program_sections() -> Iterator[str]:
    """Yield the sections that only the page of the program contains."""
    yield ".SH EXIT STATUS"
    codes = table((TOP / _EXIT_CODES[0]).read_text(encoding="utf-8"), *_EXIT_CODES[1:])
    yield from _items((_bold(code), f"{meaning} ({name})") for code, name, meaning in codes)
    yield ".SH ENVIRONMENT"
    settings = table((TOP / _VARIABLES[0]).read_text(encoding="utf-8"), *_VARIABLES[1:])
    variables = [(variable.strip("`"), f"{meaning} (default: {default})") for _, variable, meaning, default in settings]
    yield from _items((_bold(name), text) for name, text in variables + _MORE_VARIABLES)
    yield ".SH FILES"
    yield from _items((f"\\fI{escape(name)}\\fR", text) for name, text in _FILES)


def _items(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield a list of items. The first text of a row is roff, and the second text is plain text."""
    for name, text in rows:
        yield from (".TP", name, _prose(text))


def _references(ctx: Any) -> Iterator[str]:  # noqa: ANN401 - Typer does not export the type
    """Yield references to the pages of the command of a context and of the groups that contain it."""
    while ctx:
        yield _reference(page_name(ctx))
        ctx = ctx.parent


def _reference(name: str) -> str:
    return f"{_bold(name)}(1)"


def _bold(text: str) -> str:
    return f"\\fB{escape(text)}\\fR"


def _marked(text: str) -> str:
    """Return a line of roff in which options are bold, and names of values are italic."""
    parts = []
    position = 0
    for match in _OPTION_OR_VALUE.finditer(text):
        font = "B" if match["option"] else "I"
        parts += [escape(text[position : match.start()]), f"\\f{font}{escape(match[0])}\\fR"]
        position = match.end()
    return "".join([*parts, escape(text[position:])])


def _prose(text: str) -> str:
    """Return a line of roff for a text, in which code between backquotes is bold and links are replaced by their texts.

    The text may have several lines.
    """
    text = _LINK.sub(r"\1", " ".join(text.split()))
    parts = _CODE.split(text)
    marked = "".join(_bold(part) if number % 2 else escape(part) for number, part in enumerate(parts))
    return marked or "\\&"


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
