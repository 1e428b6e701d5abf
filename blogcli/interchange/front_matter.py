"""Front matter: the fields above a Markdown text, in YAML or TOML; the text below them is never touched."""

import math
import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import yaml
from pydantic import JsonValue

from ..errors import InvalidError

_BLOCK = re.compile(
    r"(?P<mark>---|\+\+\+)[ \t]*\r?\n(?P<fields>.*?)^(?P=mark)[ \t]*\r?(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
# The fields begin on the second line of the file.
_FIRST_LINE = 2
# Python allows about a thousand nested calls; no blog nests its fields more than a few levels.
_MAX_DEPTH = 50
# Counted with every alias written out: ten lines of aliases to aliases are gigabytes.
_MAX_SIZE = 1_000_000

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = {"", "~", "null", "Null", "NULL"}
_YAML_TAG = "tag:yaml.org,2002:"
# Tags that only name what an untagged value could be; the value stays the text that was typed.
_HARMLESS_TAGS = {"!"} | {
    _YAML_TAG + name for name in ("null", "bool", "int", "float", "timestamp", "str", "seq", "map")
}
# https://yaml.org/spec/1.1/#c-printable, without U+0085, U+2028 and U+2029, which PyYAML takes for line breaks.
_UNPRINTABLE = re.compile("[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_YAML_HINT = "Put quotes around a value that holds ': ' or begins with one of [ ] { } & * ! | > % @ `."
_TOML_LINE = re.compile(r"line (\d+)")
# JSON columns hold neither: PostgreSQL refuses NUL, UTF-8 has no lone surrogates.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def split_front_matter(text: str) -> tuple[dict[str, JsonValue], str]:
    """The fields above `text` and the body below them, byte for byte; no fields and all of `text` where there are none.

    YAML stands between `---` lines: its values stay the text that was typed, except null, lists and maps. TOML stands
    between `+++` lines: its dates and times become ISO 8601 text, `inf` and `nan` stay text.
    Raises InvalidError, with the line in the file where it is known, for fields that cannot be read.
    """
    block = _BLOCK.match(text)
    if block is None:
        return {}, text
    fields = _read_yaml(block["fields"]) if block["mark"] == "---" else _read_toml(block["fields"])
    copier = _JsonCopier()
    return {copier.text(name): copier.value(value) for name, value in fields.items()}, text[block.end() :]


def _problem(what: str, *, line: int | None = None, hint: str | None = None) -> InvalidError:
    place = "" if line is None else f" (line {line})"
    return InvalidError(f"Front matter: {' '.join(what.split())}{place}", hint=hint)


def _too_deep(line: int | None = None) -> InvalidError:
    return _problem(f"nested more than {_MAX_DEPTH} levels deep", line=line)


def _read_yaml(block: str) -> dict[str, object]:
    unprintable = _UNPRINTABLE.search(block)
    if unprintable:
        above = block.count("\n", 0, unprintable.start())
        raise _problem(f"the character U+{ord(unprintable[0]):04X} is not allowed", line=_FIRST_LINE + above)
    try:
        return _YamlTree(yaml.parse(block, Loader=_Loader)).fields()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = _FIRST_LINE + mark.line if mark else None
        raise _problem(error.problem or error.context or "not YAML", line=line, hint=_YAML_HINT) from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # PyYAML leaves an escape such as \UFFFFFFFF to chr()
        raise _problem(str(error), hint=_YAML_HINT) from error


# What a value begins with, among the events of PyYAML.
_ValueEvent = yaml.AliasEvent | yaml.ScalarEvent | yaml.CollectionStartEvent


class _YamlTree:
    """Values built from PyYAML's events, before it resolves or constructs: no coercion and no objects are possible."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._anchors: dict[str, object] = {}

    def fields(self) -> dict[str, object]:
        next(self._events)
        if not isinstance(next(self._events), yaml.DocumentStartEvent):
            return {}
        root = next(self._events)
        fields = self._value(root, 0)
        if not isinstance(fields, dict):
            hint = "If the first --- is a rule and not front matter, put an empty line above it."
            raise _problem("no 'name: value' lines", line=_line(root), hint=hint)
        next(self._events)
        rest = next(self._events)
        if not isinstance(rest, yaml.StreamEndEvent):
            raise _problem("a second YAML document", line=_line(rest))
        return fields

    def _value(self, event: _ValueEvent, depth: int) -> object:
        if isinstance(event, yaml.AliasEvent):
            return self._aliased(event)
        if event.tag and event.tag not in _HARMLESS_TAGS:
            raise _problem(f"the tag {event.tag.replace(_YAML_TAG, '!!')} is not allowed", line=_line(event))
        if depth > _MAX_DEPTH:
            raise _too_deep(_line(event))
        value: object
        if isinstance(event, yaml.ScalarEvent):
            value = None if event.implicit[0] and event.value in _NULLS else event.value
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self._list(depth)
        else:
            value = self._map(depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = value
        return value

    def _list(self, depth: int) -> list[object]:
        values = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            values.append(self._value(event, depth + 1))
        return values

    def _map(self, depth: int) -> dict[str, object]:
        fields = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            name = self._name(event, depth + 1)
            fields[name] = self._value(next(self._events), depth + 1)
        return fields

    def _name(self, event: _ValueEvent, depth: int) -> str:
        name = self._value(event, depth)
        if isinstance(event, yaml.ScalarEvent):
            return event.value
        if not isinstance(name, str):
            raise _problem("a name must be text, not a list or a map", line=_line(event), hint=_YAML_HINT)
        return name

    def _aliased(self, event: yaml.AliasEvent) -> object:
        if event.anchor not in self._anchors:
            raise _problem(f"the alias *{event.anchor} has no anchor above it", line=_line(event), hint=_YAML_HINT)
        return self._anchors[event.anchor]


def _line(event: yaml.Event) -> int | None:
    return _FIRST_LINE + event.start_mark.line if event.start_mark else None


def _read_toml(block: str) -> dict[str, object]:
    try:
        return tomllib.loads(block, parse_float=_finite)
    except RecursionError:
        raise _too_deep() from None
    except tomllib.TOMLDecodeError as error:
        reason, _, place = str(error).rpartition(" (at ")
        line = _TOML_LINE.match(place)
        # Without a line it is "end of document": something is missing there.
        raise _problem(reason, line=1 + (int(line[1]) if line else block.count("\n"))) from error
    except ValueError as error:  # int() refuses thousands of digits
        raise _problem("a number has too many digits") from error


def _finite(text: str) -> float | str:
    number = float(text)
    return number if math.isfinite(number) else text


class _JsonCopier:
    """Copies what a parser returned as JSON values, until they outgrow what any front matter needs."""

    def __init__(self) -> None:
        self._room = _MAX_SIZE

    def value(self, value: object, depth: int = 1) -> JsonValue:
        self._take(1)
        if depth > _MAX_DEPTH:
            raise _too_deep()
        match value:
            case str():
                return self.text(value)
            case datetime() | date() | time():
                return value.isoformat()
            case int() if not -(2**63) <= value < 2**63:
                raise _problem("a whole number needs more than 64 bits")
            case None | bool() | int() | float():
                return value
            case list():
                return [self.value(item, depth + 1) for item in value]
            case dict():
                return {self.text(name): self.value(item, depth + 1) for name, item in value.items()}
        raise TypeError(f"Not a value of YAML or TOML: {value!r}")

    def text(self, text: str) -> str:
        self._take(len(text))
        bad = _UNSTORABLE.search(text)
        if bad:
            raise _problem(f"the character U+{ord(bad[0]):04X} is not allowed")
        return text

    def _take(self, size: int) -> None:
        self._room -= size
        if self._room < 0:
            raise _problem(f"larger than {_MAX_SIZE:,} characters", hint="Aliases count as what they stand for.")
