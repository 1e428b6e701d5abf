"""Tests that every function that takes a text needs time that is linear in the length of the text.

The tests find the functions in the package, so a new function is tested automatically. If the tables in this file
contain no argument for a parameter of the function, the test fails until the tables are extended.
"""

import gc
import importlib
import inspect
import pkgutil
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import pytest

import blogcli
from blogcli.content_check.checker import check_post
from blogcli.content_check.document import parse_document
from blogcli.content_check.link_targets import Certainty, LinkTarget
from blogcli.content_check.records import CheckedPost, InternalLink
from blogcli.enums import CheckRule, PostSort
from blogcli.errors import BlogError
from blogcli.output import tables
from blogcli.output.console import Console
from blogcli.output.findings import show_findings
from blogcli.output.layout import Cell, wrap
from blogcli.search.query import parse_query
from blogcli.settings import Settings
from blogcli.text.differences import compare_texts, find_hunks
from blogcli.text.replacements import ReplacementRule
from tests.stress import IS_FULL

# These tests are not traced, because measuring coverage would multiply their time, and other tests cover the same code.
pytestmark = pytest.mark.untraced

LENGTH = 100_000 if IS_FULL else 40_000
# The processor time in seconds that a function may take for a text of LENGTH characters.
MAX_SECONDS = LENGTH / 100_000
# The characters and strings that are repeated to create long texts.
CHARACTERS = (" ", "\t", "\n", "[", "(", "<", "*", "_", "`", "'", '"', "-", "a", "0", "&", "\\", ":", "|", "#", "字")
COMBINATIONS = (
    *("a ", "\n ", "- ", "](", "[(", "![", "<a ", "</a>", "*a ", "_a_", "a:", "a@", "'\"", "a.", "-->", "<!--", "\r\n"),
    *("> ", "&#1", "1. ", "[a]:", "`a", "|a\n", "//a:", "{{", "aa-", "a=", "a, "),
)
TEXTS = [
    *((repr(unit), (unit * LENGTH)[:LENGTH]) for unit in (*CHARACTERS, *COMBINATIONS)),
    *((f"{unit!r} between letters", f"a{unit * (LENGTH - 2)}b") for unit in (" ", "\t", "\n", "_", "-", "*", "`", "#")),
]
TYPES_OF_TEXT = {"str", "bytes", "str | None"}
NOW = datetime(2024, 5, 31, tzinfo=UTC)

