"""The Markdown files in folders: which are read, and which are not and why."""

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
from .file_stems import find_languages, split_language, stem_of
from .paths import is_project_file_name
from .root import ROOT_MARKS, find_site_root

# HTML beside Markdown is a theme or what a generator made, unless it stands where posts do.
_WITH_HTML = {"_posts", "_drafts", "content"}
# Posts too, beside Markdown or where posts stand.
_OTHERS = (".rst", ".org", ".adoc", ".asciidoc", ".textile", ".ipynb", ".njk")
_WITH_OTHERS = {*_WITH_HTML, "_content", "posts", "post", "blog", "articles", "stories"}
# Of files that may be a text without more ado, where a person has named them.
TEXT_ENDINGS = {*MARKDOWN_ENDINGS, ".txt", ".text", ".gz", ""}
# Works of others, which tools keep: nobody expects them to be read.
_FOREIGN = {"node_modules", "bower_components", "__pycache__"}
# Generators make no pages of what is in other folders whose names begin so: parts of pages, data, unfinished texts.
_LEFT_OUT = "_"
_READ_ALL_THE_SAME = {"_posts", "_drafts", "_content"}
_LEFT_OUT_BY_NAME = Omission(
    "excluded folder", "its name begins with _, so that generators leave it out; name it to import it"
)
_LINK = Omission("symbolic link", "it is a link, which is not followed")
_NO_POSTS = Omission("excluded folder", "a folder that holds no posts; name it to import from it")
# What was made from a blog, and forms of pages, at the top of a blog; below it they may be anything.
_NO_POSTS_AT_THE_TOP = {"public", "output", "themes", "vendor", "archetypes", "scaffolds", "layouts"}


@dataclass(frozen=True)
class File:
    """A file of a blog, its path with the blog's folder as its first part, and why it is not read, if so.

    A fault is an error message of the system.
    """

    source: Source
    site: str
    site_path: PurePath
    omission: Omission | None = None
    fault: str | None = None
    context: FolderContext = NO_CONTEXT


@dataclass(frozen=True)
class _Found:
    path: Path
    omission: Omission | None = None
    is_folder: bool = False
    fault: str | None = None

    @property
    def is_read(self) -> bool:
        return self.omission is None and self.fault is None


def detect(source: Source) -> bool:
    """Whether it is a Markdown file, a folder with one in it, or begins with front matter."""
    if source.path.is_dir():
        return any(found.is_read for found in _walk(source.path))
    if source.path.name.lower().removesuffix(".gz").endswith(MARKDOWN_ENDINGS):
        return True
    try:
        start = source.read_start()
    except InvalidError:
        return False
    return begins_with_fields(start.decode(errors="replace"))


def scan(sources: Sequence[Source], options: ReadOptions) -> Scan:
    """The files of all sources, in the order of their names; InvalidError for a folder without any."""
    items = _Items(options)
    return Scan(sum(map(_count, sources)), (item for source in sources for item in items.of(source)))


def _count(source: Source) -> int:
    if not source.path.is_dir():
        _refuse_no_text(source)
        return 1
    count = sum(1 for _ in _walk(source.path))
    if not count:
        raise InvalidError(
            f"{source.name}: no Markdown files in it", hint=f"They end in {', '.join(MARKDOWN_ENDINGS)}."
        )
    return count


def _refuse_no_text(source: Source) -> None:
    """Raise InvalidError for a file that has neither front matter nor the name of a text."""
    is_hidden = source.path.name.startswith(".")
    is_text = source.is_piped or (source.path.suffix.lower() in TEXT_ENDINGS and not is_hidden)
    if is_text or begins_with_fields(source.read_start().decode(errors="replace")):
        return
    reason = "it has neither front matter nor the name of a text"
    raise InvalidError(f"{source.name} is not Markdown: {reason}", hint="Name Markdown files, or their folder.")


