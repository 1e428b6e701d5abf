"""Tests that the examples, tables, settings, file names and links in README.md and docs/ are correct."""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from blogcli import setting_types, settings
from blogcli.content_check.rules import DEFAULT_LEVELS
from blogcli.enums import OutputFormat
from blogcli.errors import ExitCode
from blogcli.interchange.notes import NoteCode
from blogcli.main import app
from blogcli.nouns import DEFAULT_VERBS, NOUNS, noun_command, noun_group
from tests.command_line import Cli
from tests.databases import execute

TOP = Path(__file__).parents[1]
FILES = [
    TOP / "README.md",
    TOP / "CONTRIBUTING.md",
    TOP / "CHANGELOG.md",
    TOP / "SECURITY.md",
    *TOP.glob("docs/**/*.md"),
]
PAGES = {str(path.relative_to(TOP)): path.read_text("utf-8") for path in sorted(FILES)}
README = PAGES["README.md"]

INSTALL = (
    "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/blogcli --database-url demo.db db upgrade"
    " && .venv/bin/blogcli --database-url demo.db db seed"
    " && .venv/bin/blogcli --database-url demo.db post search --tag python"
)
TEST = "python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]' && .venv/bin/pytest"

# Maps each host that pages and configuration files may contain to its purpose. Links to other sites can break, so add a
# host only if readers need the link.
ALLOWED_HOSTS = {
    "keepachangelog.com": "the form of the changelog",
    "semver.org": "the meaning of version numbers",
    "github.com": "the repository",
    "pipx.pypa.io": "how to install pipx",
    # Source: RFC 2606, section 3.
    "example.org": "a host of the reader",
}

# Matches a hidden comment that contains the commands to run before the first example of a page.
_SETUP = re.compile(r"^<!-- setup\n(?P<text>.*?)^-->$", re.DOTALL | re.MULTILINE)
_BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"^\$ (?P<line>.+)\n(?P<output>(?:(?!\$ ).*\n)*)", re.MULTILINE)
_SEPARATORS = set("|;&()<>")
# Matches a value that differs from run to run, in the output of a command.
_VARYING_VALUE = re.compile(
    r"(?P<uuid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d)"
    r"|(?<=Password: )(?P<password>\S+)"
)


def blocks(page: str, *languages: str) -> list[str]:
    return [block["text"] for block in _BLOCK.finditer(page) if block["language"] in languages]


def console_commands(page: str) -> list[tuple[str, str | None]]:
    """Return the command lines of a page in order, each with its documented output.

    The output is None for a command in the hidden comment.
    """
    hidden = [(line, None) for block in _SETUP.finditer(page) for line in block["text"].splitlines()]
    shown = [
        (match["line"], match["output"]) for block in blocks(page, "console") for match in _COMMAND.finditer(block)
    ]
    return [*hidden, *shown]


def command_lines(page: str) -> Iterator[list[str]]:
    """Yield the arguments of each blogcli call in the code blocks and the inline code of a page."""
    shell = [line for block in blocks(page, "sh") for line in block.splitlines()]
    console = [match["line"] for block in blocks(page, "console") for match in _COMMAND.finditer(block)]
    spans = codes(_BLOCK.sub("", page))
    for text in (*shell, *console, *(span for span in spans if span.startswith("blogcli "))):
        yield from calls(text)


def calls(text: str) -> Iterator[list[str]]:
    """Yield the arguments of each blogcli call in a line of shell code."""
    words = shlex.shlex(text, posix=True, punctuation_chars=True)
    words.whitespace_split = True
    current: list[str] | None = None
    is_link = False
    for word in (*words, ";"):
        if set(word) <= _SEPARATORS:
            if current is not None and not is_link:
                yield current
            current = None
            is_link = False
        elif word == "ln":
            # In a command such as `ln -s .../bin/blogcli`, the program is an argument of ln, and the program is not
            # called.
            is_link = True
        elif current is not None:
            current.append(word)
        elif word == "blogcli" or word.endswith("/bin/blogcli"):
            current = []


