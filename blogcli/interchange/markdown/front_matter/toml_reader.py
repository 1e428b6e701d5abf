"""Parse front matter in TOML.

Dates and times are returned as objects of the module `datetime`, which `json_fields` converts to strings in ISO 8601
format. The values `inf` and `nan` are returned as strings.
"""

import re
import tomllib

from .limits import MAX_DEPTH, finite, parse_error, too_deep, too_many_digits

_LINE = re.compile(r"line (\d+)")
# Matches the strings in a line and the characters that delimit dotted keys.
_AROUND_KEYS = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|[=,\[\]{}#]")


def read_toml(block: str, *, first_line: int = 2) -> dict[str, object]:
    """Return the fields of a TOML block that begins on line `first_line` of the file.

    Raises InvalidError if the block cannot be parsed.
    """
    for number, line in enumerate(block.split("\n"), first_line):
        # The time that tomllib takes for a dotted key is quadratic in the number of parts of the key. A key with many
        # parts is therefore rejected before tomllib parses the block.
        if line.count(".") > MAX_DEPTH and any(key.count(".") > MAX_DEPTH for key in _AROUND_KEYS.split(line)):
            raise too_deep(line=number)
    try:
        return tomllib.loads(block, parse_float=finite)
    except RecursionError:
        raise too_deep() from None
    except tomllib.TOMLDecodeError as error:
        reason, _, position = str(error).rpartition(" (at ")
        match = _LINE.match(position)
        # A message without a line number contains "at end of document", so the error is in the last line.
        line_in_block = int(match[1]) if match else block.count("\n")
        raise parse_error(reason, line=first_line - 1 + line_in_block) from error
    except ValueError as error:  # int() raises ValueError for numbers with thousands of digits.
        raise too_many_digits() from error
