"""Tests of the rules for imports, for the size of files and functions, and for the parts of each noun and command."""

import inspect
import re
import shlex
import subprocess
import sys
from importlib import import_module
from itertools import takewhile
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

import blogcli.commands
from blogcli import main, nouns
from tests.ast_helpers import Function, functions_of, late_imports_of, module_functions, strings_of
from tests.command_tree import COMMANDS
from tests.databases import Templates

PACKAGE = Path(main.__file__).parent
TOP = PACKAGE.parent
SOURCES = sorted(PACKAGE.rglob("*.py"))
# Maps each layer to the nouns that have a file or a folder in the layer. A noun is omitted if the layer contains no
# code for the noun.
NOUNS_BY_LAYER = {
    "models": {"blog", "imports", "journal", "posts", "tags", "users"},
    "schemas": {
        "check",
        "config",
        "db",
        "doctor",
        "imports",
        "journal",
        "posts",
        "schedule",
        "stats",
        "tags",
        "undo",
        "users",
    },
    "schemas/inputs": {"imports", "posts", "tags", "users"},
    "repositories": {
        "check",
        "completion",
        "db",
        "exports",
        "imports",
        "journal",
        "posts",
        "schedule",
        "stats",
        "tags",
        "users",
    },
    "services": {
        "check",
        "completion",
        "config",
        "db",
        "doctor",
        "exports",
        "imports",
        "journal",
        "posts",
        "schedule",
        "stats",
        "tags",
        "undo",
        "users",
    },
    "commands": {
        "apply",
        "batch",
        "check",
        "completion",
        "config",
        "db",
        "doctor",
        "exports",
        "imports",
        "log",
        "posts",
        "schedule",
        "stats",
        "tags",
        "undo",
        "users",
    },
}
# Maps each layer to the modules of the layer that contain code for several nouns.
SHARED_MODULES = {
    "models": {"base", "indexes"},
    "schemas": {"base", "inputs"},
    "schemas/inputs": {"base"},
    "repositories": {
        "base",
        "dialects",
        "identifiers",
        "inserts",
        "invalid_values",
        "names",
        "transfer",
        "value_conditions",
        "value_rules",
    },
    "services": {"passwords", "user_passwords"},
    "commands": set[str](),
}
DATABASE_LIBRARIES = {"aiosqlite", "alembic", "asyncpg", "sqlalchemy"}
SQL = re.compile(
    r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|DROP|ALTER|PRAGMA|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|SET|SHOW)\b"
)
# Maps each module outside of `repositories` and `search` that may contain SQL to the allowed statements.
SQL_EXCEPTIONS = {
    # The modules of the two drivers configure connections, and begin and commit transactions.
    "database/sqlite.py": {"BEGIN", "PRAGMA"},
    "database/sqlite_backup.py": {"PRAGMA"},
    "database/postgresql_connection.py": {"BEGIN", "COMMIT", "SET"},
    # In this module, SELECT is not a statement, but a status that the server returns.
    "database/postgresql.py": {"SELECT"},
    # This module stores data that does not fit into memory in a temporary SQLite file, which is not a blog.
    "interchange/ghost/export_file/scanner.py": {"CREATE", "INSERT", "SELECT"},
}
LAZY_PACKAGES = sorted(path.parent for path in PACKAGE.rglob("__init__.pyi"))

MAX_LINES = 250
MAX_BODY = 25
MAX_COMMAND_BODY = 12
# The limits for long commands, by file and function. The body of each of these commands is one call, in which each
# argument is on a separate line.
LONGER_BODIES = {("tags.py", "list_"): 13, ("list.py", "list_"): 13, ("delete.py", "delete"): 15}


def imported_by(*arguments: str, entry: str = "main", **environ: str) -> set[str]:
    """Run a command line in a separate process, and return the names of the modules that the process has imported."""
    start = {
        "main": f"from blogcli.main import main; main({list(arguments)!r})",
        "start": f"import blogcli.__main__ as m; sys.argv[1:] = {list(arguments)!r}; m.os._exit = print; m.start()",
    }[entry]
    show = "import sys; sys.stderr.write('MODULES ' + ' '.join(sys.modules))"
    process = subprocess.run(
        [sys.executable, "-c", f"import sys; {start}; {show}"],
        capture_output=True,
        text=True,
        check=True,
        cwd=TOP,
        env={"HOME": "/nonexistent", "PATH": "/usr/bin:/bin", **environ},
    )
    return set(process.stderr.rpartition("MODULES ")[2].split())


@pytest.mark.parametrize("line", ["--version", "--help", "post --help", "post list --help", "psot", "post lsit"])
def test_help_and_usage_errors_import_no_database_library(line: str) -> None:
    modules = imported_by(*line.split())
    assert "typer" in modules
    # Typer imports pydantic_core for every option unless blogcli.cli.deferred_conversion prevents it.
    assert not modules & (DATABASE_LIBRARIES | {"asyncio", "pydantic_core"})


def test_version_does_not_import_typer() -> None:
    modules = imported_by("--version", entry="start")
    assert "blogcli" in modules
    assert not modules & (DATABASE_LIBRARIES | {"typer", "asyncio"})


