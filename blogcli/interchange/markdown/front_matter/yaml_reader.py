"""Parse front matter in YAML. Scalars are returned as text, except null and scalars with a tag such as `!!int`."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from .limits import MAX_DEPTH, duplicate_name, finite, parse_error, too_deep

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = {"", "~", "null", "Null", "NULL"}
_YAML_TAG = "tag:yaml.org,2002:"
# The accepted tags, which state types that a value can also have without a tag. Other tags are refused.
_ACCEPTED_TAGS = {"!"} | {
    _YAML_TAG + name for name in ("null", "bool", "int", "float", "timestamp", "str", "seq", "map")
}
_BOOLEANS = {"true": True, "false": False}
# Matches a character that YAML 1.1 does not allow: https://yaml.org/spec/1.1/#c-printable. U+0085, U+2028 and U+2029
# are matched too, because PyYAML reads them as line breaks.
_UNPRINTABLE = re.compile("[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_YAML_HINT = "Put quotes around a value that contains ': ' or begins with one of [ ] { } & * ! | > % @ `."

# The events of PyYAML that begin a value.
_ValueEvent = yaml.AliasEvent | yaml.ScalarEvent | yaml.CollectionStartEvent


def read_yaml(block: str, *, first_line: int = 2) -> dict[str, object]:
    """Return the fields of a YAML block that begins on line `first_line` of the file.

    Raises InvalidError if the block cannot be parsed.
    """
    unprintable = _UNPRINTABLE.search(block)
    if unprintable:
        lines_above = block.count("\n", 0, unprintable.start())
        raise parse_error(f"the character U+{ord(unprintable[0]):04X} is not allowed", line=first_line + lines_above)
    try:
        return _YamlTree(yaml.parse(block, Loader=_Loader), first_line).read_fields()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + mark.line if mark else None
        raise parse_error(error.problem or error.context or "not YAML", line=line, hint=_YAML_HINT) from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # PyYAML passes an escape such as \UFFFFFFFF to chr()
        raise parse_error(str(error), hint=_YAML_HINT) from error


class _YamlTree:
    """Builds values from the events of PyYAML, so that PyYAML neither converts values nor constructs objects."""

    def __init__(self, events: Iterator[Any], first_line: int) -> None:
        self._events = events
        self._first_line = first_line
        self._anchors: dict[str, object] = {}

    def read_fields(self) -> dict[str, object]:
        next(self._events)
        if not isinstance(next(self._events), yaml.DocumentStartEvent):
            return {}
        root = next(self._events)
        fields = self._value(root, 0)
        if not isinstance(fields, dict):
            hint = "If the first --- is a rule and not front matter, put an empty line above it."
            raise parse_error("no 'name: value' lines", line=self._line(root), hint=hint)
        next(self._events)
        end = next(self._events)
        if not isinstance(end, yaml.StreamEndEvent):
            raise parse_error("a second YAML document", line=self._line(end))
        return fields

    def _value(self, event: _ValueEvent, depth: int) -> object:
        if isinstance(event, yaml.AliasEvent):
            return self._aliased(event)
        if event.tag and event.tag not in _ACCEPTED_TAGS:
            raise parse_error(f"the tag {event.tag.replace(_YAML_TAG, '!!')} is not allowed", line=self._line(event))
        if depth > MAX_DEPTH:
            raise too_deep(self._line(event))
        value: object
        if isinstance(event, yaml.ScalarEvent):
            value = _scalar(event)
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
        fields: dict[str, object] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            name = self._name(event, depth + 1)
            value = self._value(next(self._events), depth + 1)
            if fields.setdefault(name, value) != value:
                raise duplicate_name(name, line=self._line(event))
        return fields

    def _name(self, event: _ValueEvent, depth: int) -> str:
        name = self._value(event, depth)
        if isinstance(event, yaml.ScalarEvent):
            return event.value
        if not isinstance(name, str):
            raise parse_error("a name must be text, not a list or a map", line=self._line(event), hint=_YAML_HINT)
        return name

    def _aliased(self, event: yaml.AliasEvent) -> object:
        if event.anchor not in self._anchors:
            raise parse_error(
                f"the alias *{event.anchor} has no anchor above it", line=self._line(event), hint=_YAML_HINT
            )
        return self._anchors[event.anchor]

    def _line(self, event: yaml.Event) -> int | None:
        return self._first_line + event.start_mark.line if event.start_mark else None


def _scalar(event: yaml.ScalarEvent) -> object:
    if event.implicit[0]:
        return None if event.value in _NULLS else event.value
    convert = _CONVERTERS.get(event.tag or "")
    if convert is None:
        return event.value
    try:
        return convert(event.value)
    except (ValueError, KeyError):
        return event.value


_CONVERTERS: dict[str, Callable[[str], object]] = {
    f"{_YAML_TAG}int": int,
    f"{_YAML_TAG}float": finite,
    f"{_YAML_TAG}bool": lambda text: _BOOLEANS[text.lower()],
}
