"""Serialize values to YAML, so that parsers of YAML 1.1 and 1.2 read every text as text."""

import re
from typing import Any

import yaml

_TEXT_TAG = "tag:yaml.org,2002:str"
# PyYAML writes these characters unescaped, but reads them as line breaks. So a text that contains one of these
# characters is quoted and escaped.
_LINE_BREAKS_OF_YAML_1_1 = frozenset("\x85\u2028\u2029")
# Matches text that some parsers, such as the parsers of YAML 1.2 and of Ruby, may read as a number or a boolean.
# https://yaml.org/spec/1.2.2/#1032-tag-resolution and https://yaml.org/type/
_AMBIGUOUS = re.compile(
    r"[-+]?(?:\d+(?:[,_]\d+)*(?::[0-5]?\d)*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][-+]?\d+)?"
    r"|[-+]?0[box][\da-fA-F_]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|[yYnN]",
    re.ASCII,
)


class TextDumper(yaml.SafeDumper):
    """A dumper that quotes a text if parsers may read the text as a value of another type.

    The dumper of libyaml is not used. It is faster, but escapes all characters beyond U+FFFF, such as emoji.
    """


def dump_yaml(value: Any, dumper: type[TextDumper] = TextDumper) -> str:  # noqa: ANN401 - the argument can be any JSON value
    """Serialize a value to YAML. Keys keep their order. A text of several lines is written as a block if possible."""
    text: str = yaml.dump(value, Dumper=dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return text


def is_foreign_number(text: str) -> bool:
    """Return whether PyYAML reads `text` as text, but another parser may read `text` as a number or a boolean."""
    return _AMBIGUOUS.fullmatch(text) is not None and not _has_other_type(text)


def _has_other_type(text: str) -> bool:
    forms = yaml.SafeDumper.yaml_implicit_resolvers.get(text[:1], [])
    return any(form.match(text) for _, form in forms)


def _represent_text(dumper: TextDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar(_TEXT_TAG, text, style=_style_of(text))


def _style_of(text: str) -> str | None:
    # A text that ends with an empty line is not written as a block. PyYAML would write `...` after the block, and `...`
    # would end the front matter.
    if not _LINE_BREAKS_OF_YAML_1_1.isdisjoint(text) or text == "\n" or text.endswith("\n\n"):
        return '"'
    if "\n" in text:
        return "|"
    return "'" if _AMBIGUOUS.fullmatch(text) or _has_other_type(text) else None


TextDumper.add_representer(str, _represent_text)
