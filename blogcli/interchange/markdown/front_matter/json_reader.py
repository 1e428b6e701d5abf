"""Parse front matter in JSON: an object at the top of a file, as in Hugo, or members without braces, as in Hexo."""

import json

from .limits import duplicate_name, finite, parse_error, too_deep, too_many_digits


def read_json(block: str, *, first_line: int) -> dict[str, object]:
    """Return the fields of a JSON object that begins on line `first_line` of the file.

    Raises InvalidError if the block cannot be parsed.
    """
    fields, end = read_json_start(block, len(block) - len(block.lstrip()), first_line=first_line)
    if block[end:].strip():
        raise parse_error("text after the closing }", line=first_line + block.count("\n", 0, end))
    return fields


def read_members(block: str, *, first_line: int) -> dict[str, object]:
    """Return the fields of a block of JSON members without braces.

    Raises InvalidError if the block cannot be parsed.
    """
    return read_json(f"{{{block}}}", first_line=first_line)


def read_json_start(text: str, start: int, *, first_line: int = 1) -> tuple[dict[str, object], int]:
    """Return the fields of the JSON object that begins at `start`, and the position after the object.

    Raises InvalidError if the object cannot be parsed.
    """
    decoder = json.JSONDecoder(parse_float=finite, parse_constant=str, object_pairs_hook=_unique)
    try:
        fields, end = decoder.raw_decode(text, start)
    except RecursionError:
        raise too_deep() from None
    except json.JSONDecodeError as error:
        raise parse_error(f"not JSON: {error.msg}", line=first_line - 1 + error.lineno) from error
    except ValueError as error:  # int() raises ValueError for numbers with thousands of digits.
        raise too_many_digits() from error
    if not isinstance(fields, dict):
        raise parse_error("not a JSON object", line=first_line + text.count("\n", 0, start))
    return fields, end


def _unique(members: list[tuple[str, object]]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name, value in members:
        if fields.setdefault(name, value) != value:
            raise duplicate_name(name)
    return fields