def rest_after_options(command: Any, arguments: list[str], *, until_word: bool, also: Any = None) -> list[str]:
    """Remove the options of `command` and `also` from `arguments`, and return the rest. Fail if an option is unknown.

    If `until_word` is set, the first argument that is not an option and all following arguments are returned unchanged.
    """
    params = [*(also.params if also else ()), *command.params]
    known = {name: param for param in params for name in (*param.opts, *param.secondary_opts)}
    known |= dict.fromkeys(("-h", "--help"))
    remaining: list[str] = []
    words = iter(arguments)
    for word in words:
        if not word.startswith("-") or word == "-":
            remaining.append(word)
            if until_word:
                return [*remaining, *words]
            continue
        name = word.partition("=")[0]
        assert name in known or re.fullmatch(r"-\d", word), f"{name} is not an option of {command.name}"
        if "=" not in word and not getattr(known.get(name), "is_flag", True):
            next(words)
    return remaining


def check_command_line(arguments: list[str]) -> None:
    remaining = rest_after_options(typer.main.get_command(app), arguments, until_word=True)
    if not remaining:
        return
    if remaining[0] == "help":
        remaining = [word for word in remaining[1:] if word.islower()]
        if not remaining:
            return
    assert remaining[0] in NOUNS, f"{remaining[0]} is not a noun"
    command: Any = find_noun(remaining[0])
    implied = DEFAULT_VERBS.get(remaining[0])
    remaining = remaining[1:]
    if implied and remaining and remaining[0] not in command.commands:
        remaining = [implied, *remaining]
    while remaining and getattr(command, "commands", None):
        assert remaining[0] in command.commands, f"{remaining[0]} is not a verb of {command.name}"
        command = command.commands[remaining[0]]
        remaining = remaining[1:]
    rest_after_options(command, remaining, until_word=False, also=typer.main.get_command(app))


def find_noun(name: str) -> Any:
    """Return the group of a noun, or its command if the noun has no verbs."""
    return noun_command(name) if NOUNS[name].is_command else noun_group(name)


