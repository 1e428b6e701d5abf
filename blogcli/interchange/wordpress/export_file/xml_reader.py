"""Read the elements of a WXR file one at a time, so that files of any size can be read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from ....errors import InvalidError
from ...items import ReadOptions
from ...sources import Source
from ..namespaces import DECLARATIONS, prefix_name
from .xml_repair import RepairedLine, repair_chunks

CHUNK_SIZE: Final = 64 * 1024
# The maximum size of an element in characters. A larger element is truncated. An item that was truncated is reported as
# an item that cannot be imported.
MAX_ELEMENT_SIZE: Final = 16 * 1024 * 1024
# The approximate number of bytes that an element occupies in memory, not counting its text and its attributes.
_ELEMENT_OVERHEAD: Final = 500
# The maximum depth of nested elements. The deepest elements of WordPress have the depth six:
# <rss><channel><item><wp:comment><wp:commentmeta><wp:meta_key>.
_MAX_DEPTH: Final = 50
# The depths of <channel> and of its children. The root element has the depth 1.
_CHANNEL_DEPTH: Final = 2
_CHILD_DEPTH: Final = 3
_JUNK_AFTER_END: Final = expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]
# The codes of the errors that expat reports for a truncated file.
_TRUNCATED: Final = {
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
}
# The codes of the errors that a lenient import can repair, at least in some cases.
_REPAIRABLE: Final = {
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_INVALID_TOKEN,
        expat.errors.XML_ERROR_UNDEFINED_ENTITY,
        expat.errors.XML_ERROR_BAD_CHAR_REF,
        expat.errors.XML_ERROR_MISPLACED_XML_PI,
        expat.errors.XML_ERROR_INCORRECT_ENCODING,
        expat.errors.XML_ERROR_UNKNOWN_ENCODING,
    )
}
# A truncated item keeps these children, so that the error message can identify the item.
_IDENTIFYING: Final = {"title", "wp:post_id"}


@dataclass(slots=True)
class Element:
    """An XML element. `name` includes the prefix that WordPress uses for the namespace, for example `wp:status`."""

    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list["Element"] = field(default_factory=list)
    # The approximate size in bytes. The size is set only for children of <channel>.
    size: int = 0
    # Whether the element was too large and was therefore truncated. Only the children that identify the element remain.
    is_cut: bool = False

    def child(self, name: str) -> str:
        """Return the first text that is not empty among the children with this name, or else an empty string."""
        return next((child.text for child in self.children if child.name == name and child.text), "")


def iter_elements(source: Source, options: ReadOptions) -> Iterator[Element | RepairedLine]:
    """Yield the children of <channel> in a source, and a RepairedLine for each line that was repaired.

    Lines are repaired only if `options.is_lenient` is true. Raises InvalidError if the source is not well-formed XML
    and was not repaired completely.
    """
    builder = _Builder(source.name)
    parser = _make_parser(builder, "utf-8" if options.is_lenient else None)
    with source.open() as file:
        chunks = iter(lambda: source.read(file, CHUNK_SIZE), b"")
        fed_bytes = 0
        for chunk in repair_chunks(chunks) if options.is_lenient else chunks:
            if isinstance(chunk, RepairedLine):
                yield chunk
                continue
            fed_bytes += len(chunk)
            end_line = _parse(parser, chunk, source.name, is_lenient=options.is_lenient)
            yield from builder.take()
            if end_line is not None:
                yield end_line
                return
            if fed_bytes - parser.CurrentByteIndex > MAX_ELEMENT_SIZE:
                raise InvalidError(f"{source.name}: line {parser.CurrentLineNumber}: unterminated markup")
        _parse(parser, None, source.name, is_lenient=options.is_lenient)
        yield from builder.take()


def parse_element(xml: str) -> Element:
    """Parse the XML of one element, which may contain the namespace prefixes of WXR without declaring them.

    Raises InvalidError if the XML is not well-formed.
    """
    builder = _Builder("")
    document = f"<rss{DECLARATIONS}><channel>{xml}</channel></rss>"
    _parse(_make_parser(builder, "utf-8"), document.encode(), "", is_lenient=False)
    return builder.take()[0]


class _Builder:
    """Builds elements from the events of the XML parser."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._depth = 0
        self._in_channel = False
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._size = 0
        self._complete: list[Element] = []

    def take(self) -> list[Element]:
        """Return the children of <channel> that were completed since the last call."""
        complete = self._complete
        self._complete = []
        return complete

    def start(self, parser: expat.XMLParserType, name: str, attributes: dict[str, str]) -> None:
        """Handle a start tag."""
        self._depth += 1
        line = parser.CurrentLineNumber
        if self._depth > _MAX_DEPTH:
            raise InvalidError(f"{self._source}: line {line}: nested more than {_MAX_DEPTH} levels deep")
        if self._depth == 1 and name != "rss":
            raise InvalidError(f"{self._source}: line {line}: not WXR: it begins with <{prefix_name(name)[:50]}>")
        if self._depth == _CHANNEL_DEPTH:
            self._in_channel = name == "channel"
        if self._depth < _CHILD_DEPTH or not self._in_channel:
            return
        if self._depth == _CHILD_DEPTH:
            self._size = 0
        self._size += _ELEMENT_OVERHEAD + sum(map(len, attributes)) + sum(map(len, attributes.values()))
        is_within_limit = self._size < MAX_ELEMENT_SIZE
        prefixed_attributes = {prefix_name(key): value for key, value in attributes.items()} if is_within_limit else {}
        element = Element(prefix_name(name), line, prefixed_attributes)
        if self._open and is_within_limit:
            self._open[-1].children.append(element)
        self._open.append(element)
        self._texts.append([])

    def text(self, text: str) -> None:
        """Handle a piece of text."""
        if self._open:
            self._size += len(text)
            if self._size < MAX_ELEMENT_SIZE:
                self._texts[-1].append(text)

    def end(self, _: str) -> None:
        """Handle an end tag."""
        self._depth -= 1
        if not self._open:
            return
        element = self._open.pop()
        element.text = "".join(self._texts.pop())
        if self._open:
            return
        element.size = self._size
        element.is_cut = self._size >= MAX_ELEMENT_SIZE
        if element.is_cut:
            element.text = ""
            element.children = [
                child for child in element.children if child.name in _IDENTIFYING and not child.children
            ]
        self._complete.append(element)