# The arguments for parameters that do not take a text, by the type or the name of the parameter.
FILLERS: Mapping[str, Any] = {
    "int": 80,
    "bool": True,
    "tzinfo": UTC,
    "datetime": NOW,
    "datetime.datetime | None": NOW,
    "UUID": UUID(int=0),
    "Console": Console(quiet=True),
    "Settings": Settings("x", None, None, UTC, None, "cat", "vi", 1.0),
    "type[~K]": PostSort,
    "set[str]": set[str](),
    "NoteCode": None,
    "on_note": lambda _code, _text: None,
    "say": lambda _code, _text: None,
    "start": 0,
}
# Maps the type of a parameter to a function that creates the argument from the text.
FILLED_WITH_TEXT: Mapping[str, Callable[[str], Any]] = {
    "JsonValue": lambda text: text,
    "object": lambda text: text,
    "list[str]": lambda text: [text, text],
    "list[str] | None": lambda text: [text, text],
    "dict[str, typing.Any]": lambda text: {"title": text, "tag": [text]},
    "collections.abc.Sequence[str]": lambda text: [text, text],
    "collections.abc.Iterable[str]": lambda text: [text[:1_000]],
    "collections.abc.Mapping[str, JsonValue]": lambda text: {"title": text, text: [text]},
    "collections.abc.Mapping[str, typing.Any]": lambda text: {"title": text, "html": text, "code": text, text: text},
    "blogcli.search.query.Query | None": parse_query,
    "collections.abc.Iterable[tuple[str, str]]": lambda text: [("-", text), ("+", text), ("", text)],
    "Document": parse_document,
    "collections.abc.Callable[[], blogcli.content_check.document.Document]": lambda text: partial(parse_document, text),
    "frozenset[str] | None": lambda text: frozenset({text}),
    "InternalLink": lambda text: InternalLink(1, text, LinkTarget(text, (text,), text, Certainty.POST)),
    "collections.abc.Iterable[blogcli.text.replacements.Edit]": ReplacementRule("a", "b").iter_edits,
}
# The types of parameters through which a function accesses the command line, files or a database. Functions with such
# parameters are not tested.
EXTERNAL_TYPES = {
    *("AsyncEngine", "AsyncSession", "Context", "CliContext", "PostRepository", "SessionFactory", "Typer", "PostOrder"),
    *("BinaryIO", "Changes[PostSummary]", "JournalOperation", "DraftOrigin", "Overrides", "Path", "Sequence[Any]"),
    *(
        "OutputChoice",
        "Changes[Any]",
        "Page[Any]",
        "Element",
        "Tag",
        "FieldReader",
        "Scan",
        "Source",
        "Sequence[Source]",
    ),
    "collections.abc.Sequence[blogcli.interchange.sources.Source]",
    "collections.abc.Sequence[blogcli.repositories.journal.tables.JournaledTable]",
    "collections.abc.Iterable[blogcli.repositories.journal.tables.JournaledTable]",
    "collections.abc.Callable[[blogcli.search.index.Index], None]",
    "sqlalchemy.sql.elements.SQLColumnExpression[typing.Any]",
}
# Maps each function that is not tested to the reason why it is not tested.
EXCLUDED = {
    "blogcli.commands.db.backup.make_report": "takes the verb of a sentence",
    "blogcli.completion.cache.cached_names": "reads a database",
    "blogcli.completion.known.find_names": "reads a database",
    "blogcli.completion.shells.script": "takes the name of a shell",
    "blogcli.interchange.html.conversion.render_trusted": "parses the text as render_html does",
    "blogcli.interchange.own_exports.is_own_export": "takes the name of a format",
    "blogcli.interchange.registry.get_folder_writer": "takes the name of a format",
    "blogcli.interchange.registry.get_reader": "takes the name of a format",
    "blogcli.interchange.registry.get_file_writer": "takes the name of a format",
    "blogcli.commands.posts.post_options.initial_text": "covered by document_text, which it calls",
    "blogcli.interchange.markdown.documents.start_document": "covered by document_text, which it calls",
    "blogcli.interchange.markdown.documents.write_document": "covered by document_text, many times over",
    "blogcli.nouns.noun_group": "takes the name of a noun",
    "blogcli.models.base.is_in_models": "takes names of the schema",
    "blogcli.output.findings.show_findings": "takes records, as in WRAPPED_CALLS",
    "blogcli.output.formats.json_page": "takes records",
    "blogcli.output.operations.show_operations": "prints its records as show_list does",
    "blogcli.output.pager.print_lines": "prints",
    "blogcli.output.progress.progress": "prints",
    **dict.fromkeys(
        (f"blogcli.output.tables.show_{what}" for what in ("list", "one", "hits", "bars")),
        "takes records, as in WRAPPED_CALLS",
    ),
    "blogcli.repositories.invalid_values.describe_invalid_value": "takes the name of a table",
    "blogcli.search.get_index": "takes the name of a database",
    "blogcli.search.get_index_check": "takes the name of a database",
    **dict.fromkeys(
        (f"blogcli.services.config.edit.{what}_value" for what in ("set", "unset")),
        "parses the config file with tomllib, which takes quadratic time for a key with thousands of parts",
    ),
    "blogcli.services.db.migrations.upgrade_sql": "reads the migrations",
    "blogcli.text.slugs.slug_batches": "does not end",
}


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the full name and the object of each public function of the package. Coroutine functions are omitted."""
    for module_info in pkgutil.walk_packages(blogcli.__path__, "blogcli."):
        if module_info.name.endswith("__main__"):
            continue
        module = importlib.import_module(module_info.name)
        for name, value in vars(module).items():
            # A cached function is unwrapped, because repeated calls would return the cached result immediately.
            function = inspect.unwrap(value) if callable(value) else value
            is_own = inspect.isfunction(function) and function.__module__ == module_info.name
            if is_own and not name.startswith("_") and not inspect.iscoroutinefunction(function):
                yield f"{module_info.name}.{name}", function


def required(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """Return the parameters for which a call must pass arguments."""
    return [
        parameter
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    ]


def type_of(parameter: inspect.Parameter) -> str:
    """Return the annotation of a parameter as it is written in the tables of this file."""
    annotation = parameter.annotation
    if isinstance(annotation, type) and not hasattr(annotation, "__args__"):
        return annotation.__name__
    return getattr(annotation, "__name__", "") if type(annotation).__name__ == "TypeAliasType" else str(annotation)


def takes_text(function: Callable[..., Any]) -> bool:
    types = {type_of(parameter) for parameter in required(function)}
    return bool(types & TYPES_OF_TEXT) and not types & EXTERNAL_TYPES


TEXT_FUNCTIONS = {name: function for name, function in functions() if name not in EXCLUDED and takes_text(function)}


def argument(parameter: inspect.Parameter, text: str) -> Any:
    """Return the argument for a parameter: the text, a value that is created from the text, or a fixed value.

    Raises KeyError if no table in this file contains the type of the parameter.
    """
    type_ = type_of(parameter)
    if parameter.name in FILLERS and type_ not in TYPES_OF_TEXT:
        return FILLERS[parameter.name]
    if type_ in TYPES_OF_TEXT:
        return text.encode() if type_ == "bytes" else text
    return FILLED_WITH_TEXT[type_](text) if type_ in FILLED_WITH_TEXT else FILLERS[type_]


def call(function: Callable[..., Any], text: str) -> None:
    """Call a function with a text, and exhaust the result if it is an iterator.

    Errors are ignored, because the function may refuse the text.
    """
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for parameter in required(function):
        if parameter.kind is parameter.KEYWORD_ONLY:
            named[parameter.name] = argument(parameter, text)
        else:
            positional.append(argument(parameter, text))
    with suppress(BlogError, ValueError, LookupError):
        result = function(*positional, **named)
        if isinstance(result, Iterator):
            for _ in result:
                pass


def print_records(show: Callable[..., None], text: str) -> None:
    """Print records that contain the text."""
    record = {"id": 1, "title": text, "status": "draft", "author": text, "tags": [text], "published_at": None}
    record |= {"snippet": text, "excerpt": text, "content": text, "extra": {"a": text}}
    show(Console(), [record] * 3, zone=UTC, pager=None)


def compare(text: str) -> None:
    """Compare the text with its reversal and with a text in which words and lines were inserted."""
    third = len(text) // 3
    for other in (text[::-1], f"{text[:third]} new{text[third : 2 * third]}\nnew\n{text[2 * third :]}new"):
        compare_texts(text, other)
        find_hunks(text, other)


def check_text(text: str) -> None:
    """Check a post that contains the text in every field."""
    post = CheckedPost(id=1, slug=text, title=text, content=text, status="published")
    check_post(post, frozenset(CheckRule), NOW)


def print_findings(text: str) -> None:
    """Print findings that contain the text."""
    finding = {"rule": "mojibake", "level": "error", "id": 1, "slug": text, "tag": None, "line": 1}
    show_findings(Console(), [finding | {"text": text, "repair": text}] * 3, pager=None)


# Calls of functions to which the text is passed as a part of another object, such as a record.
WRAPPED_CALLS: Mapping[str, Callable[[str], object]] = {
    "compared": compare,
    "wrapped": lambda text: list(wrap([Cell(text, "bold"), Cell(text)], 80)),
    "listed": partial(print_records, partial(tables.show_list, names=["id", "title", "tags", "excerpt", "author"])),
    "found": partial(print_records, tables.show_hits),
    "checked": check_text,
    "findings": print_findings,
    "shown": partial(
        print_records, lambda console, records, **options: tables.show_one(console, records[0], **options)
    ),
    "replaced": ReplacementRule("A B", "x", ignore_case=True, whole_word=True, skip_code=True).replace,
    "replaced by expression": ReplacementRule("a.", r"\g<0>", is_regex=True, skip_code=True).replace,
}


@pytest.fixture(params=["file", "terminal"])
def width(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    if request.param == "file":
        monkeypatch.delenv("COLUMNS")


def seconds(function: Callable[[str], object], text: str) -> float:
    """Call `function` with `text`, and return the processor time of the call in seconds.

    The garbage collector is disabled, because its time depends on the objects of other tests. Fail if the call takes
    more than ten times MAX_SECONDS.
    """

    def stop(_number: int, _frame: object) -> None:
        raise AssertionError(f"The call takes longer than {10 * MAX_SECONDS} seconds")

    previous = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, 10 * MAX_SECONDS)
    gc.disable()
    start = time.process_time()
    try:
        function(text)
        return time.process_time() - start
    finally:
        gc.enable()
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)


def shortened(text: str, length: int) -> str:
    """Shorten a text to the given length by removing its middle."""
    return text[: length // 2] + text[len(text) - length // 2 :]


def slow_texts(function: Callable[[str], object]) -> dict[str, float]:
    """Find the first text for which `function` takes more than MAX_SECONDS and more than linear time.

    Returns a dictionary that maps the name of the text to the time in seconds. The dictionary is empty if there is no
    such text.
    """
    for name, text in TEXTS:
        tenth = shortened(text, LENGTH // 10)
        fiftieth = shortened(text, LENGTH // 50)
        if seconds(function, fiftieth) < MAX_SECONDS / 2500:
            # Even if the time is quadratic, the whole text takes at most 2500 times as long as a fiftieth of the text.
            # This time is less than the limit, so the whole text need not be measured.
            continue
        taken = seconds(function, tenth)
        # The whole text is measured only if it may exceed the limit. If a tenth of the text takes less than a hundredth
        # of the limit, the whole text takes less than the limit even if the time is quadratic. The factors 8 and 30 are
        # used instead of 5 and 10, because the time of a linear function is not exactly proportional to the length. For
        # a quadratic function, they would be 25 and 100.
        if taken > MAX_SECONDS / 100 and taken > 8 * seconds(function, fiftieth):
            # The minimum of three measurements is used, because other processes disturb the measurements.
            taken = min(seconds(function, text) for _ in range(3))
            if taken > MAX_SECONDS and taken > 30 * seconds(function, tenth):
                return {name: taken}
    return {}


@pytest.mark.parametrize("name", TEXT_FUNCTIONS)
def test_time_of_function_is_linear(name: str) -> None:
    assert not slow_texts(partial(call, TEXT_FUNCTIONS[name]))


@pytest.mark.parametrize("name", WRAPPED_CALLS)
@pytest.mark.usefixtures("width")
def test_time_of_output_is_linear(name: str) -> None:
    assert not slow_texts(WRAPPED_CALLS[name])


def test_excluded_functions_exist() -> None:
    assert set(EXCLUDED) <= {name for name, _ in functions()}
