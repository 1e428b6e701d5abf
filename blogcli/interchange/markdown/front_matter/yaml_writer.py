"""Fields -> front matter in YAML that `split_front_matter` reads back exactly, and generators understand."""

import re
from collections.abc import Mapping
from datetime import datetime

import yaml
from pydantic import JsonValue

from ....dates import rfc_3339

_YAML_TAG = "tag:yaml.org,2002:"
# PyYAML writes these as they are, and reads them as blanks.
_LINE_BREAKS_OF_YAML_1_1 = frozenset("\x85\u2028\u2029")
# Whoever typed one of these in front matter meant what YAML makes of it.
_BARE = re.compile(
    r"true|false|(?:0|-?[1-9]\d*)(?:\.\d+)?|\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?",
    re.ASCII,
)
# What YAML 1.2, YAML 1.1 or Ruby's commas take for a number, a yes or a no, and PyYAML for text.
# https://yaml.org/spec/1.2.2/#1032-tag-resolution and https://yaml.org/type/
_OF_OTHERS = re.compile(
    r"[-+]?(?:\d+(?:[,_]\d+)*(?::[0-5]?\d)*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][-+]?\d+)?"
    r"|[-+]?0[box][\da-fA-F_]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|[yYnN]",
    re.ASCII,
)


class PlainScalar(str):
    """Text that is written as it is: an instant or a yes or no."""

    __slots__ = ()


def instant_text(instant: datetime) -> PlainScalar:
    """The instant by RFC 3339, in UTC."""
    return PlainScalar(rfc_3339(instant))


def to_plain_scalars(value: JsonValue) -> JsonValue:
    """The value with its texts that look like numbers, days, yes or no as they were once typed, without quotes."""
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
    """The fields in the order they have, as front matter above the content, which is kept byte for byte."""
    block: str = yaml.dump(dict(fields), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{block}---\n{content}"


class _Dumper(yaml.SafeDumper):
    # As they are read: what has no quotes is text or null, so that whatever else must name its type.
    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own
        start: [(tag, form) for tag, form in resolvers if tag == f"{_YAML_TAG}null"]
        for start, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the same
        return True


def _is_ambiguous(text: str) -> bool:
    """Whether other readers take it for anything but text."""
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
    # Behind a block that ends with an empty line, PyYAML ends the document with a mark that ends front matter too.
    return not _LINE_BREAKS_OF_YAML_1_1.isdisjoint(text) or text == "\n" or text.endswith("\n\n")


def _represent_plain_scalar(dumper: _Dumper, text: PlainScalar) -> yaml.ScalarNode:
    return dumper.represent_scalar(f"{_YAML_TAG}str", str(text))


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(PlainScalar, _represent_plain_scalar)