def _make_parser(builder: _Builder, encoding: str | None) -> expat.XMLParserType:
    parser = expat.ParserCreate(encoding, " ")
    parser.buffer_text = True
    parser.buffer_size = CHUNK_SIZE

    def refuse_doctype(name: str, *_: object) -> None:
        line = parser.CurrentLineNumber
        raise InvalidError(f"line {line}: a document type ({name[:50]}) is not allowed in WXR")

    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler = lambda name, attributes: builder.start(parser, name, attributes)
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    return parser


def _parse(parser: expat.XMLParserType, chunk: bytes | None, source: str, *, is_lenient: bool) -> RepairedLine | None:
    """Pass a chunk to the parser, or signal the end of the file if the chunk is None.

    A lenient import ignores text after the end of the document. If there is such text, returns the line at which the
    text begins. Otherwise, returns None. Raises InvalidError if the XML is not well-formed.
    """
    try:
        parser.Parse(chunk or b"", chunk is None)
    except expat.ExpatError as error:
        if is_lenient and error.code == _JUNK_AFTER_END:
            return RepairedLine(error.lineno)
        reason = expat.ErrorString(error.code) or "not well-formed"
        raise InvalidError(
            f"{source}: line {error.lineno}: {reason}", hint=_make_hint(error.code, is_lenient)
        ) from None
    except InvalidError as error:
        message = error.message if error.message.startswith(source) else f"{source}: {error.message}"
        raise InvalidError(message, hint=error.hint) from None
    except (LookupError, ValueError) as error:
        hint = "Use --lenient to decode the file with Python's codecs."
        raise InvalidError(f"{source}: line 1: {error}", hint=hint) from None
    return None


def _make_hint(code: int, is_lenient: bool) -> str:
    if code in _TRUNCATED:
        return "Export it again: the file seems to be truncated."
    if code == _JUNK_AFTER_END and not is_lenient:
        return "Use --lenient to ignore what follows the end."
    if is_lenient or code not in _REPAIRABLE:
        return "Repair that line by hand, or export it again."
    return "Use --lenient to repair stray & signs, control characters and invalid UTF-8."
