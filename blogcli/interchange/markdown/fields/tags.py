"""Read the tags of a post from all fields that site generators use for tags and categories."""

from collections.abc import Callable, Iterator
from contextlib import suppress

from pydantic import JsonValue

from ....errors import InvalidError
from ...notes import NoteCode
from ..site.paths import PathInfo
from ..values import Fields, is_blank, tags, text, whole_tags
from .reader import FieldReader

_Converter = Callable[[str, JsonValue], tuple[str, ...]]


def pop_all_tags(reader: FieldReader, path_info: PathInfo) -> tuple[str, ...]:
    """Return the tags of a post, followed by its categories, without duplicates.

    The fields that contain tags are removed. The fields that contain categories stay, so that an export can write the
    categories again. Categories that are derived from the folders of the file are added to the field `categories`. A
    string without commas and semicolons is one tag, except in the fields `tags` and `categories` of Jekyll, where white
    space separates tags.
    """
    convert = _flattening(reader, tags if path_info.is_jekyll else whole_tags)
    _add_folder_categories(reader.fields, path_info, convert)
    names_by_field = [
        _pop_tags(reader, "tags", convert) or pop_taxonomy(reader, "tags", convert),
        _pop_tags(reader, "tag", _flattening(reader, whole_tags)),
        _read(reader, "categories", convert),
        _read(reader, "category", _one_or_more),
        _read_taxonomy(reader, "categories", convert),
        path_info.categories if path_info.is_jekyll else None,
    ]
    return tuple(dict.fromkeys(name for names in names_by_field for name in names or ()))


def _pop_tags(reader: FieldReader, name: str, convert: _Converter) -> tuple[str, ...] | None:
    """Remove the field `name` and return its tags.

    If an item of a list contains more than the name of a tag, the list is put into the field `original_tags`.
    """
    value = reader.fields.get(name)
    names = reader.pop((name,), convert, NoteCode.TAG_CHANGED)
    if names and isinstance(value, list) and not all(map(_is_only_tag, _flatten(value))):
        reader.fields.setdefault("original_tags", value)
    return names


def _add_folder_categories(fields: Fields, path_info: PathInfo, convert: _Converter) -> None:
    """Add to the field `categories` the categories that Jekyll or Pelican derives from the folders of a file."""
    value = fields.get("categories")
    # In Pelican, a post has one category, so a category in a field replaces the category of the folder. In Jekyll, a
    # post has the categories in its fields and the categories of its folders.
    is_unstated = is_blank(value) and is_blank(fields.get("category"))
    if not path_info.categories or not (path_info.is_jekyll or is_unstated):
        return
    with suppress(InvalidError):
        stated = _categories_in(value, convert)
        fields["categories"] = [*(name for name in path_info.categories if name not in stated), *stated]


def _categories_in(value: JsonValue, convert: _Converter) -> list[JsonValue]:
    if isinstance(value, list):
        return value
    return [] if is_blank(value) else list(convert("categories", value))


def pop_taxonomy(reader: FieldReader, name: str, convert: _Converter) -> tuple[str, ...] | None:
    """Remove the taxonomy `name` from the Zola field `taxonomies`, and return the terms of the taxonomy."""
    taxonomies = reader.fields.get("taxonomies")
    if not isinstance(taxonomies, dict) or is_blank(taxonomies.get(name)):
        return None
    inner = reader.within(dict(taxonomies))
    terms = inner.pop((name,), convert, NoteCode.TAG_CHANGED)
    if inner.fields:
        reader.fields["taxonomies"] = inner.fields
    else:
        del reader.fields["taxonomies"]
    return terms


def _read(reader: FieldReader, name: str, convert: _Converter) -> tuple[str, ...] | None:
    """Return the tags in the field `name` without removing the field."""
    value = reader.fields.get(name)
    if is_blank(value):
        return None
    return reader.within({name: value}).pop((name,), convert, NoteCode.TAG_CHANGED)


def _read_taxonomy(reader: FieldReader, name: str, convert: _Converter) -> tuple[str, ...] | None:
    taxonomies = reader.fields.get("taxonomies")
    return _read(reader.within(taxonomies), name, convert) if isinstance(taxonomies, dict) else None


def _flattening(reader: FieldReader, convert: _Converter) -> _Converter:
    """Return a variant of `convert` that accepts nested lists, as in Hexo, and lists of maps, as in Docusaurus.

    If only some items of a list are tags, the other items are omitted, and the first omitted item is reported as an
    error.
    """

    def convert_flattened(name: str, value: JsonValue) -> tuple[str, ...]:
        if not isinstance(value, list):
            return convert(name, value)
        names = list[JsonValue]()
        errors = list[InvalidError]()
        for item in _flatten(value):
            try:
                names.append(text(name, _label_of(item)))
            except InvalidError as error:
                errors.append(error)
        if errors and not names:
            raise errors[0]
        if errors:
            reader.on_error(NoteCode.TAG_CHANGED, errors[0])
        return convert(name, names)

    return convert_flattened


def _label_of(item: JsonValue) -> JsonValue:
    """Return the name of the tag in a map, as in Docusaurus. Any other item is returned unchanged."""
    if not isinstance(item, dict):
        return item
    return next((item[key] for key in ("label", "name") if item.get(key)), item)


def _is_only_tag(item: JsonValue) -> bool:
    """Return whether an item contains only the name of a tag."""
    if isinstance(item, dict):
        return len(item) == 1 and _label_of(item) is not item
    return not isinstance(item, bool)


def _flatten(items: list[JsonValue]) -> Iterator[JsonValue]:
    """Yield the items of a list and of its nested lists, except null items."""
    for item in items:
        if isinstance(item, list):
            yield from _flatten(item)
        elif item is not None:
            yield item


def _one_or_more(name: str, value: JsonValue) -> tuple[str, ...]:
    return whole_tags(name, value) if isinstance(value, str | list) else whole_tags(name, [text(name, value)])
