"""The Markdown files in folders: which are read, and which are not and why."""

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from ...errors import InvalidError
from ..entries import Item, ReadOptions, Survey
from ..sources import Source
from .front_matter import begins_with_fields
from .roots import ROOT_MARKS, root_of

_ENDINGS = (".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdx")
_HTML = (".html", ".htm")
# HTML beside Markdown is a theme or what a generator made, unless it stands where posts do.
_WITH_HTML = {"_posts", "_drafts", "content"}
# Works of others, which tools keep: nobody expects them to be read.
_FOREIGN = {"node_modules", "bower_components", "__pycache__"}
# What was made from a blog, and forms of pages.
_NO_POSTS = {"_site", "_layouts", "_includes"}
# The same, at the top of a blog; below it they may be anything.
_NO_POSTS_AT_THE_TOP = {"public", "output", "themes", "vendor", "archetypes", "scaffolds", "layouts"}


@dataclass(frozen=True)
class File:
    """A file of a blog, its path with the blog's folder as its first part, and why it is not read, if so."""

    source: Source
    site: str
    place: PurePath
    reason: str | None = None
    is_fault: bool = False


@dataclass(frozen=True)
class _Found:
    path: Path
    reason: str | None = None
    is_folder: bool = False
    is_fault: bool = False


def recognises(source: Source) -> bool:
    """Whether it is a Markdown file, a folder with one in it, or begins with front matter."""
    if source.path.is_dir():
        return any(found.reason is None for found in _walk(source.path))
    if source.path.name.lower().removesuffix(".gz").endswith(_ENDINGS):
        return True
    try:
        start = source.start()
    except InvalidError:
        return False
    return begins_with_fields(start.decode(errors="replace"))


def survey(sources: Sequence[Source], options: ReadOptions) -> Survey:
    """The files of all sources, in the order of their names; InvalidError for a folder without any."""
    return Survey(sum(map(_count, sources)), (item for source in sources for item in _items(source, options)))


def _count(source: Source) -> int:
    count = sum(1 for _ in _walk(source.path)) if source.path.is_dir() else 1
    if not count:
        raise InvalidError(f"{source.name}: no Markdown files in it", hint=f"They end in {', '.join(_ENDINGS)}.")
    return count


def _items(source: Source, options: ReadOptions) -> Iterator[Item]:
    top, root, is_folder = source.path.resolve(), root_of(source.path), source.path.is_dir()
    # Of what comes through a pipe, no folder is known.
    is_piped = source.name == "-"
    site = options.site or ("" if is_piped else root.name)
    for found in _walk(top) if is_folder else [_Found(top)]:
        name = f"{source.name.rstrip('/')}/{found.path.relative_to(top)}" if is_folder else source.name
        below = "-" if is_piped else found.path.relative_to(root)
        shown = os.fsencode(name).decode(errors="replace")
        file = File(Source(shown, found.path), site, PurePath(root.name or "/", below), found.reason, found.is_fault)
        yield Item(shown, None, file, _size(found.path))


def _walk(path: Path) -> Iterator[_Found]:
    top = path.resolve()
    folders = [top]
    while folders:
        below = list[Path]()
        for found in _listed(folders.pop(), top):
            if found.is_folder:
                below.append(found.path)
            else:
                yield found
        folders.extend(reversed(below))


def _listed(folder: Path, top: Path) -> Iterator[_Found]:
    try:
        with os.scandir(folder) as opened:
            entries = sorted(opened, key=lambda entry: entry.name)
    except OSError as error:
        yield _Found(folder, f"it cannot be read: {error.strerror}", is_fault=True)
        return
    is_root = any(entry.name in ROOT_MARKS for entry in entries)
    names = _NO_POSTS | _NO_POSTS_AT_THE_TOP if is_root else _NO_POSTS
    with_html = not _WITH_HTML.isdisjoint((top.name, *folder.relative_to(top).parts))
    endings = (*_ENDINGS, *_HTML) if with_html else _ENDINGS
    for entry in entries:
        if not entry.name.startswith(".") and entry.name not in _FOREIGN:
            yield from _found(entry, folder / entry.name, without=names, endings=endings)


def _found(
    entry: "os.DirEntry[str]", path: Path, *, without: Collection[str], endings: tuple[str, ...]
) -> Iterator[_Found]:
    is_meant = entry.name.lower().endswith(endings)
    if entry.is_symlink():
        if is_meant or entry.is_dir():
            yield _Found(path, "it is a link, which is not followed")
    elif entry.is_dir(follow_symlinks=False):
        if entry.name in without:
            yield _Found(path, "a folder that holds no posts; name it to import from it")
        else:
            yield _Found(path, is_folder=True)
    elif is_meant and entry.is_file(follow_symlinks=False):
        yield _Found(path)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
