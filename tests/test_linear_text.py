"""The time of every function that takes text is linear in the length of the text.

The functions are found by walking the package, so a new one is covered at once, or has to be named below.
"""

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
from blogcli.enums import PostSort
from blogcli.errors import BlogError
from blogcli.output import tables
from blogcli.output.console import Console
from blogcli.output.layout import Cell, wrap
from blogcli.search.query import parse_query
from blogcli.settings import Settings

# A tracer multiplies the time of these tests, which cover no line that others do not.
pytestmark = pytest.mark.untraced

# Seconds of this process that a text of this many characters may take.
BOUND = 1.0
LENGTH = 100_000
# What texts are repetitions of.
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

# What is handed to a parameter besides text, by its type or, where that is no help, by its name.
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
# Filled with the text itself.
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
}
# A function with a parameter of one of these reaches beyond the text: to the command line, files or a database.
BEYOND_TEXT = {
    *("AsyncEngine", "AsyncSession", "Context", "CliContext", "PostRepository", "SessionFactory", "Typer", "PostOrder"),
    *("Changes[PostSummary]", "Origin", "Path", "Sequence[Any]"),
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
    "collections.abc.Callable[[blogcli.search.index.Index], None]",
    "sqlalchemy.sql.elements.SQLColumnExpression[typing.Any]",
}
# Functions that are not called, with the reason.
LEFT_OUT = {
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
    "blogcli.output.formats.json_page": "takes records",
    "blogcli.output.pager.print_lines": "prints",
    "blogcli.output.progress.progress": "prints",
    **dict.fromkeys(
        (f"blogcli.output.tables.show_{what}" for what in ("list", "one", "hits", "bars")), "takes records; see WAYS"
    ),
    "blogcli.repositories.invalid_values.describe_invalid_value": "takes the name of a table",
    "blogcli.search.get_index": "takes the name of a database",
    "blogcli.services.db.migrations.upgrade_sql": "reads the migrations",
    "blogcli.text.slugs.slug_batches": "does not end",
}


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function of the package that is not a coroutine, with its full name."""
    for found in pkgutil.walk_packages(blogcli.__path__, "blogcli."):
        if found.name.endswith("__main__"):
            continue
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            # Not the cache of a function, which answers at once the second time.
            function = inspect.unwrap(value) if callable(value) else value
            is_own = inspect.isfunction(function) and function.__module__ == found.name
            if is_own and not name.startswith("_") and not inspect.iscoroutinefunction(function):
                yield f"{found.name}.{name}", function


def required(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """The parameters that a call must fill."""
    parameters = inspect.signature(function).parameters.values()
    return [
        each
        for each in parameters
        if each.default is each.empty and each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)
    ]


def type_of(parameter: inspect.Parameter) -> str:
    """The annotation of a parameter, as it is written in the tables above."""
    annotation = parameter.annotation
    if isinstance(annotation, type) and not hasattr(annotation, "__args__"):
        return annotation.__name__
    return getattr(annotation, "__name__", "") if type(annotation).__name__ == "TypeAliasType" else str(annotation)


def takes_text(function: Callable[..., Any]) -> bool:
    types = {type_of(parameter) for parameter in required(function)}
    return bool(types & TYPES_OF_TEXT) and not types & BEYOND_TEXT


TAKING_TEXT = {name: function for name, function in functions() if name not in LEFT_OUT and takes_text(function)}


def argument(parameter: inspect.Parameter, text: str) -> Any:
    """Return the argument for a parameter: the text or a filler; raise KeyError if no table has its type."""
    type_ = type_of(parameter)
    if parameter.name in FILLERS and type_ not in TYPES_OF_TEXT:
        return FILLERS[parameter.name]
    if type_ in TYPES_OF_TEXT:
        return text.encode() if type_ == "bytes" else text
    return FILLED_WITH_TEXT[type_](text) if type_ in FILLED_WITH_TEXT else FILLERS[type_]


def call(function: Callable[..., Any], text: str) -> None:
    """Call the function with the text, and use up what it returns; refusing the text is an answer."""
    positional, named = [], {}
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


def printed(show: Callable[..., None], text: str) -> None:
    """A table of a few records that hold the text."""
    record = {"id": 1, "title": text, "status": "draft", "author": text, "tags": [text], "published_at": None}
    record |= {"snippet": text, "excerpt": text, "content": text, "extra": {"a": text}}
    show(Console(), [record] * 3, zone=UTC, pager=None)


# Functions whose text is inside of something else, and whole ways that a text goes.
WAYS: Mapping[str, Callable[[str], object]] = {
    "wrapped": lambda text: list(wrap([Cell(text, "bold"), Cell(text)], 80)),
    "listed": partial(printed, partial(tables.show_list, names=["id", "title", "tags", "excerpt", "author"])),
    "found": partial(printed, tables.show_hits),
    "shown": partial(printed, lambda console, records, **more: tables.show_one(console, records[0], **more)),
}


@pytest.fixture(params=["file", "terminal"])
def width(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    if request.param == "file":
        monkeypatch.delenv("COLUMNS")


def seconds(function: Callable[[str], object], text: str) -> float:
    """The time that a call takes, which is stopped with an error where it would take very long."""

    def stop(_number: int, _frame: object) -> None:
        raise AssertionError(f"{10 * BOUND} seconds were not enough")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, 10 * BOUND)
    start = time.process_time()
    try:
        function(text)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return time.process_time() - start


def shortened(text: str, length: int) -> str:
    """A shorter text with the same start and end."""
    return text[: length // 2] + text[len(text) - length // 2 :]


def slow_texts(function: Callable[[str], object]) -> dict[str, float]:
    """The long texts that take the function more than the bound, and how long, up to the first that does."""
    for name, text in TEXTS:
        part, fraction = shortened(text, LENGTH // 10), shortened(text, LENGTH // 50)
        if seconds(function, fraction) < BOUND / 2500:
            # The whole, fifty times as long, is within the bound even if the time grows with the square.
            continue
        taken = seconds(function, part)
        # Where a tenth of the text takes a hundredth of the time, the whole is within the bound even if the time grows
        # with the square. Otherwise a text that is five or ten times as long may take a little more than five or ten
        # times as long: some libraries take long for every mark.
        if taken > BOUND / 100 and taken > 8 * seconds(function, fraction):
            # The best of three, because other processes disturb the measurement.
            taken = min(seconds(function, text) for _ in range(3))
            if taken > BOUND and taken > 20 * seconds(function, part):
                return {name: taken}
    return {}


@pytest.mark.parametrize("name", TAKING_TEXT)
def test_time_grows_with_the_text_only(name: str) -> None:
    assert not slow_texts(partial(call, TAKING_TEXT[name]))


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.usefixtures("width")
def test_output_takes_time_that_grows_with_the_text_only(name: str) -> None:
    assert not slow_texts(WAYS[name])


def test_every_function_that_is_left_out_exists() -> None:
    assert set(LEFT_OUT) <= {name for name, _ in functions()}
