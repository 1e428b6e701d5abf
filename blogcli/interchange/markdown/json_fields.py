"""Fields in JSON, as Hugo takes them: an object at the very top of the file."""

import json
import math

from .json_values import problem, too_deep


def read_json(block: str, *, first_line: int) -> dict[str, object]:
    """The fields in the block, which begins on that line of the file; InvalidError where they cannot be read."""
    fields, end = read_json_start(block.lstrip(), first_line=first_line)
    if block.lstrip()[end:].strip():
        raise problem("text behind the closing }", line=first_line)
    return fields


def read_json_start(text: str, *, first_line: int = 1) -> tuple[dict[str, object], int]:
    """The object that `text` begins with, and where it ends; InvalidError where it cannot be read."""
    decoder = json.JSONDecoder(parse_float=_finite, parse_constant=str)
    try:
        fields, end = decoder.raw_decode(text)
    except RecursionError:
        raise too_deep() from None
    except json.JSONDecodeError as error:
        raise problem(f"not JSON: {error.msg}", line=first_line - 1 + error.lineno) from error
    except ValueError as error:  # int() refuses thousands of digits
        raise problem("a number has too many digits") from error
    if not isinstance(fields, dict):
        raise problem("no object in braces", line=first_line)
    return fields, end


def _finite(text: str) -> float | str:
    number = float(text)
    return number if math.isfinite(number) else text
