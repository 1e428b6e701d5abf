"""Write posts as Markdown files with front matter."""

from collections.abc import Iterable, Iterator

from ..items import WriteOptions
from ..records import PostRecord, Record, UserRecord
from .file_names import FileNames
from .flavors import write_exported_post


def write(records: Iterable[Record], options: WriteOptions) -> Iterator[tuple[str, str]]:
    """For each post in `records`, yield the name and the text of a Markdown file.

    The flavor in `options` determines the names of the files and of the fields. The full name of an author is written
    only if the user record of the author precedes the post in `records`.
    """
    flavor = options.flavor
    names = FileNames(flavor)
    full_names = dict[str | None, str]()
    for record in records:
        if isinstance(record, UserRecord) and record.full_name and record.full_name.strip():
            full_names[record.email] = record.full_name
        if isinstance(record, PostRecord):
            yield names.name_of(record), write_exported_post(record, flavor, full_name=full_names.get(record.author))
