"""Records -> a folder of Markdown files."""

from collections.abc import Iterable, Iterator

from ...enums import Flavor
from ..entries import WriteOptions
from ..record import PostRecord, Record, UserRecord
from .exported import exported_text
from .file_names import FileNames


def write(
    records: Iterable[Record],
    options: WriteOptions,  # noqa: ARG001 - all formats take options
    *,
    flavor: Flavor = Flavor.PLAIN,
) -> Iterator[tuple[str, str]]:
    """The name and the text of a file for each post, as generators of that flavor expect them.

    Authors have the names of those people who come before the post.
    """
    names, full_names = FileNames(flavor), dict[str | None, str]()
    for record in records:
        if isinstance(record, UserRecord) and record.full_name and record.full_name.strip():
            full_names[record.email] = record.full_name
        if isinstance(record, PostRecord):
            yield names.name_of(record), exported_text(record, flavor, full_name=full_names.get(record.author))