def test_completion_imports_neither_database_library_nor_pydantic(templates: Templates, tmp_path: Path) -> None:
    url = templates.new_sqlite(tmp_path)
    words = ["completion", "candidates", "zsh", "--", "blogcli", "post", "list", "--tag", "py"]
    modules = imported_by(*words, BLOGCLI_DATABASE_URL=url)
    assert "sqlite3" in modules
    assert not modules & (DATABASE_LIBRARIES | {"asyncio", "pydantic_core", "rich"})


def test_completion_of_fields_does_not_import_pydantic() -> None:
    modules = imported_by("completion", "candidates", "zsh", "--", "blogcli", "post", "list", "--fields", "ti")
    assert "blogcli.schemas.posts.records" in modules
    assert not modules & (DATABASE_LIBRARIES | {"asyncio", "pydantic_core", "rich"})


def test_formats_for_programs_do_not_import_rich(templates: Templates, tmp_path: Path) -> None:
    url = templates.new_sqlite(tmp_path)
    modules = imported_by("post", "list", "--format", "json", BLOGCLI_DATABASE_URL=url)
    assert {"sqlalchemy", "aiosqlite"} <= modules
    assert not [module for module in modules if module.startswith("sqlalchemy.dialects.postgresql")]
    assert not modules & {"rich", "alembic", "asyncpg", "yaml", "blogcli.search.analyzer", "email_validator", "slugify"}


@pytest.mark.parametrize(
    "line", ["post list --limit 5 --format json", "post search python", "tag list", "user list", "stats overview"]
)
def test_reading_commands_do_not_import_pydantic(templates: Templates, tmp_path: Path, line: str) -> None:
    url = templates.new_sqlite(tmp_path)
    modules = imported_by(*line.split(), BLOGCLI_DATABASE_URL=url)
    assert "blogcli.repositories.base" in modules
    assert not modules & {"pydantic", "tomlkit", "blogcli.models.journal"}


def test_post_create_from_options_imports_no_document_reader(templates: Templates, tmp_path: Path) -> None:
    url = templates.new_sqlite(tmp_path)
    imported_by("user", "create", "ann@example.org", BLOGCLI_DATABASE_URL=url)
    post = ["post", "create", "--title", "Notes", "--author", "ann@example.org", "--content", "First lines"]
    modules = imported_by(*post, BLOGCLI_DATABASE_URL=url)
    assert "blogcli.repositories.posts.repository" in modules
    assert not modules & {"yaml", "tomllib", "blogcli.interchange.markdown.documents"}


@pytest.mark.parametrize(
    ("rule", "is_imported"), [("MO 25:00", False), ("FREQ=NEVER", False), ("FREQ=DAILY;BYSETPOS=400", True)]
)
def test_invalid_slots_import_library_only_for_recurrence_rules(rule: str, is_imported: bool) -> None:
    modules = imported_by("post", "schedule", "1", "--slots", rule)
    assert ("dateutil" in modules) is is_imported
    assert not modules & (DATABASE_LIBRARIES | {"asyncio"})


