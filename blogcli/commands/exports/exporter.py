"""Read the selected posts for an export, and warn about rows that cannot be read."""

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from ... import interchange, services
from ...cli.context import CliContext
from ...cli.messages import amount
from ...errors import BlogError, InvalidError
from ...runner import stream
from ..posts.filter_options import Filters, Order

if TYPE_CHECKING:
    from ...interchange.items import WriteOptions


class UnreadableRows:
    """The rows that an export skips because they contain a value that cannot be read."""

    def __init__(self, context: CliContext, *, is_strict: bool) -> None:
        self._console = context.console
        self._is_strict = is_strict
        self._count = 0

    def add(self, fault: str) -> None:
        """Count a skipped row, and warn about the unreadable value in it.

        If the export is strict, InvalidError is raised instead.
        """
        if self._is_strict:
            raise InvalidError(fault, hint="Leave out --delete to export the posts that can be read.")
        self._count += 1
        self._console.warn(f"Skipped: {fault}")

    def check(self) -> None:
        """Raise BlogError if rows were skipped."""
        if self._count:
            rows = "1 row was" if self._count == 1 else f"{self._count:,} rows were"
            raise BlogError(
                f"{rows} skipped, because a value cannot be read",
                hint="Use `blogcli db check` to list all such values.",
            )


class Exporter:
    """Reads the selected posts from the database and converts them to an export format."""

    def __init__(
        self,
        context: CliContext,
        filters: Filters,
        order: Order,
        *,
        default_limit: int = 0,
        with_hashes: bool = False,
        is_strict: bool = False,
    ) -> None:
        self.counts = services.exports.ExportCounts()
        self.unreadable = UnreadableRows(context, is_strict=is_strict)
        self._context = context
        batches = stream(
            context.settings,
            services.exports.export_records,
            filters.selection(context.settings, **order.selection_values(default_limit=default_limit)),
            with_hashes=with_hashes,
            on_fault=self.unreadable.add,
        )
        # The first batch is read here, so that errors such as an unknown tag are raised before a file is opened.
        self._records = self.counts.count(chain([next(batches)], batches))

    def file_parts(self, format_name: str, options: "WriteOptions") -> Iterator[str]:
        """Yield the parts of the text of an export file in the given format."""
        return interchange.registry.get_file_writer(format_name).write(self._records, options)

    def markdown_files(self, options: "WriteOptions") -> Iterator[tuple[str, str]]:
        """Yield the name and the text of a Markdown file for each post."""
        return interchange.registry.get_folder_writer("markdown").write(self._records, options)

    def report(self, summary: str = "") -> None:
        """Print a summary of the export. The default summary contains the numbers of posts, users and tags.

        Raises BlogError if rows were skipped.
        """
        self._context.console.say(f"Exported {summary or self._summary()}.")
        self.unreadable.check()

    def _summary(self) -> str:
        posts = amount(self.counts.posts, "post")
        users = amount(self.counts.users, "user")
        tags = amount(self.counts.tags, "tag")
        return f"{posts}, {users} and {tags}"
