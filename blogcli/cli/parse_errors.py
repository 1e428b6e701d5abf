"""Plain messages for errors of the parser, which otherwise contain texts of pydantic."""

from typing import TYPE_CHECKING, Any

from ..text.suggestions import suggest_name

if TYPE_CHECKING:
    from typer import TyperException


def simplify_message(error: "TyperException") -> None:
    """Replace the message of an invalid number by a plain one, and list only an option with a similar name."""
    possible_options = getattr(error, "possibilities", None)
    option_name = getattr(error, "option_name", "")
    if possible_options and option_name:
        similar = suggest_name(option_name, possible_options)
        error.possibilities = []  # type: ignore[attr-defined]
        if similar:
            error.message += f". Did you mean '{similar}'?"
    find_faults = getattr(error.__cause__, "errors", None)
    reason = _number_fault(find_faults()[0]) if find_faults else None
    if reason:
        error.message = reason


def _number_fault(fault: dict[str, Any]) -> str | None:
    """Return what is wrong with a number, by the code and the limits that pydantic gives; None for other values."""
    limits = fault.get("ctx", {})
    if fault["type"] == "greater_than_equal":
        return f"must be at least {limits['ge']:,}"
    if fault["type"] == "less_than_equal":
        return f"must be at most {limits['le']:,}"
    return "must be a whole number" if fault["type"].startswith("int_") else None
