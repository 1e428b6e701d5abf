"""Write front matter in YAML that site generators understand and `split_front_matter` reads back unchanged."""

import re
from collections.abc import Mapping
from datetime import datetime

import yaml
from pydantic import JsonValue

from ....dates import rfc_3339

_YAML_TAG = "tag:yaml.org,2002:"
# PyYAML writes these characters without an escape but reads them as spaces.
_LINE_BREAKS_OF_YAML_1_1 = frozenset("\x85\u2028\u2029")
# Text in one of these forms is written without quotes, because its author meant the value that YAML reads from it.
_BARE = re.compile(
    r"true|false|(?:0|-?[1-9]\d*)(?:\.\d+)?|\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?",
    re.ASCII,
)
# Text that PyYAML reads as text, but YAML 1.2, YAML 1.1 or Ruby read as a number or a boolean.
# https://yaml.org/spec/1.2.2/#1032-tag-resolution and https://yaml.org/type/
_OF_OTHERS = re.compile(
    r"[-+]?(?:\d+(?:[,_]\d+)*(?::[0-5]?\d)*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][-+]?\d+)?"
    r"|[-+]?0[box][\da-fA-F_]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|[yYnN]",
    re.ASCII,
)


class PlainScalar(str):
    """Text that is written without quotes, such as an instant or a boolean."""

    __slots__ = ()


def instant_text(instant: datetime) -> PlainScalar:
    """Return the instant in the format of RFC 3339, in UTC."""
    return PlainScalar(rfc_3339(instant))


def to_plain_scalars(value: JsonValue) -> JsonValue:
    """Return the value with every text that looks like a number, a date or a boolean as a PlainScalar."""
    match value:
        case str():
            is_bare = _BARE.fullmatch(value) or (_OF_OTHERS.fullmatch(value) and not _is_known_form(value))
            return PlainScalar(value) if is_bare else value
        case list():
            return [to_plain_scalars(item) for item in value]
        case dict():
            return {name: to_plain_scalars(item) for name, item in value.items()}
    return value


def document_text(fields: Mapping[str, JsonValue], content: str) -> str:
    """Return the fields, in their order, as front matter above the unchanged content."""
    block: str = yaml.dump(dict(fields), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{block}---\n{content}"


class _Dumper(yaml.SafeDumper):
    # As they are read: what has no quotes is text or null, so that whatever else must name its type.
    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML defines this attribute of the class
        start: [(tag, form) for tag, form in resolvers if tag == f"{_YAML_TAG}null"]
        for start, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML passes this argument
        return True


def _is_ambiguous(text: str) -> bool:
    """Return whether another YAML reader may read the text as a value of another type."""
    return _OF_OTHERS.fullmatch(text) is not None or _is_known_form(text)


def _is_known_form(text: str) -> bool:
    forms = yaml.SafeDumper.yaml_implicit_resolvers.get(text[:1], [])
    return any(form.match(text) for _, form in forms)


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = '"' if _needs_escapes(text) else "|" if "\n" in text else None
    if style is None and _is_ambiguous(text):
        style = "'"
    return dumper.represent_scalar(f"{_YAML_TAG}str", text, style=style)


def _needs_escapes(text: str) -> bool:
    # After a block that ends with an empty line, PyYAML writes `...`, which ends front matter too.
    return not _LINE_BREAKS_OF_YAML_1_1.isdisjoint(text) or text == "\n" or text.endswith("\n\n")


def _represent_plain_scalar(dumper: _Dumper, text: PlainScalar) -> yaml.ScalarNode:
    return dumper.represent_scalar(f"{_YAML_TAG}str", str(text))


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(PlainScalar, _represent_plain_scalar)
