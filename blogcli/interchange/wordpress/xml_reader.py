"""The elements of a WXR file, one after the other, whatever the size of the file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from ...errors import InvalidError
from ..items import ReadOptions
from ..sources import Source
from .namespaces import DECLARATIONS, prefixed
from .xml_repair import Mended, mended_chunks

_CHUNK: Final = 64 * 1024
# Of an element, in characters; a post that is longer is no post.
_LONGEST: Final = 16 * 1024 * 1024
# What an element costs besides its text.
_WEIGHT: Final = 500
# <rss><channel><item><wp:comment><wp:commentmeta><wp:meta_key> are six.
_DEEPEST: Final = 50
_CHANNEL, _CHILD = 2, 3
_JUNK: Final = expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]
_CUT_OFF: Final = {
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
}
# Of which at least some can be mended.
_MENDABLE: Final = {
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
# By which a person finds an item that is cut.
_NAMING: Final = {"title", "wp:post_id"}


@dataclass(slots=True)
class Element:
    """An element: its name with the prefix that WordPress gives it, and what is in it."""

    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list["Element"] = field(default_factory=list)
    # About, in bytes; of a child of the channel.
    size: int = 0
    # Whether there was more than anybody could hold; what names it is left.
    is_cut: bool = False

    def child(self, name: str) -> str:
        """The text of the first child of that name that has any; empty where there is none."""
        return next((each.text for each in self.children if each.name == name and each.text), "")


def elements(source: Source, options: ReadOptions) -> Iterator[Element | Mended]:
    """The children of the channel, and what had to be mended; InvalidError where the source is no well-formed WXR."""
    builder = _Builder(source.name)
    parser = _parser(builder, "utf-8" if options.is_lenient else None)
    with source.open() as file:
        chunks = iter(lambda: source.read(file, _CHUNK), b"")
        given = 0
        for chunk in mended_chunks(chunks) if options.is_lenient else chunks:
            if isinstance(chunk, Mended):
                yield chunk
                continue
            given += len(chunk)
            junk = _parse(parser, chunk, source.name, is_lenient=options.is_lenient)
            yield from builder.take()
            if junk is not None:
                yield junk
                return
            if given - parser.CurrentByteIndex > _LONGEST:
                raise InvalidError(f"{source.name}: line {parser.CurrentLineNumber}: markup that does not end")
        _parse(parser, None, source.name, is_lenient=options.is_lenient)
        yield from builder.take()


def element_of(text: str) -> Element:
    """The element that a text written with our prefixes is, as it is read; InvalidError where it is not well-formed."""
    builder = _Builder("")
    document = f"<rss{DECLARATIONS}><channel>{text}</channel></rss>"
    _parse(_parser(builder, "utf-8"), document.encode(), "", is_lenient=False)
    return builder.take()[0]


class _Builder:
    """What the parser tells its events to."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._depth = 0
        self._in_channel = False
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._size = 0
        self._done: list[Element] = []

    def take(self) -> list[Element]:
        done, self._done = self._done, []
        return done

    def start(self, parser: expat.XMLParserType, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        line = parser.CurrentLineNumber
        if self._depth > _DEEPEST:
            raise InvalidError(f"{self._source}: line {line}: nested more than {_DEEPEST} levels deep")
        if self._depth == 1 and name != "rss":
            raise InvalidError(f"{self._source}: line {line}: not WXR: it begins with <{prefixed(name)[:50]}>")
        if self._depth == _CHANNEL:
            self._in_channel = name == "channel"
        if self._depth < _CHILD or not self._in_channel:
            return
        if self._depth == _CHILD:
            self._size = 0
        named = {prefixed(each): value for each, value in attributes.items()}
        self._size += _WEIGHT + sum(map(len, attributes)) + sum(map(len, attributes.values()))
        element = Element(prefixed(name), line, named if self._size < _LONGEST else {})
        if self._open and self._size < _LONGEST:
            self._open[-1].children.append(element)
        self._open.append(element)
        self._texts.append([])

    def text(self, text: str) -> None:
        if self._open:
            self._size += len(text)
            if self._size < _LONGEST:
                self._texts[-1].append(text)

    def end(self, _: str) -> None:
        self._depth -= 1
        if not self._open:
            return
        element = self._open.pop()
        element.text = "".join(self._texts.pop())
        if not self._open:
            element.size, element.is_cut = self._size, self._size >= _LONGEST
            if element.is_cut:
                element.text = ""
                element.children = [each for each in element.children if each.name in _NAMING and not each.children]
            self._done.append(element)


def _parser(builder: _Builder, encoding: str | None) -> expat.XMLParserType:
    parser = expat.ParserCreate(encoding, " ")
    parser.buffer_text = True
    parser.buffer_size = _CHUNK

    def refuse(name: str, *_: object) -> None:
        line = parser.CurrentLineNumber
        raise InvalidError(f"line {line}: a document type ({name[:50]}), which WXR has not, could stand for anything")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: builder.start(parser, name, attributes)
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    return parser


def _parse(parser: expat.XMLParserType, chunk: bytes | None, source: str, *, is_lenient: bool) -> Mended | None:
    """Give the parser a chunk, or tell it that there are no more; what follows the end is left out and mended."""
    try:
        parser.Parse(chunk or b"", chunk is None)
    except expat.ExpatError as error:
        if is_lenient and error.code == _JUNK:
            return Mended(error.lineno)
        fault = expat.ErrorString(error.code) or "not well-formed"
        raise InvalidError(f"{source}: line {error.lineno}: {fault}", hint=_hint(error.code, is_lenient)) from None
    except InvalidError as error:
        message = error.message if error.message.startswith(source) else f"{source}: {error.message}"
        raise InvalidError(message, hint=error.hint) from None
    except (LookupError, ValueError) as error:
        raise InvalidError(f"{source}: line 1: {error}", hint="--lenient decodes it with Python's codecs.") from None
    return None


def _hint(code: int, is_lenient: bool) -> str:
    if code in _CUT_OFF:
        return "It seems to have been cut off: export it again."
    if code == _JUNK and not is_lenient:
        return "--lenient leaves out what follows the end."
    if is_lenient or code not in _MENDABLE:
        return "Mend that line by hand, or export it again."
    return "--lenient mends stray & signs, control characters and what is not UTF-8."
