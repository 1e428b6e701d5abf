"""Tests of the formats in the registry, and of the functions that return readers and writers."""

from collections.abc import Callable

import pytest

from blogcli.interchange import registry


@pytest.mark.parametrize("name", registry.FORMATS)
def test_registered_reader_and_writer_have_the_functions_of_their_protocol(name: str) -> None:
    format_ = registry.FORMATS[name]
    assert format_.reader or format_.file_writer
    assert (format_.reader is None) is (name == "feeds")
    if format_.reader:
        assert all(callable(getattr(format_.reader(), function)) for function in ("detect", "scan", "read"))
    load_writer = format_.file_writer or format_.folder_writer
    assert load_writer
    assert callable(load_writer().write)


@pytest.mark.parametrize(
    ("get", "name"),
    [
        (registry.get_reader, "feeds"),
        (registry.get_file_writer, "markdown"),
        (registry.get_folder_writer, "jsonl"),
    ],
)
def test_missing_reader_or_writer_raises_value_error(get: Callable[[str], object], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        get(name)
