"""SQL conditions that hold only for valid values, so that most rows are checked by the database and not in Python.

A condition may be false for a valid value, about which the rules in `value_rules` then decide. Each condition is a
template with the name of the column.
"""

from collections.abc import Mapping

_STATUS = "{0} IN ('draft', 'scheduled', 'published')"
_MAX_NUMBER = 2**31 - 1

_Condition = Mapping[str, str]


def _number(minimum: int) -> _Condition:
    is_in_range = f"{{0}} BETWEEN {minimum} AND {_MAX_NUMBER}"
    return {"sqlite": f"typeof({{0}}) = 'integer' AND {is_in_range}", "postgresql": is_in_range}


def _optional(condition: _Condition) -> _Condition:
    return {dialect: f"({{0}} IS NULL OR ({sql}))" for dialect, sql in condition.items()}


# Some functions of SQLite ignore everything after a NUL character, so the bytes are counted as well.
_HEX_32 = "typeof({0}) = 'text' AND length({0}) = 32 AND length(CAST({0} AS BLOB)) = 32 AND {0} NOT GLOB '*[^0-9a-f]*'"
_INSTANT = {
    # If a date does not exist, such as February 30, strftime() returns another date.
    "sqlite": "typeof({0}) = 'text' AND length(CAST({0} AS BLOB)) = 27 AND {0} > '0001' "
    "AND strftime('%Y-%m-%dT%H:%M:%S', {0}) = substr({0}, 1, 19) "
    "AND substr({0}, 20) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]Z'",
    "postgresql": "(NOT isfinite({0}) OR {0} BETWEEN '0001-01-01 00:00:00+00' AND '9999-12-31 23:59:59.999999+00')",
}

# The conditions by table and column. The rules check the values of all other columns.
VALUE_CONDITIONS: Mapping[str, Mapping[str, _Condition]] = {
    "posts": {
        "uuid": {"sqlite": _HEX_32, "postgresql": "true"},
        "status": {"sqlite": _STATUS, "postgresql": _STATUS},
        "published_at": _optional(_INSTANT),
        "trashed_at": _optional(_INSTANT),
        "expires_at": _optional(_INSTANT),
        "first_published_at": _optional(_INSTANT),
        "author_id": _number(1),
        "words": _number(0),
        "version": _number(1),
        "created_at": _INSTANT,
        "updated_at": _INSTANT,
        "extra": {
            # A long object may be nested too deeply for Python.
            "sqlite": "({0} = '{{}}' OR (length({0}) < 500 AND json_valid({0}) AND json_type({0}) = 'object'))",
            "postgresql": "json_typeof({0}) = 'object'",
        },
    },
    "post_imports": {
        "digest": {"sqlite": _HEX_32, "postgresql": "false"},
        "version": _number(0),
        "updated_at": _optional(_INSTANT),
    },
}


def format_conditions(table: str, dialect: str) -> str:
    """Return the expression that is true for a row if the conditions of its table hold."""
    conditions = VALUE_CONDITIONS[table].items()
    return " AND ".join(condition[dialect].format(name) for name, condition in conditions)