def test_imports_satisfy_contracts_in_pyproject() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    process = subprocess.run([linter, "--no-cache"], cwd=TOP, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stdout
    assert " 0 broken" in process.stdout


def test_late_imports_are_only_in_listed_modules() -> None:
    late = {str(path.relative_to(PACKAGE)) for path in SOURCES if late_imports_of(path)}
    assert late == {
        "__main__.py",
        "cli/context.py",
        "config_file.py",
        "dates/recurrence.py",
        "origins.py",
        "runner.py",
        "setting_types.py",
        "shared_database.py",
        "signals.py",
        "database/__init__.py",
        "search/__init__.py",
        "text/emails.py",
        "text/replacements.py",
        "text/suggestions.py",
    }


def test_json_is_parsed_with_limit_of_nesting() -> None:
    parsers = [str(path.relative_to(PACKAGE)) for path in SOURCES if re.search(r"\bjson\.loads?\b", path.read_text())]
    assert parsers == ["text/json_text.py"]


def test_sql_is_only_in_repositories_and_search() -> None:
    statements: dict[str, set[str]] = {}
    for path in SOURCES:
        name = path.relative_to(PACKAGE)
        keywords = {match[1] for text in strings_of(path) if (match := SQL.match(text))}
        if keywords and name.parts[0] not in {"repositories", "search"}:
            statements[str(name)] = keywords
    assert statements == SQL_EXCEPTIONS


@pytest.mark.parametrize("package", LAZY_PACKAGES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_name_of_lazy_package_resolves(package: Path) -> None:
    module = import_module(".".join(package.relative_to(TOP).parts))
    assert module.__all__
    assert all(getattr(module, name) is not None for name in module.__all__)
    with pytest.raises(AttributeError, match=r"No blogcli.* attribute sevrice"):
        _ = module.sevrice


@pytest.mark.parametrize("path", COMMANDS)
def test_help_of_every_command_has_examples_that_parse(path: str) -> None:
    help_ = COMMANDS[path].help or ""
    lines = re.findall(r"^(?:Example: |Examples:\n)([^\n].*)\Z", help_, re.MULTILINE | re.DOTALL)
    assert help_.splitlines()[0].endswith(".")
    examples = lines[0].splitlines()
    assert len(examples) == (1 if COMMANDS[path].hidden else 3)
    for example in examples:
        # The arguments of a hidden command may be another command line, so only the first call is parsed.
        calls = calls_of_blogcli(example)[: 1 if COMMANDS[path].hidden else None]
        assert path in [parsed(words) for words in calls]


def calls_of_blogcli(line: str) -> list[list[str]]:
    """Return the arguments of each blogcli call in a line of shell code."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>()")
    lexer.whitespace_split = True
    words = list(lexer)
    starts = [number + 1 for number, word in enumerate(words) if word == "blogcli"]
    return [list(takewhile(lambda word: not word or word[0] not in "|&;<>()", words[start:])) for start in starts]


def parsed(words: list[str]) -> str:
    """Parse the arguments of a blogcli call, and return the noun and the verbs, separated by spaces."""
    command: Any = get_command(main.app)
    context = command.make_context("blogcli", words)
    names: list[str] = []
    while isinstance(command, TyperGroup):
        arguments = [*context._protected_args, *context.args]  # noqa: SLF001 - Typer has no public attribute for them
        name, command, remaining = command.resolve_command(context, arguments)
        names.append(str(name))
        context = command.make_context(name, remaining, parent=context)
    return " ".join(names)


@pytest.mark.parametrize("path", COMMANDS)
def test_no_callback_of_command_is_coroutine_function(path: str) -> None:
    callback = COMMANDS[path].callback
    assert callback
    assert not inspect.iscoroutinefunction(inspect.unwrap(callback))


def test_no_function_in_commands_is_coroutine_function() -> None:
    for path in (PACKAGE / "commands").rglob("*.py"):
        assert not [function.name for function in functions_of(path) if function.is_coroutine]


def test_every_module_of_commands_is_registered_by_noun() -> None:
    registered = {module for noun in nouns.NOUNS.values() for module in noun.modules.values()}
    sources = (path.relative_to(PACKAGE / "commands").with_suffix("") for path in (PACKAGE / "commands").rglob("*.py"))
    modules = {".".join(path.parts) for path in sources if path.name != "__init__"}
    assert registered == {name for name in modules if hasattr(import_module(f"blogcli.commands.{name}"), "app")}


@pytest.mark.parametrize("noun", nouns.NOUNS.values())
def test_every_verb_is_in_module_that_its_noun_names(noun: nouns.Noun) -> None:
    for verb, module in noun.modules.items():
        app = attrgetter(module)(blogcli.commands).app
        verbs = {command.name for command in app.registered_commands} | {group.name for group in app.registered_groups}
        assert not verb or verb in verbs
        assert not verb or verbs <= noun.modules.keys()


@pytest.mark.parametrize("layer", NOUNS_BY_LAYER)
def test_every_noun_has_file_or_folder_in_every_layer(layer: str) -> None:
    for noun in NOUNS_BY_LAYER[layer]:
        is_file = (PACKAGE / layer / f"{noun}.py").is_file()
        is_folder = (PACKAGE / layer / noun / "__init__.py").is_file()
        assert is_file is not is_folder, noun


@pytest.mark.parametrize("layer", NOUNS_BY_LAYER)
def test_every_module_of_layer_belongs_to_noun_or_is_shared(layer: str) -> None:
    names = {
        path.stem for path in (PACKAGE / layer).iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert names - {"__init__"} == NOUNS_BY_LAYER[layer] | SHARED_MODULES[layer]


@pytest.mark.parametrize("layer", ["repositories", "services", "commands"])
@pytest.mark.parametrize("noun", ["posts", "tags", "users"])
def test_every_noun_has_tests_in_every_layer(noun: str, layer: str) -> None:
    folder = TOP / "tests" / layer
    assert (folder / f"test_{noun}.py").is_file() or list((folder / noun).glob("test_*.py"))


def test_folders_of_tests_mirror_package() -> None:
    tests = TOP / "tests"
    folders = {path.parent.relative_to(tests) for path in tests.rglob("test_*.py")} - {Path(), Path("stress")}
    assert [str(folder) for folder in sorted(folders) if not (PACKAGE / folder).is_dir()] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_and_functions_are_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MAX_LINES
    assert path.read_text("utf-8").startswith('"""')
    assert not [function for function in functions_of(path) if function.lines > limit_of(path, function)]


def limit_of(path: Path, function: Function) -> int:
    if "commands" in path.parts and function.is_command:
        return LONGER_BODIES.get((path.name, function.name), MAX_COMMAND_BODY)
    return MAX_BODY


def test_public_functions_of_inner_layers_have_docstrings() -> None:
    paths = [path for path in SOURCES if {"services", "repositories", "interchange"} & set(path.parts)]
    undocumented = [
        f"{path.name}: {function.name}"
        for path in paths
        for function in module_functions(path)
        if not function.name.startswith("_") and not function.has_docstring
    ]
    assert paths
    assert not undocumented
