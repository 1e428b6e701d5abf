"""Records -> a folder of Markdown files."""

from collections.abc import Iterable, Iterator

from ..items import WriteOptions
from ..records import PostRecord, Record, UserRecord
from .file_names import FileNames
from .flavors import exported_text


def write(records: Iterable[Record], options: WriteOptions) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of a file for each post, as the site generator of the options expects them.

    An author is written with the full name of the user record, which comes before the post.
    """
    flavor = options.flavor
    names, full_names = FileNames(flavor), dict[str | None, str]()
    for record in records:
        if isinstance(record, UserRecord) and record.full_name and record.full_name.strip():
            full_names[record.email] = record.full_name
        if isinstance(record, PostRecord):
            yield names.name_of(record), exported_text(record, flavor, full_name=full_names.get(record.author))
