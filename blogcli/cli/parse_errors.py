"""Simplify the messages of parser errors, which otherwise contain phrases of pydantic and unsuitable suggestions."""

from typing import TYPE_CHECKING, Any

from ..text.suggestions import suggest_name

if TYPE_CHECKING:
    from typer import TyperException


def simplify_message(error: "TyperException") -> None:
    """Replace the message about an invalid number, and suggest an option only if its name is similar."""
    possible_options = getattr(error, "possibilities", None)
    option_name = getattr(error, "option_name", "")
    if possible_options and option_name:
        similar = suggest_name(option_name, possible_options)
        error.possibilities = []  # type: ignore[attr-defined]
        if similar:
            error.message += f". Did you mean '{similar}'?"
    list_errors = getattr(error.__cause__, "errors", None)
    reason = _describe_number_error(list_errors()[0]) if list_errors else None
    if reason:
        error.message = reason


def _describe_number_error(details: dict[str, Any]) -> str | None:
    """Return a phrase that says what is wrong with a number, or None for an error of pydantic about another value."""
    limits = details.get("ctx", {})
    if details["type"] == "greater_than_equal":
        return f"must be at least {limits['ge']:,}"
    if details["type"] == "less_than_equal":
        return f"must be at most {limits['le']:,}"
    return "must be a whole number" if details["type"].startswith("int_") else None
