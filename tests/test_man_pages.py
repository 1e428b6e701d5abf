"""Tests of the man pages that tools/man_pages.py makes for the wheel."""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest

from blogcli.errors import ExitCode
from tests.command_tree import COMMANDS, PATHS
from tools.man_pages import escape, write_pages

TOP = Path(__file__).parents[1]
SNAPSHOTS = TOP / "tests" / "data" / "help"
CONFIGURATION = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))
PROJECT = CONFIGURATION["project"]
BUILD_REQUIREMENTS = CONFIGURATION["build-system"]["requires"]
VISIBLE_PATHS = [path for path in PATHS if not getattr(COMMANDS.get(" ".join(path)), "hidden", False)]

_REQUEST = re.compile(r'\.(TH "[^"]+" 1 "" "[^"]+" "[^"]+"|SH [A-Z ]+|TP|PP|nf|fi|nh|ad l|RS 4|RE|\\" .+)')
# Matches plain characters, the escape sequences that the generator uses, and no others.
_TEXT = re.compile(r"(?!\.)(?:[^\\'\"`^~\x7f-\U0010ffff-]|\\(?:[e&-]|f[BIR]|\((?:aq|dq|ga|ha|ti)|\[u[0-9A-F]{4,6}\]))+")
_ESCAPE = re.compile(r"\\(?:(?P<font>f[BIR]|&)|\[u(?P<code>[0-9A-F]+)\]|\(?(?P<name>aq|dq|ga|ha|ti|e|-))")
_CHARACTERS = {"aq": "'", "dq": '"', "ga": "`", "ha": "^", "ti": "~", "e": "\\", "-": "-"}


def unescaped(roff: str) -> str:
    def character(match: re.Match[str]) -> str:
        if match["font"]:
            return ""
        return chr(int(match["code"], 16)) if match["code"] else _CHARACTERS[match["name"]]

    return _ESCAPE.sub(character, roff)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Write all man pages, and return their texts by their names without the suffix."""
    return {path.stem: path.read_text("ascii") for path in write_pages(tmp_path_factory.mktemp("man1"))}


def test_every_visible_command_has_page(pages: dict[str, str]) -> None:
    assert set(pages) == {"-".join(("blogcli", *path)) for path in VISIBLE_PATHS}


@pytest.mark.parametrize("path", VISIBLE_PATHS, ids=lambda path: "-".join(("blogcli", *path)))
def test_page_contains_every_word_of_help(pages: dict[str, str], path: tuple[str, ...]) -> None:
    name = "_".join(("blogcli", *path))
    help_text = (SNAPSHOTS / f"{name}.txt").read_text("utf-8")
    page = unescaped(pages[name.replace("_", "-")])
    titles = set(re.findall(r"^(?:\w+ )*\w+:$", help_text, re.MULTILINE))
    assert {title.rstrip(":").upper() for title in titles} - {"EXAMPLE"} <= set(
        re.findall(r"^\.SH (.+)$", page, re.MULTILINE)
    )
    # A page shows code in bold instead of between backquotes, and names the pages of commands.
    shown = set(page.replace("`", "").split())
    shown |= {word.removeprefix(f"{name.replace('_', '-')}-").removesuffix("(1)") for word in shown}
    lines = [line for line in help_text.splitlines() if line not in titles and "blogcli help" not in line]
    words = {word for line in lines for word in line.replace("`", "").split()}
    missing = {word for word in words - shown if f"{word}." not in shown}
    assert missing <= {"Usage:", "help", "Show"}


def test_examples_on_page_are_unchanged(pages: dict[str, str]) -> None:
    for path in VISIBLE_PATHS:
        name = "_".join(("blogcli", *path))
        _, _, rest = (SNAPSHOTS / f"{name}.txt").read_text("utf-8").partition("\nExample")
        examples = [line.strip() for line in rest.partition("\n")[2].partition("\n\n")[0].splitlines()]
        assert examples
        shown = unescaped(pages[name.replace("_", "-")].partition("\n.nf\n")[2].partition("\n.fi\n")[0])
        assert shown.splitlines() == examples


def test_pages_contain_only_known_requests_and_escapes(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        for line in page.splitlines():
            assert (_REQUEST if line.startswith(".") else _TEXT).fullmatch(line), f"{name}: {line}"


def test_groff_reports_no_warning(pages: dict[str, str], tmp_path: Path) -> None:
    paths = write_pages(tmp_path)
    assert len(paths) == len(pages)
    groff = shutil.which("groff")
    if groff is None:
        pytest.skip("groff is not installed. The test above checks the pages without it.")
    command = [groff, "-man", "-ww", "-z", "-Tutf8", *map(str, paths)]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (process.returncode, process.stderr) == (0, "")


@pytest.mark.parametrize(
    ("text", "roff"),
    [
        ("--tag 'a b'", r"\-\-tag \(aqa b\(aq"),
        (".hidden", r"\&.hidden"),
        ("'tis", r"\(aqtis"),
        (r"\fB", r"\efB"),
        ("~/blog `x` ^y", r"\(ti/blog \(gax\(ga \(hay"),
        ("Zoë — 日本 😀", r"Zo\[u00EB] \[u2014] \[u65E5]\[u672C] \[u1F600]"),
        ("", ""),
    ],
)
def test_escape_protects_special_characters(text: str, roff: str) -> None:
    assert escape(text) == roff
    assert unescaped(roff) == text


def test_page_of_program_lists_exit_codes_and_variables(pages: dict[str, str]) -> None:
    page = unescaped(pages["blogcli"])
    codes = page.partition(".SH EXIT STATUS\n")[2].partition("\n.SH")[0]
    assert [int(code) for code in re.findall(r"^\.TP\n(\d+)$", codes, re.MULTILINE)] == list(ExitCode)
    assert ".TP\nBLOGCLI_DATABASE_URL\n" in page


def test_build_requirements_suffice_for_man_pages() -> None:
    # Modules that Python itself imports at its start are not counted.
    code = "import sys; old = {*sys.modules}; from tools import man_pages; list(man_pages.contexts()); "
    code += "print(*{*sys.modules} - old)"
    process = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=True)
    modules = {name.partition(".")[0] for name in process.stdout.split()} - sys.stdlib_module_names
    imported = {name for name in modules if not name.startswith("_")}
    assert "typer" in imported
    # The names of these packages differ from the names of their modules only in dashes.
    packages = {name.replace("-", "_") for name in with_requirements(BUILD_REQUIREMENTS)}
    assert imported <= packages | {"blogcli", "tools"}


def with_requirements(texts: Iterable[str]) -> set[str]:
    """Return the names of the packages that are installed if the given requirements are installed."""
    names: set[str] = set()
    waiting = list(texts)
    while waiting:
        name = re.split(r"[^\w.-]", waiting.pop())[0]
        try:
            required = requires(name) or []
        except PackageNotFoundError:
            # The environment marker of the requirement is false, so the package is not installed.
            continue
        if name not in names:
            names.add(name)
            waiting += [text for text in required if "extra ==" not in text]
    return names


def test_build_requirements_have_bounds_of_dependencies() -> None:
    assert set(BUILD_REQUIREMENTS) <= {*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]}