class _Items:
    """The items of sources, which may be many files of one folder: that is looked at once."""

    def __init__(self, options: ReadOptions) -> None:
        self._options = options
        self._inspector = cache(lambda folder: FolderInspector(find_site_root(folder), folder))

    def of(self, source: Source) -> Iterator[RawItem]:
        top, is_folder = source.path.resolve(), source.path.is_dir()
        # Of what comes through a pipe, no folder is known.
        if source.is_piped:
            yield self._item(source.name, _Found(top), PurePath("-", "-"), NO_CONTEXT, "")
            return
        inspector = self._inspector(top if is_folder else top.parent)
        root = inspector.root.path
        for found in _walk(top) if is_folder else [_Found(top)]:
            name = f"{source.name.rstrip('/')}/{found.path.relative_to(top)}" if is_folder else source.name
            site_path = PurePath(root.name or "/", found.path.relative_to(root))
            context = inspector.context(found.path.parent) if found.is_read else NO_CONTEXT
            yield self._item(name, found, site_path, context, root.name)

    def _item(self, name: str, found: _Found, site_path: PurePath, context: FolderContext, site: str) -> RawItem:
        shown = os.fsencode(name).decode(errors="replace")
        source = Source(shown, found.path)
        file = File(source, self._options.site or site, site_path, found.omission, found.fault, context)
        return RawItem(shown, None, file, _size(found.path))


def _walk(path: Path) -> Iterator[_Found]:
    top = path.resolve()
    folders = [top]
    collections = cache(collections_in)
    while folders:
        below = list[Path]()
        for found in _listed(folders.pop(), top):
            if found.is_folder and _is_left_out(found.path, collections):
                yield _Found(found.path, _LEFT_OUT_BY_NAME)
                continue
            if found.is_folder:
                below.append(found.path)
            else:
                yield found
        folders.extend(reversed(below))


def _is_left_out(folder: Path, collections: Callable[[Path], frozenset[str]]) -> bool:
    """Return whether generators leave a folder out by its name; `collections` gives those of Jekyll in a folder."""
    if not folder.name.startswith(_LEFT_OUT) or folder.name in _READ_ALL_THE_SAME:
        return False
    return not any(folder.name.removeprefix(_LEFT_OUT) in collections(above) for above in folder.parents)


def _listed(folder: Path, top: Path) -> Iterator[_Found]:
    try:
        with os.scandir(folder) as opened:
            entries = _in_order(opened)
    except OSError as error:
        yield _Found(folder, fault=f"it cannot be read: {error.strerror}")
        return
    is_root = any(entry.name in ROOT_MARKS for entry in entries)
    names = _NO_POSTS_AT_THE_TOP if is_root else frozenset[str]()
    above = (top.name, *folder.relative_to(top).parts)
    endings = MARKDOWN_ENDINGS if _WITH_HTML.isdisjoint(above) else (*MARKDOWN_ENDINGS, *HTML_ENDINGS)
    are_read = (entry.name.lower().endswith(MARKDOWN_ENDINGS) for entry in entries)
    has_posts = not _WITH_OTHERS.isdisjoint(above) or any(are_read)
    for entry in entries:
        if not entry.name.startswith(".") and entry.name not in _FOREIGN:
            try:
                yield from _found(entry, folder / entry.name, without=names, endings=endings)
                if has_posts and not is_root:
                    yield from _other(entry, folder / entry.name)
            except OSError as error:
                yield _Found(folder / entry.name, fault=f"it cannot be read: {error.strerror}")


def _in_order(opened: "Iterable[os.DirEntry[str]]") -> "list[os.DirEntry[str]]":
    """By their names, those of translations at the end: the first to ask for a slug has it."""
    entries = sorted(opened, key=lambda entry: entry.name)
    languages = find_languages([entry.name for entry in entries])
    if languages:
        entries.sort(key=lambda entry: split_language(stem_of(entry.name))[1] in languages)
    return entries


def _found(
    entry: "os.DirEntry[str]", path: Path, *, without: Collection[str], endings: tuple[str, ...]
) -> Iterator[_Found]:
    is_meant = entry.name.lower().endswith(endings)
    if entry.is_symlink():
        if is_meant or entry.is_dir():
            yield _Found(path, _LINK)
    elif entry.is_dir(follow_symlinks=False):
        if entry.name in without:
            yield _Found(path, _NO_POSTS)
        else:
            yield _Found(path, is_folder=True)
    elif is_meant and entry.is_file(follow_symlinks=False):
        yield _Found(path)


def _other(entry: "os.DirEntry[str]", path: Path) -> Iterator[_Found]:
    if path.suffix.lower() in _OTHERS and not is_project_file_name(path.stem) and entry.is_file(follow_symlinks=False):
        yield _Found(path, Omission(f"{path.suffix} file", f"{path.suffix} is not read; Markdown is"))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
