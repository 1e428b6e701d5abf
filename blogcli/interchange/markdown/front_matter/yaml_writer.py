"""Write front matter in YAML that site generators can read and from which `split_front_matter` reads equal values."""

import re
from collections.abc import Mapping
from datetime import datetime

import yaml
from pydantic import JsonValue

from ....dates import rfc_3339
from ....text.yaml_dumper import TextDumper, dump_yaml, is_foreign_number

_YAML_TAG = "tag:yaml.org,2002:"
# Extra fields contain text as an author typed it. Text that matches this pattern is written without quotes, because the
# author meant a boolean, a number or a date.
_UNQUOTED = re.compile(
    r"true|false|(?:0|-?[1-9]\d*)(?:\.\d+)?|\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?",
    re.ASCII,
)


class PlainScalar(str):
    """Text that is written without quotes, such as an instant or a boolean."""

    __slots__ = ()


def instant_text(instant: datetime) -> PlainScalar:
    """Return the instant in the format of RFC 3339, in UTC."""
    return PlainScalar(rfc_3339(instant))


def to_plain_scalars(value: JsonValue) -> JsonValue:
    """Return `value`, with every text that looks like a number, a date or a boolean replaced by a PlainScalar."""
    match value:
        case str():
            return PlainScalar(value) if _UNQUOTED.fullmatch(value) or is_foreign_number(value) else value
        case list():
            return [to_plain_scalars(item) for item in value]
        case dict():
            return {name: to_plain_scalars(item) for name, item in value.items()}
    return value


def document_text(fields: Mapping[str, JsonValue], content: str) -> str:
    """Return the text of a document: `fields` as front matter, in their order, above the unchanged content."""
    return f"---\n{dump_yaml(dict(fields), _FrontMatterDumper)}---\n{content}"


class _FrontMatterDumper(TextDumper):
    # `split_front_matter` reads values without quotes as text or null. Only null is therefore resolved implicitly here,
    # so that PyYAML writes numbers and booleans with a tag such as `!!int`.
    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML defines this attribute of the class
        start: [(tag, form) for tag, form in resolvers if tag == f"{_YAML_TAG}null"]
        for start, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML passes this argument
        return True


def _represent_plain_scalar(dumper: _FrontMatterDumper, text: PlainScalar) -> yaml.ScalarNode:
    return dumper.represent_scalar(f"{_YAML_TAG}str", str(text))


_FrontMatterDumper.add_representer(PlainScalar, _represent_plain_scalar)
