"""The tags of a post, wherever generators keep them."""

from collections.abc import Callable, Iterator
from contextlib import suppress

from pydantic import JsonValue

from ....errors import InvalidError
from ...notes import NoteCode
from ..site.paths import PathInfo
from ..values import Fields, is_blank, tags, text, whole_tags
from .reader import FieldReader

_Meaning = Callable[[str, JsonValue], tuple[str, ...]]


def pop_all_tags(reader: FieldReader, path_info: PathInfo) -> tuple[str, ...]:
    """Tags and categories, each once; categories stay in the fields too, as they were, with those of the folders.

    A text without commas is one tag; Jekyll separates it at blanks too, in all but `category`.
    """
    meaning = _listed(reader, tags if path_info.is_jekyll else whole_tags)
    _add_categories(reader.fields, path_info, meaning)
    found = [
        _take(reader, "tags", meaning) or pop_taxonomy(reader, "tags", meaning),
        _take(reader, "tag", _listed(reader, whole_tags)),
        _seen(reader, "categories", meaning),
        _seen(reader, "category", _one_or_more),
        _seen_taxonomy(reader, "categories", meaning),
        path_info.categories if path_info.is_jekyll else None,
    ]
    return tuple(dict.fromkeys(name for names in found for name in names or ()))


def _take(reader: FieldReader, name: str, meaning: _Meaning) -> tuple[str, ...] | None:
    value = reader.fields.get(name)
    found = reader.pop((name,), meaning, NoteCode.TAG_CHANGED)
    if found and isinstance(value, list) and not all(map(_is_whole, _flat(value))):
        reader.fields.setdefault("original_tags", value)
    return found


def _add_categories(fields: Fields, path_info: PathInfo, meaning: _Meaning) -> None:
    said = fields.get("categories")
    # Pelican has one category, Jekyll all of them.
    if not path_info.categories or not (path_info.is_jekyll or (is_blank(said) and is_blank(fields.get("category")))):
        return
    with suppress(InvalidError):
        own = said if isinstance(said, list) else [] if is_blank(said) else list(meaning("categories", said))
        fields["categories"] = [*(name for name in path_info.categories if name not in own), *own]


def pop_taxonomy(reader: FieldReader, name: str, meaning: _Meaning) -> tuple[str, ...] | None:
    """The terms of that taxonomy of Zola's; the other taxonomies stay."""
    taxonomies = reader.fields.get("taxonomies")
    if not isinstance(taxonomies, dict) or is_blank(taxonomies.get(name)):
        return None
    inner = reader.within(dict(taxonomies))
    terms = inner.pop((name,), meaning, NoteCode.TAG_CHANGED)
    if inner.fields:
        reader.fields["taxonomies"] = inner.fields
    else:
        del reader.fields["taxonomies"]
    return terms


def _seen(reader: FieldReader, name: str, meaning: _Meaning) -> tuple[str, ...] | None:
    value = reader.fields.get(name)
    if is_blank(value):
        return None
    return reader.within({name: value}).pop((name,), meaning, NoteCode.TAG_CHANGED)


def _seen_taxonomy(reader: FieldReader, name: str, meaning: _Meaning) -> tuple[str, ...] | None:
    taxonomies = reader.fields.get("taxonomies")
    return _seen(reader.within(taxonomies), name, meaning) if isinstance(taxonomies, dict) else None


def _listed(reader: FieldReader, meaning: _Meaning) -> _Meaning:
    """The same for lists, in which there may be lists, as in Hexo's path to a category, maps, and what is no tag."""

    def of_list(name: str, value: JsonValue) -> tuple[str, ...]:
        if not isinstance(value, list):
            return meaning(name, value)
        read, errors = list[JsonValue](), list[InvalidError]()
        for item in _flat(value):
            try:
                read.append(text(name, _label_of(item)))
            except InvalidError as error:
                errors.append(error)
        if errors and not read:
            raise errors[0]
        if errors:
            reader.on_error(NoteCode.TAG_CHANGED, errors[0])
        return meaning(name, read)

    return of_list


def _label_of(item: JsonValue) -> JsonValue:
    """The name of a tag that is a map, as in Docusaurus; else the item."""
    return next((item[key] for key in ("label", "name") if item.get(key)), item) if isinstance(item, dict) else item


def _is_whole(item: JsonValue) -> bool:
    """Whether nothing but a tag is in it."""
    return len(item) == 1 and _label_of(item) is not item if isinstance(item, dict) else not isinstance(item, bool)


def _flat(values: list[JsonValue]) -> Iterator[JsonValue]:
    for value in values:
        if isinstance(value, list):
            yield from _flat(value)
        elif value is not None:
            yield value


def _one_or_more(name: str, value: JsonValue) -> tuple[str, ...]:
    return whole_tags(name, value) if isinstance(value, str | list) else whole_tags(name, [text(name, value)])
