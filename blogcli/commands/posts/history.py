"""`blogcli post history`, `diff` and `revert`."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from ... import output, services
from ...cli import completers
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.fields import POST_DIFFERENCES, POST_VERSIONS
from ...cli.option_group import Flag
from ...cli.options import DryRun, Limit
from ...cli.results import POST, ChangeReport, PagedLines, RecordList, RecordStream, RecordType
from ...output.formats import plain
from ...output.records import Columns
from ...output.text import safe_line
from ...runner import run, stream

if TYPE_CHECKING:
    from ...schemas import PostComparison, PostDetail

app = typer.Typer()

# The fields of a post that differences show.
_COMPARED_FIELDS = (
    "title", "slug", "status", "published_at", "expires_at", "trashed_at", "author", "tags", "excerpt", "extra",
    "content",
)  # fmt: skip
_VERSION = RecordType("version", "operation", POST_VERSIONS)
_TABLE = RecordType("version", "op", Columns(lambda: ("op", "when", "who", "what", "changed", "words")))

PostReference = Annotated[
    str,
    Argument(help="Id, slug or UUID; also of a purged post.", show_default=False, **completers.POST),
]


@command(app, "history")
def history(context: CliContext, post: PostReference, limit: Limit = None) -> RecordStream:
    """List the versions of a post, newest first.

    Each version has the number of the operation that created it. `blogcli post diff`, `post show --at` and
    `post revert` accept these numbers.

    Examples:
        blogcli post history hello-world
        blogcli post history 7 --limit 0
        blogcli post history id:7 --format json
    """
    max_versions = context.default_limit if limit is None else limit
    batches = stream(context.settings, services.posts.history.stream_versions, post, limit=max_versions)
    records = ([output.values.to_json_record(version) for version in batch] for batch in batches)
    if not context.prints_default_table:
        return RecordStream(batches=records, record_type=_VERSION)
    rows = ([_row(record, context.settings.zone) for record in batch] for batch in records)
    return RecordStream(batches=rows, record_type=_TABLE)


@command(app, "diff")
def diff(
    context: CliContext,
    post: PostReference,
    from_version: Annotated[
        int | None, Option("--from", help="Earlier version (default: the version before).", metavar="OP|-N")
    ] = None,
    to_version: Annotated[
        int | None, Option("--to", help="Later version (default: the present version).", metavar="OP|-N")
    ] = None,
    word_diff: Annotated[bool, Flag("--word-diff", help="Mark changed words as [-old-] and {+new+}.")] = False,
) -> PagedLines | RecordList:
    """Show what changed in a post: by default, its last change.

    A version is the number of an operation from `blogcli post history`; -1 is the version before the last change. In a
    pipe or file, the changes of the text have the format of the program patch.

    Examples:
        blogcli post diff hello-world
        blogcli post diff hello-world --from 40 --to 44
        blogcli post diff hello-world --from -3 --word-diff
    """
    service = services.posts.versions.compare_versions
    comparison = run(context.settings, service, post, old=from_version, new=to_version)
    texts = (_field_texts(comparison.old), _field_texts(comparison.new))
    if context.output.is_explicit:
        return RecordList(records=_piece_records(*texts), columns=POST_DIFFERENCES)
    return PagedLines(_difference_lines(context, comparison, *texts, word_diff=word_diff))


@command(app, "revert")
def revert(
    context: CliContext,
    post: PostReference,
    to_version: Annotated[
        int, Option("--to", help="Version to return to; -1 is the version before the last change.", metavar="OP|-N")
    ],
    all_: Annotated[
        bool, Flag("--all", help="Also return to the slug, status, dates, author and tags of that version.")
    ] = False,
    dry_run: DryRun = False,
) -> ChangeReport:
    """Give a post the title, text, summary and extra fields of an earlier version.

    This is a change like any other: it adds a version, and can be reverted too.

    Examples:
        blogcli post revert hello-world --to -1
        blogcli post revert hello-world --to 40 --dry-run
        blogcli post revert 7 --to 40 --all
    """
    service = services.posts.revert.revert_post
    changes = run(context.settings, service, post, to_version, reverts_all=all_, dry_run=dry_run)
    return ChangeReport(changes=changes, record_type=POST, verb="revert", dry_run=dry_run)


def _row(record: Mapping[str, Any], zone: tzinfo) -> Mapping[str, str]:
    """Return the cells of a version in the table for people."""
    what = output.operations.describe_command(record)
    when = _local_time(record["ended_at"], zone)
    if record["operation"] is None:
        replaced_at = _local_time(record["replaced_at"], zone)
        when = f"before {replaced_at}" if replaced_at else ""
        what = "not recorded"
    words = f"{record['words_change']:+,}" if record["words_change"] else ""
    return {
        "op": str(record["operation"] or ""),
        "when": when,
        "who": record["actor"] or "",
        "what": what,
        "changed": ", ".join(name for name in record["changed"] if name != "unrecorded"),
        "words": f"= {record['same_as']}" if record["same_as"] else words,
    }


def _local_time(value: str | None, zone: tzinfo) -> str:
    return output.tables.time_text(value, zone) if value else ""


def _field_texts(post: "PostDetail | None") -> dict[str, str]:
    """Return the values of the compared fields as texts, without fields that have no value."""
    if post is None:
        return {}
    record = output.values.to_json_record(post)
    texts = {name: plain(record[name]) for name in _COMPARED_FIELDS if record[name] not in (None, {})}
    return {name: text for name, text in texts.items() if text}


def _piece_records(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[dict[str, str]]:
    for name, pieces in output.differences.compare_fields(old, new):
        for side, text in pieces:
            yield {"field": name, "change": side.value, "text": text}


def _difference_lines(
    context: CliContext,
    comparison: "PostComparison",
    old: Mapping[str, str],
    new: Mapping[str, str],
    *,
    word_diff: bool,
) -> Iterable[str]:
    console = context.console
    if old == new:
        console.say("The versions do not differ.")
        return
    slug = new.get("slug") or old.get("slug", "")
    name = f"post {comparison.post_id} ({slug}), {comparison.old_name} to {comparison.new_name}"
    yield safe_line(name)
    if word_diff or console.stdout_is_terminal:
        yield from output.differences.word_difference(console, old, new, has_marks=word_diff)
    else:
        yield from output.differences.unified_difference(console, old, new)
