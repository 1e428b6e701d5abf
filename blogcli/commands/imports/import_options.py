"""The options that all import commands share."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from typer import Option

from ... import schemas
from ...cli import completers
from ...cli.option_group import Flag, OptionGroup
from ...cli.options import DryRun
from ...enums import ConflictPolicy
from ...settings import Settings


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ImportOptions(OptionGroup):
    """The options that all import commands share."""

    author: Annotated[
        str | None,
        Option("--author", help="Author (id or e-mail address) of posts that name no author.", **completers.USER),
    ] = None
    on_conflict: Annotated[
        ConflictPolicy | None,
        Option(
            "--on-conflict",
            help="If a post was changed both in the source and in blogcli: overwrite it (update), skip it, or fail. "
            "Without this option, the post is skipped and the exit code is 6.",
            metavar="update|skip|fail",
        ),
    ] = None
    report: Annotated[
        Path | None,
        Option(
            "--report", help="Write a report of all changes and omissions (JSON Lines) to this file.", metavar="FILE"
        ),
    ] = None
    strict: Annotated[bool, Flag("--strict", help="Import nothing if any record cannot be read.")] = False
    dry_run: DryRun = False

    def parameters_with(self, settings: Settings) -> schemas.ImportParameters:
        """Return the parameters of the import, with the author from the settings if --author is not given."""
        return schemas.ImportParameters.checked(
            author=self.author or settings.author,
            is_author_a_setting=self.author is None,
            on_conflict=self.on_conflict or ConflictPolicy.SKIP,
            is_strict=self.strict,
            dry_run=self.dry_run,
        )
