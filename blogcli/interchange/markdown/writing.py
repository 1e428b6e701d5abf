"""Records -> a folder of Markdown files."""

from collections.abc import Iterable, Iterator

from ...enums import Flavor
from ..entries import WriteOptions
from ..record import PostRecord, Record
from .exported import exported_text
from .file_names import FileNames


def write(
    records: Iterable[Record],
    options: WriteOptions,  # noqa: ARG001 - all formats take options
    *,
    flavor: Flavor = Flavor.PLAIN,
) -> Iterator[tuple[str, str]]:
    """The name and the text of a file for each post, as generators of that flavor expect them."""
    names = FileNames(flavor)
    for record in records:
        if isinstance(record, PostRecord):
            yield names.name_of(record), exported_text(record, flavor)