def table(page: str, *header: str) -> list[list[str]]:
    """Return the rows of the table with the given header. Each row is a list of its cells."""
    lines = page.splitlines()
    start = lines.index(f"| {' | '.join(header)} |")
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def codes(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


def lines_of(text: str, home: Path) -> list[str]:
    """Return the sorted lines of an output, without blank lines.

    Values that differ from run to run are replaced. The lines are sorted, because a page does not show whether a line
    is printed on stdout or stderr.
    """
    text = _VARYING_VALUE.sub(lambda match: str(match.lastgroup), text.replace(str(home), "/home/ann"))
    return sorted(line.rstrip() for line in text.splitlines() if line.strip())


def anchors(page: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("line", [INSTALL, TEST])
def test_installation_commands_are_in_readme(line: str) -> None:
    assert f"{line}\n" in blocks(README, "sh")


@pytest.mark.parametrize("page", [name for name, text in PAGES.items() if blocks(text, "console")])
def test_examples_print_output_shown_on_page(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # The examples import the blog of another system. The files of this blog are copied to the working directory.
    shutil.copytree(TOP / "tests" / "data" / "moving", tmp_path, dirs_exist_ok=True)
    # With TERM=dumb, no progress bar is shown, so the output is the same on a slow machine.
    environ = {"HOME": str(tmp_path), "COLUMNS": "100", "NO_COLOR": "1", "PAGER": "cat", "TERM": "dumb"}
    cli = Cli({"PATH": "/usr/bin:/bin", **environ})
    for line, output in console_commands(PAGES[page]):
        program, *arguments = shlex.split(line)
        if program == "cat":
            Path(arguments[0]).write_text(str(output), "utf-8")
        elif program == "export":
            name, _, value = arguments[0].partition("=")
            cli.environ[name] = value
        else:
            assert program == "blogcli", f"{page}: an example may run cat, export and blogcli, not {program}"
            result = cli(*arguments, terminal=output is not None)
            assert result.exit_code == ExitCode.DONE, f"{page}: {line}: {result.stderr}"
            if output is not None:
                printed = lines_of(f"{result.stdout}\n{result.stderr}", tmp_path)
                assert lines_of(output, tmp_path) == printed, f"{page} shows another output of: {line}"


@pytest.mark.parametrize("page", PAGES)
def test_command_lines_use_existing_commands_and_options(page: str) -> None:
    for arguments in command_lines(PAGES[page]):
        try:
            check_command_line(arguments)
        except AssertionError as error:
            pytest.fail(f"{page}: blogcli {shlex.join(arguments)}: {error}")


@pytest.mark.parametrize(
    "arguments", [["psot", "list"], ["post", "lsit"], ["post", "list", "--tga", "x"], ["help", "psot"]]
)
def test_check_command_line_finds_mistakes(arguments: list[str]) -> None:
    with pytest.raises(AssertionError):
        check_command_line(arguments)


def test_table_lists_every_verb() -> None:
    rows = {codes(noun)[0]: codes(verbs) for noun, verbs in table(PAGES["docs/commands.md"], "Noun", "Verbs")}
    for noun in NOUNS:
        verbs: list[str] = []
        for name, command in getattr(find_noun(noun), "commands", {}).items():
            inner = getattr(command, "commands", None)
            shown = [] if command.hidden else [name]
            verbs += [f"{name} {verb}" for verb in inner] if inner else shown
        assert sorted(rows.pop(noun)) == sorted(verbs)
    assert rows == {}


def test_table_lists_exit_codes_of_program() -> None:
    rows = table(PAGES["docs/exit-codes.md"], "Code", "Name", "Meaning")
    assert {codes(name)[0]: int(code) for code, name, _ in rows} == {code.name.lower(): code for code in ExitCode}


def test_table_lists_formats_of_program() -> None:
    rows = table(PAGES["docs/formats.md"], "`--format`", "What is printed")
    assert sorted(codes(name)[0] for name, _ in rows) == sorted(OutputFormat)


def test_table_lists_fields_of_records(cli: Cli) -> None:
    cli.ok("user", "create", "ann@example.org", "--no-password")
    cli.ok("post", "create", "--title", "Hello", "--author", "ann@example.org", "--tag", "python")
    documented = {noun: codes(cell) for noun, cell in table(PAGES["docs/formats.md"], "Record", "Fields")}
    assert list(cli.json("user", "show", "1")) == documented["user"]
    assert list(cli.json("tag", "show", "python")) == documented["tag"]
    assert list(cli.json("log")[0]) == documented["operation"]
    assert list(cli.json("log", "show", "1")[0]) == documented["change"]
    cli.ok("post", "expire", "1", "--at", "2090-01-01")
    assert list(cli.json("schedule", "next")[0]) == documented["event of `schedule next`"]
    assert list(cli.json("post", "history", "1")[0]) == documented["version"]
    assert list(cli.json("post", "diff", "1")[0]) == documented["difference"]
    # The cell also contains the names of the commands `show`, `create` and `search`, which are not fields.
    fields = [name for name in documented["post"] if name not in ("show", "create", "search")]
    listed, shown, hit = fields[:-5], fields[-5:-2], fields[-2:]
    assert list(cli.json("post", "list")[0]) == listed
    assert list(cli.json("post", "show", "1")) == listed + shown
    assert list(cli.json("post", "search", "hello")[0]) == listed + hit
    assert list(cli.json("check")[0]) == documented["finding"]
    assert list(cli.json("config", "show", "--origin")[0]) == [
        name for name in documented["setting"] if name not in ("config show", "--origin")
    ]
    cli.ok("config", "set", "--profile", "live", "author", "ann@example.org")
    assert list(cli.json("config", "profiles")[0]) == documented["profile"]
    mistakes = cli("config", "check", "--format", "json", BLOGCLI_TIMEZONE="Mars").json
    assert ["config check", *mistakes[0]] == documented["mistake"]
    assert list(cli.json("db", "optimize")[0]) == documented["optimization of `db optimize`"]
    assert list(cli("doctor", "--json").json[0]) == documented["diagnosis of `doctor`"]
    execute(cli.url, "UPDATE posts SET words = 9")
    assert list(cli("db", "check", "--json").json[0]) == documented["problem of `db check`"]
    replaced = [name for name in documented["replacement"] if name != "post replace"]
    assert list(cli.json("post", "replace", "Hello", "Bye", "1")[0]) == replaced


def test_table_lists_settings_of_program() -> None:
    rows = table(PAGES["docs/configuration.md"], "Setting", "Variable", "Meaning", "Default")
    names = [codes(name)[0] for name, *_ in rows]
    assert names == list(setting_types.NAMES)
    assert [codes(variable)[0] for _, variable, *_ in rows] == [f"BLOGCLI_{name.upper()}" for name in names]


def test_config_file_in_examples_is_valid(tmp_path: Path) -> None:
    examples = [
        block for page in ("configuration", "hooks", "checking") for block in blocks(PAGES[f"docs/{page}.md"], "toml")
    ]
    (tmp_path / "config.toml").write_text("\n".join(examples), "utf-8")
    overrides = settings.Overrides(config=tmp_path / "config.toml", profile="live")
    loaded = settings.load_settings(overrides, {})
    assert loaded.author == "ann@example.org"
    assert loaded.database_url.startswith("postgresql://")
    assert list(loaded.hooks) == ["after_publish", "after_change"]
    assert list(loaded.check) == ["image-without-alt", "tag-on-one-post", "pages"]


def test_named_variables_exist() -> None:
    known = {f"BLOGCLI_{name.upper()}" for name in (*setting_types.NAMES, "config", "profile")}
    named = {name for page in PAGES.values() for name in re.findall(r"BLOGCLI_[A-Z0-9_]+", page)}
    of_hooks = {"BLOGCLI_COMMAND", "BLOGCLI_HOOK", "BLOGCLI_NOUN", "BLOGCLI_VERB"}
    of_tests = {"BLOGCLI_STRESS", "BLOGCLI_STRESS_MINUTES", "BLOGCLI_STRESS_SEED"}
    of_tests |= {"BLOGCLI_TEST_POSTGRES_URL", "BLOGCLI_TEST_SAMPLES"}
    assert named <= known | of_hooks | of_tests


def test_files_named_in_contributing_exist() -> None:
    words = [word for span in codes(_BLOCK.sub("", PAGES["CONTRIBUTING.md"])) for word in span.split()]
    paths = [word for word in words if re.fullmatch(r"[\w.]+(/[\w.]+)*/?", word)]
    folders = ("blogcli/", "tests/", "migrations/", "benchmarks/", ".ci/")
    named = {path for path in paths if path.startswith(folders) or path.endswith((".md", ".toml"))}
    assert len(named) > 20
    missing = [path for path in sorted(named) if not (TOP / path).exists()]
    assert missing == [], f"CONTRIBUTING.md names files that do not exist: {missing}; correct their names there"


@pytest.mark.parametrize("page", PAGES)
def test_links_have_existing_targets(page: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", PAGES[page]):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        file = (TOP / page).parent.joinpath(path).resolve() if path else TOP / page
        assert file.exists(), f"{page} links to {target}, which does not exist"
        assert not anchor or anchor in anchors(file.read_text("utf-8")), f"{page} links to {target}: no such heading"
        # The site is built only from the files in docs/, so a link from docs/ to another file would be broken.
        assert not page.startswith("docs/") or file.is_relative_to(TOP / "docs"), (
            f"{page} links to {target} outside docs/"
        )


def test_navigation_lists_every_page() -> None:
    navigation = (TOP / "zensical.toml").read_text("utf-8")
    pages = {name.removeprefix("docs/") for name in PAGES if name.startswith("docs/")}
    decisions = {page for page in pages if re.match(r"decisions/\d", page)}
    assert set(re.findall(r"\"([\w/-]+\.md)\"", navigation)) == pages - decisions, (
        "List every page of docs/ in zensical.toml, under nav"
    )
    listed = re.findall(r"\]\((\d[\w-]+\.md)\)", (TOP / "docs" / "decisions" / "README.md").read_text("utf-8"))
    assert {f"decisions/{page}" for page in listed} == decisions, "List every decision in docs/decisions/README.md"


def test_links_use_only_allowed_hosts() -> None:
    names = [
        "pyproject.toml",
        "noxfile.py",
        "zensical.toml",
        ".ci/run",
        ".pre-commit-config.yaml",
        "docs/make_picture.py",
    ]
    files = [*PAGES, *names, *(str(path.relative_to(TOP)) for path in (TOP / ".github").rglob("*.*"))]
    for name in files:
        text = (TOP / name).read_text("utf-8")
        unexpected = set(re.findall(r"https?://([^/\s)\"]+)", text)) - set(ALLOWED_HOSTS)
        assert not unexpected, (
            f"{name} names {unexpected}. Links break and hosts change hands, so the pages link to few sites. Describe "
            "what readers need instead of linking to it, or add the host with its reason to ALLOWED_HOSTS in this file."
        )
        assert "index-url" not in text, f"{name} sets a package index; leave that choice to the configuration of pip"


def test_table_lists_every_rule_with_its_default_level() -> None:
    rows = table(PAGES["docs/checking.md"], "Rule", "Level", "What it reports")
    assert {codes(rule)[0]: level for rule, level, _ in rows} == dict(DEFAULT_LEVELS)


def test_table_lists_every_code_of_import_report() -> None:
    rows = table(PAGES["docs/importing.md"], "Code", "Meaning")
    assert sorted(codes(code)[0] for code, _ in rows) == sorted(NoteCode)
