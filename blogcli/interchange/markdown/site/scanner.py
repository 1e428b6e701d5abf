"""Find the Markdown files in the sources of an import, and determine why other files are not read."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath

from ....errors import InvalidError
from ...items import RawItem, ReadOptions, Scan
from ...notes import Omission
from ...sources import HTML_ENDINGS, MARKDOWN_ENDINGS, Source
from ..front_matter.parser import begins_with_fields
from .config import collections_in
from .context import NO_CONTEXT, FolderContext, FolderInspector
from .file import File
from .file_stems import find_languages, split_language, stem_of
from .paths import is_project_file_name
from .root import ROOT_MARKS, find_site_root

# HTML files are read only in folders with these names and in their subfolders. HTML files in other folders are parts of
# themes or the output of a site generator.
_HTML_FOLDERS = {"_posts", "_drafts", "content"}
# The endings of the names of files in formats that are not supported. A file with such an ending is reported if its
# folder contains Markdown files or if the path of its folder contains one of `_POST_FOLDERS`, but not in the root
# folder of a site.
_UNSUPPORTED_ENDINGS = (".rst", ".org", ".adoc", ".asciidoc", ".textile", ".ipynb", ".njk")
_POST_FOLDERS = {*_HTML_FOLDERS, "_content", "posts", "post", "blog", "articles", "stories"}
# A file with one of these endings is read if the user names the file as a source, even if the file has no front matter.
_TEXT_ENDINGS = {*MARKDOWN_ENDINGS, ".txt", ".text", ".gz", ""}
# The names of folders of dependencies and caches, which are skipped without a note.
_IGNORED_NAMES = {"node_modules", "bower_components", "__pycache__"}
# Site generators write no pages for files in folders whose names begin with this prefix, because such folders contain
# parts of pages, data or unfinished texts.
_EXCLUDED_PREFIX = "_"
# The names of folders that contain posts although the names begin with `_EXCLUDED_PREFIX`.
_PREFIXED_POST_FOLDERS = {"_posts", "_drafts", "_content"}
_EXCLUDED_BY_PREFIX = Omission(
    "excluded folder", "generators exclude folders whose names begin with _; name the folder to import it"
)
_LINK = Omission("symbolic link", "symbolic links are not followed")
_EXCLUDED_IN_ROOT = Omission("excluded folder", "such a folder contains no posts; name the folder to import it")
# The names of folders that contain the output of a site generator, themes or templates if they are in the root folder
# of a site. A folder that has one of these names but is not in the root folder may contain posts.
_ROOT_FOLDERS_WITHOUT_POSTS = {"public", "output", "themes", "vendor", "archetypes", "scaffolds", "layouts"}


@dataclass(frozen=True)
class _FoundPath:
    """A file or folder that was found. If it is not read, `omission` or `fault` contains the reason."""

    path: Path
    omission: Omission | None = None
    is_folder: bool = False
    fault: str | None = None

    @property
    def is_read(self) -> bool:
        return self.omission is None and self.fault is None


def detect(source: Source) -> bool:
    """Return whether a source is a Markdown file, a folder with Markdown files, or a file that begins with fields."""
    if source.is_folder:
        return any(file.is_read for file in _walk(source.path))
    if source.path.name.lower().removesuffix(".gz").endswith(MARKDOWN_ENDINGS):
        return True
    try:
        start = source.read_start()
    except InvalidError:
        return False
    return begins_with_fields(start.decode(errors="replace"))


def scan(sources: Sequence[Source], options: ReadOptions) -> Scan:
    """Return the files of all sources. The files of each folder are sorted by name, with translations at the end.

    Raises InvalidError if a folder contains no Markdown files or if a source is not a text file.
    """
    items = _Items(options)
    return Scan(sum(map(_count, sources)), (item for source in sources for item in items.of(source)))


def _count(source: Source) -> int:
    if not source.is_folder:
        _check_is_text(source)
        return 1
    count = sum(1 for _ in _walk(source.path))
    if not count:
        hint = f"Name a folder with files that end in {', '.join(MARKDOWN_ENDINGS)}."
        raise InvalidError(f"{source.name}: no Markdown files in it", hint=hint)
    return count


def _check_is_text(source: Source) -> None:
    """Raise InvalidError if a source has neither front matter nor the name of a text file."""
    is_hidden = source.path.name.startswith(".")
    is_text = source.is_piped or (source.path.suffix.lower() in _TEXT_ENDINGS and not is_hidden)
    if is_text or begins_with_fields(source.read_start().decode(errors="replace")):
        return
    reason = "it has no front matter, and its name is not that of a text file"
    raise InvalidError(f"{source.name} is not Markdown: {reason}", hint="Name Markdown files, or their folder.")


class _Items:
    """Creates the items of the sources. A folder is inspected only once, even if many of its files are sources."""

    def __init__(self, options: ReadOptions) -> None:
        self._options = options
        self._inspector = cache(lambda folder: FolderInspector(find_site_root(folder), folder))

    def of(self, source: Source) -> Iterator[RawItem]:
        if source.is_piped:
            yield RawItem(source.name, None, File.of_pipe(source, self._options.site or ""), source.size)
            return
        top = source.path.resolve()
        is_folder = source.is_folder
        inspector = self._inspector(top if is_folder else top.parent)
        root = inspector.root.path
        for file in _walk(top) if is_folder else [_FoundPath(top)]:
            name = f"{source.name.rstrip('/')}/{file.path.relative_to(top)}" if is_folder else source.name
            site_path = PurePath(root.name or "/", file.path.relative_to(root))
            context = inspector.context(file.path.parent) if file.is_read else NO_CONTEXT
            # Bytes of a file name that are not valid UTF-8 cannot be printed, so they are replaced.
            printable_name = os.fsencode(name).decode(errors="replace")
            yield self._item(Source(printable_name, file.path), file, site_path, context, root.name)

    def _item(
        self, source: Source, file: _FoundPath, site_path: PurePath, context: FolderContext, site: str
    ) -> RawItem:
        content = File(source, self._options.site or site, site_path, file.omission, file.fault, context)
        return RawItem(source.name, None, content, source.size)


def _walk(path: Path) -> Iterator[_FoundPath]:
    """Yield the files that may be posts, from a folder and its subfolders.

    Also yield files and folders that are skipped or cannot be read, so that the caller can report them. Those that need
    no report, such as hidden files, are not yielded.
    """
    top = path.resolve()
    folders = [top]
    collections = cache(collections_in)
    while folders:
        subfolders = list[Path]()
        for entry in _list_folder(folders.pop(), top):
            if not entry.is_folder:
                yield entry
            elif _is_excluded(entry.path, collections):
                yield _FoundPath(entry.path, _EXCLUDED_BY_PREFIX)
            else:
                subfolders.append(entry.path)
        folders.extend(reversed(subfolders))


def _is_excluded(folder: Path, collections: Callable[[Path], frozenset[str]]) -> bool:
    """Return whether site generators ignore `folder` because its name begins with the prefix `_`.

    The function `collections` returns the names of the collections that are listed in the Jekyll configuration in a
    folder.
    """
    if not folder.name.startswith(_EXCLUDED_PREFIX) or folder.name in _PREFIXED_POST_FOLDERS:
        return False
    return not any(folder.name.removeprefix(_EXCLUDED_PREFIX) in collections(parent) for parent in folder.parents)


def _list_folder(folder: Path, top: Path) -> Iterator[_FoundPath]:
    """Yield the subfolders of `folder`, and those files in it that may be posts.

    If a file or subfolder is not read, the reason is included.
    """
    try:
        with os.scandir(folder) as opened:
            entries = _in_order(opened)
    except OSError as error:
        yield _FoundPath(folder, fault=f"it cannot be read: {error.strerror}")
        return
    is_root = any(entry.name in ROOT_MARKS for entry in entries)
    excluded = _ROOT_FOLDERS_WITHOUT_POSTS if is_root else frozenset[str]()
    parts = (top.name, *folder.relative_to(top).parts)
    endings = MARKDOWN_ENDINGS if _HTML_FOLDERS.isdisjoint(parts) else (*MARKDOWN_ENDINGS, *HTML_ENDINGS)
    are_markdown = (entry.name.lower().endswith(MARKDOWN_ENDINGS) for entry in entries)
    has_posts = not _POST_FOLDERS.isdisjoint(parts) or any(are_markdown)
    for entry in entries:
        if not entry.name.startswith(".") and entry.name not in _IGNORED_NAMES:
            try:
                yield from _inspect(entry, folder / entry.name, excluded=excluded, endings=endings)
                if has_posts and not is_root:
                    yield from _inspect_unsupported(entry, folder / entry.name)
            except OSError as error:
                yield _FoundPath(folder / entry.name, fault=f"it cannot be read: {error.strerror}")


def _in_order(opened: "Iterable[os.DirEntry[str]]") -> "list[os.DirEntry[str]]":
    """Return the entries of a folder sorted by name, with translations at the end.

    If several posts have the same slug, only the post that is imported first gets this slug. The first post should
    therefore be the original and not a translation.
    """
    entries = sorted(opened, key=lambda entry: entry.name)
    languages = find_languages([entry.name for entry in entries])
    if languages:
        entries.sort(key=lambda entry: split_language(stem_of(entry.name))[1] in languages)
    return entries


def _inspect(
    entry: "os.DirEntry[str]", path: Path, *, excluded: Collection[str], endings: tuple[str, ...]
) -> Iterator[_FoundPath]:
    """Yield `path` if it is a folder or a file with one of `endings`. Include the reason if `path` is not read."""
    has_ending = entry.name.lower().endswith(endings)
    if entry.is_symlink():
        if has_ending or entry.is_dir():
            yield _FoundPath(path, _LINK)
    elif entry.is_dir(follow_symlinks=False):
        if entry.name in excluded:
            yield _FoundPath(path, _EXCLUDED_IN_ROOT)
        else:
            yield _FoundPath(path, is_folder=True)
    elif has_ending and entry.is_file(follow_symlinks=False):
        yield _FoundPath(path)


def _inspect_unsupported(entry: "os.DirEntry[str]", path: Path) -> Iterator[_FoundPath]:
    """If `path` may be a post in a format that is not supported, yield `path` with the reason why it is not read."""
    ending = path.suffix
    is_post = ending.lower() in _UNSUPPORTED_ENDINGS and not is_project_file_name(path.stem)
    if is_post and entry.is_file(follow_symlinks=False):
        yield _FoundPath(path, Omission(f"{ending} file", f"{ending} files are not supported, only Markdown files"))
