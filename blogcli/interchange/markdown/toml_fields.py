"""Fields in TOML: dates and times become ISO 8601 text, `inf` and `nan` stay text."""

import re
import tomllib

from .json_values import finite, problem, too_deep, too_many_digits

_LINE = re.compile(r"line (\d+)")


def read_toml(block: str, *, first_line: int = 2) -> dict[str, object]:
    """The fields in the block, which begins on that line of the file; InvalidError where they cannot be read."""
    try:
        return tomllib.loads(block, parse_float=finite)
    except RecursionError:
        raise too_deep() from None
    except tomllib.TOMLDecodeError as error:
        reason, _, place = str(error).rpartition(" (at ")
        line = _LINE.match(place)
        # Without a line it is "end of document": something is missing there.
        above = int(line[1]) if line else block.count("\n")
        raise problem(reason, line=first_line - 1 + above) from error
    except ValueError as error:  # int() refuses thousands of digits
        raise too_many_digits() from error
