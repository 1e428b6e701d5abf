"""Simplify the messages of parser errors: replace phrases of pydantic, and remove unsuitable suggestions."""

from typing import TYPE_CHECKING, Any

from ..text.suggestions import suggest_name

if TYPE_CHECKING:
    from typer import TyperException


def simplify_message(error: "TyperException") -> None:
    """Simplify the message of a parser error.

    A message about an invalid number is replaced by a simpler message. For an unknown option, at most one similar
    option is suggested.
    """
    possible_options = getattr(error, "possibilities", None)
    option_name = getattr(error, "option_name", "")
    if possible_options and option_name:
        similar = suggest_name(option_name, possible_options)
        error.possibilities = []  # type: ignore[attr-defined]  # only some classes of errors have this attribute
        if similar:
            error.message += f". Did you mean '{similar}'?"
    list_errors = getattr(error.__cause__, "errors", None)
    reason = _describe_number_error(list_errors()[0]) if list_errors else None
    if reason:
        error.message = reason


def _describe_number_error(details: dict[str, Any]) -> str | None:
    """Return a phrase that says why a number is invalid, or None if the error of pydantic is not about a number."""
    limits = details.get("ctx", {})
    if details["type"] == "greater_than_equal":
        return f"must be at least {limits['ge']:,}"
    if details["type"] == "less_than_equal":
        return f"must be at most {limits['le']:,}"
    return "must be a whole number" if details["type"].startswith("int_") else None
