"""The arguments that select users in several commands."""

from dataclasses import dataclass
from typing import Annotated

from typer import Argument

from ...cli import completers
from ...cli.options import References
from ...cli.prompts import single_references

User = Annotated[str, Argument(help="Id or e-mail address.", **completers.USER)]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class UserReferences(References):
    """References to users, by id or e-mail address."""

    references: Annotated[
        list[str] | None,
        Argument(help="Id or e-mail address.", show_default=False, **completers.USER),
    ] = None

    def read(self) -> list[str]:
        """Return the references to the users.

        Raises UsageError if no reference is given, or if a reference is blank or contains a space.
        """
        return single_references(super().read())
