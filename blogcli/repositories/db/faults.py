"""A fault of the schema, and the statements that repair it."""

from typing import NamedTuple


class Fault(NamedTuple):
    """A fault of an object of the database.

    `repair` tells a person what to do. `statements` repair the fault without losing content. They are empty if this is
    not possible.
    """

    text: str
    repair: str
    statements: tuple[str, ...] = ()

    @classmethod
    def with_statements(cls, text: str, *statements: str) -> "Fault":
        """Return a fault that statements repair."""
        return cls(text, f"Run: {'; '.join(statements)}", statements)
