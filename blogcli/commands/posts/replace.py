"""`blogcli post replace`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, cast

import typer
from typer import Argument, Option

from ... import output, schemas, services
from ...cli import completers
from ...cli.command import command
from ...cli.context import DEFAULT_LIMIT, CliContext
from ...cli.filter_values import parse_text_fields
from ...cli.messages import amount
from ...cli.option_group import Flag, OptionGroup
from ...cli.options import SELECTION
from ...cli.results import POST_REPLACEMENT, ChangeReport
from ...enums import TextField
from .bulk_change import change_posts
from .filter_options import PostTargetOptions

if TYPE_CHECKING:
    from ...schemas import Replacements, TextReplacement

app = typer.Typer()


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ReplaceTargetOptions(PostTargetOptions):
    """The options that select the posts. --contains-in replaces the filter --in, which selects the fields to change."""

    fields_option = "--contains-in"

    fields_in: Annotated[
        str | None,
        Option(
            "--contains-in",
            help="Fields that --contains searches (default: title,content).",
            metavar="FIELDS",
            autocompletion=completers.complete_text_fields,
            rich_help_panel=SELECTION,
        ),
    ] = None


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ReplacementOptions(OptionGroup):
    """The options that say how and where text is replaced."""

    regex: Annotated[
        bool, Flag("--regex", help=r"OLD is a regular expression; NEW may contain \1 or \g<name> for its groups.")
    ] = False
    ignore_case: Annotated[bool, Flag("--ignore-case", help="Find OLD regardless of case.")] = False
    whole_word: Annotated[bool, Flag("--whole-word", help="Find OLD only as a whole word.")] = False
    skip_code: Annotated[
        bool, Flag("--skip-code", help="Leave code blocks and code spans in Markdown as they are.")
    ] = False
    replaced_fields: Annotated[
        str | None,
        Option(
            "--in",
            help="Fields in which text is replaced (default: title,content,excerpt).",
            metavar="FIELDS",
            autocompletion=completers.complete_text_fields,
        ),
    ] = None

    def read(self, old: str, new: str, *, preview_posts: int) -> "TextReplacement":
        """Return the replacement to make. Raises UsageError if a field is unknown."""
        return schemas.TextReplacement(
            old=old,
            new=new,
            fields=list(TextField) if self.replaced_fields is None else parse_text_fields(self.replaced_fields),
            is_regex=self.regex,
            ignore_case=self.ignore_case,
            whole_word=self.whole_word,
            skip_code=self.skip_code,
            preview_posts=preview_posts,
        )


@command(app, "replace", empty_values={"new": "removes the old text"})
def replace(
    context: CliContext,
    old: Annotated[str, Argument(metavar="OLD", help="Text to replace.")],
    new: Annotated[str, Argument(metavar="NEW", help="New text; '' removes the old text.")],
    replacement: ReplacementOptions,
    targets: ReplaceTargetOptions,
) -> ChangeReport:
    r"""Replace text in the titles, texts and summaries of posts. Slugs stay the same.

    OLD and NEW come first, then the ids or slugs of the posts; or select posts by filters, --from or --all.

    With --regex, NEW may contain escapes and groups as in re.sub of Python. An expression that takes more than 10
    seconds in a single text is stopped, and nothing is changed.

    Examples:
        blogcli post replace http://old.example.org https://example.org --all --dry-run
        blogcli post replace colour color hello-world 7 --whole-word --skip-code
        blogcli post replace '\b(\d+)/(\d+)/(\d{4})\b' '\3-\1-\2' --regex --tag diary --in content
    """
    shows_preview = targets.is_trial and context.console.stdout_is_terminal
    options = replacement.read(old, new, preview_posts=DEFAULT_LIMIT if shows_preview else 0)
    service = services.posts.replace.replace_in_posts
    report = change_posts(context, targets, service, verb="replace", confirm_losses=True, replacement=options)
    return _complete(report)


def _complete(report: ChangeReport) -> ChangeReport:
    """Return a report that prints the number of replacements and, in a dry run, the changed lines."""
    changes = cast("Replacements", report.changes)
    occurrences = amount(changes.total, "occurrence")

    def show_preview(context: CliContext) -> None:
        lines = _preview_lines(context, changes)
        output.pager.print_lines(context.console, lines, pager=context.output.pager)

    return report._replace(
        record_type=POST_REPLACEMENT,
        phrases=(f"replace {occurrences} in {{}}", f"Replaced {occurrences} in {{}}"),
        show_preview=show_preview,
    )


def _preview_lines(context: CliContext, changes: "Replacements") -> Iterator[str]:
    for preview in changes.previews:
        yield output.changed_lines.format_heading(context.console, [str(preview.id), preview.slug])
        for line in preview.lines:
            label = f"line {line.number}" if line.field is TextField.CONTENT else str(line.field)
            yield output.changed_lines.format_changed_line(context.console, label, line.parts)
        if preview.omitted:
            yield f"  and {amount(preview.omitted, 'more occurrence')}"
