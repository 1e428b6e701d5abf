"""`blogcli check`."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Option

from .. import output, schemas, services
from ..cli import completers
from ..cli.command import command
from ..cli.context import CliContext
from ..cli.filter_values import parse_rules
from ..cli.messages import amount
from ..cli.option_group import OptionGroup
from ..cli.results import FINDING, Record, RecordStream
from ..config_file import CHECK_PAGES, RULE_OFF
from ..content_check.rules import DEFAULT_LEVELS
from ..enums import CheckLevel, CheckRule, OutputFormat
from ..errors import ExitCode
from ..runner import stream
from .posts.filter_options import Filters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..schemas import CheckedBatch, CheckOptions, Finding
    from ..settings import Settings

app = typer.Typer()


class FailOn(StrEnum):
    """The lowest level of a finding with which the command fails."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class RuleOptions(OptionGroup):
    """The options that select the rules."""

    rule: Annotated[
        list[str] | None,
        Option(
            "--rule",
            help="Check only this rule, or several rules (a,b).",
            metavar="NAME",
            autocompletion=completers.complete_rules,
        ),
    ] = None
    ignore: Annotated[
        list[str] | None,
        Option(
            "--ignore",
            help="Do not check this rule, or several rules (a,b).",
            metavar="NAME",
            autocompletion=completers.complete_rules,
        ),
    ] = None

    def check_options(self, settings: "Settings") -> "CheckOptions":
        """Return the selected rules with their levels, and the paths of pages from the settings.

        A rule that is turned off in the settings is checked if --rule names it. Raises UsageError for an unknown rule.
        """
        named = parse_rules(self.rule, "--rule")
        ignored = parse_rules(self.ignore, "--ignore")
        levels: dict[CheckRule, CheckLevel] = {}
        for rule in CheckRule:
            level = settings.check.get(rule, DEFAULT_LEVELS[rule])
            if level == RULE_OFF and rule in named:
                level = DEFAULT_LEVELS[rule]
            if level != RULE_OFF and rule not in ignored and (rule in named or self.rule is None):
                levels[rule] = CheckLevel(level)
        return schemas.CheckOptions(levels=levels, pages=settings.check.get(CHECK_PAGES, "").split())


class _Tally:
    """Counts posts and findings while they are printed."""

    def __init__(self, fail_on: FailOn) -> None:
        self._fail_on = fail_on
        self._posts = 0
        self._levels = Counter[CheckLevel]()

    def count(self, batches: "Iterable[CheckedBatch]") -> "Iterator[Sequence[Finding]]":
        """Yield the findings of each batch."""
        for batch in batches:
            self._posts += batch.posts
            self._levels.update(finding.level for finding in batch.findings)
            yield batch.findings

    def conclude(self) -> tuple[str, ExitCode]:
        """Return the summary of the check, and the exit code."""
        counts = [amount(self._levels[level], level) for level in CheckLevel if self._levels[level]]
        message = f"Checked {amount(self._posts, 'post')}: {', '.join(counts) or 'no findings'}."
        levels = list(CheckLevel)
        failing = [] if self._fail_on is FailOn.NEVER else levels[: levels.index(CheckLevel(self._fail_on)) + 1]
        return message, ExitCode.FAILED if any(self._levels[level] for level in failing) else ExitCode.DONE


@command(app, "check")
def check(
    context: CliContext,
    filters: Filters,
    rules: RuleOptions,
    fail_on: Annotated[
        FailOn,
        Option(
            "--fail-on",
            help="Exit with code 1 if a finding has at least this level: error, warning, info or never.",
            metavar="LEVEL",
        ),
    ] = FailOn.ERROR,
) -> RecordStream:
    """Check posts and tags for broken links, missing texts, duplicates and other mistakes.

    Examples:
        blogcli check --status published
        blogcli check --rule broken-link,broken-anchor --fail-on warning
        blogcli check --ignore tag-on-one-post --format json
    """
    tally = _Tally(fail_on)
    options = rules.check_options(context.settings)
    selection = filters.selection(context.settings)
    batches = stream(
        context.settings, services.check.content.check_content, selection, options, on_fault=context.warn_of_invalid_row
    )
    findings = tally.count(batches)
    # The ids are those of posts, so that they can be passed to other commands.
    records = _post_ids(findings) if context.output.format is OutputFormat.IDS else findings
    return RecordStream(batches=records, record_type=FINDING, show_table=_show_table, conclude=tally.conclude)


def _post_ids(batches: "Iterable[Sequence[Finding]]") -> Iterator[Sequence[Record]]:
    """Yield a record with the id of each post that has findings. Findings that follow each other give one record."""
    last_id: int | None = None
    for batch in batches:
        ids: list[int] = []
        for finding in batch:
            if finding.id not in (None, last_id):
                ids.append(finding.id)
            last_id = finding.id
        yield [{"id": id_} for id_ in ids]


def _show_table(context: CliContext, findings: "Iterable[Mapping[str, Any]]") -> None:
    output.findings.show_findings(context.console, findings, pager=context.output.pager)
