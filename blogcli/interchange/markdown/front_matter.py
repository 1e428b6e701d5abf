"""Front matter: the fields above a Markdown text, in whatever form; the text below them is never touched."""

import re

from .header_fields import read_header
from .json_fields import read_json, read_json_start
from .json_values import Fields, json_fields, problem
from .toml_fields import read_toml
from .yaml_fields import read_yaml

_BLOCK = re.compile(
    r"(?P<mark>---|\+\+\+)(?P<language>(?:yaml|yml|toml|json)?)[ \t]*\r?\n"
    r"(?P<fields>.*?)^(?P=mark)[ \t]*\r?(?:\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
_PROGRAM = re.compile(r"---[ \t]*(?:js|javascript|jsx|ts|typescript|node|coffee|coffeescript|cson)[ \t]*\r?\n")
_JSON = re.compile(r'\{\s*(?:"[^"\n]*"\s*:|\}[ \t]*\r?(?:\n|\Z))')
_LINE_END = re.compile(r"[ \t]*\r?(?:\n|\Z)")


def split_front_matter(text: str) -> tuple[Fields, str]:
    """The fields above `text` and the body below them, byte for byte; no fields and all of `text` where there are none.

    YAML stands between `---` lines, or above a single one, as Hexo has it: its values stay the text that was typed,
    except null, lists, maps and what `!!int`, `!!float` or `!!bool` types. TOML stands between `+++` lines, JSON in
    braces at the top, `Title: ...` lines above the first empty one, Nikola's `.. title: ...` lines in a comment.
    Raises InvalidError, with the line in the file where it is known, for fields that cannot be read, and for those
    that are a program: it is never run.
    """
    if _PROGRAM.match(text):
        hint = "Write the fields in YAML, between lines of ---."
        raise problem("it is a program, which is not run", line=1, hint=hint)
    block = _BLOCK.match(text)
    if block:
        return json_fields(_block_fields(block), typed=block.end()), text[block.end() :]
    if _JSON.match(text):
        return _split_json(text)
    found = read_header(text)
    return (json_fields(found[0], typed=found[1]), text[found[1] :]) if found else ({}, text)


def _block_fields(block: re.Match[str]) -> dict[str, object]:
    language = block["language"] or ("yaml" if block["mark"] == "---" else "toml")
    if language == "toml":
        return read_toml(block["fields"])
    if language == "json":
        return read_json(block["fields"], first_line=2)
    return read_yaml(block["fields"])


def _split_json(text: str) -> tuple[Fields, str]:
    fields, end = read_json_start(text)
    after = _LINE_END.match(text, end)
    if after is None:
        raise problem("text behind the closing }", line=text.count("\n", 0, end) + 1)
    return json_fields(fields, typed=end), text[after.end() :]
