"""Find the code in a Markdown text: fenced and indented code blocks, and code spans."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, backtick, image
from markdown_it.token import Token

Region = tuple[int, int]

# The line ends of CommonMark, at which the parser numbers the lines of a text.
_LINE_END = re.compile(r"\r\n?|\n")
# The key under which a token stores its start and end positions in the text that was parsed.
_POSITIONS = "positions"
# The number of characters between the start of an image and the start of its description: `![`.
_IMAGE_PREFIX = 2


def find_code(text: str) -> list[Region]:
    """Return the start and end positions of the code in a Markdown text, in order and without overlaps.

    A code block includes its fences and the beginnings of its lines, and a code span includes its backticks.
    """
    lines = _SourceLines(text)
    regions: list[Region] = []
    for token in _make_parser().parse(text):
        if token.map and token.type in ("fence", "code_block"):
            regions.append(lines.span(*token.map))
        elif token.map and token.children:
            spans = list(_list_spans(token.children))
            regions += lines.locate(token.content, token.map, spans)
    return _merge(regions)


@cache
def _make_parser() -> MarkdownIt:
    """Return a parser of the Markdown that exports render, which stores the positions of code spans and images."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parser.inline.ruler.at("backticks", _with_positions(backtick, "code_inline"))
    parser.inline.ruler.at("image", _with_positions(image, "image"))
    return parser


def _with_positions(rule: Callable[[StateInline, bool], bool], token_type: str) -> Callable[[StateInline, bool], bool]:
    def parse(state: StateInline, silent: bool) -> bool:
        start = state.pos
        is_parsed = rule(state, silent)
        if is_parsed and not silent and state.tokens and state.tokens[-1].type == token_type:
            # The rule may have parsed text that makes no token. Then the last token has its positions already.
            state.tokens[-1].meta.setdefault(_POSITIONS, (start, state.pos))
        return is_parsed

    return parse


def _list_spans(tokens: Sequence[Token], offset: int = 0) -> Iterator[Region]:
    """Yield the start and end positions of the code spans in the content of a block.

    `offset` is the position of the parsed text in this content.
    """
    for token in tokens:
        if token.type == "code_inline":
            start, end = token.meta[_POSITIONS]
            yield offset + start, offset + end
        elif token.type == "image":
            # The description of an image is parsed separately.
            yield from _list_spans(token.children or (), offset + token.meta[_POSITIONS][0] + _IMAGE_PREFIX)


class _SourceLines:
    """The lines of a text, in which the contents of blocks are located."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text)), len(text)]
        # The number of the last line in which a cell of a table was located, and the end of the cell.
        self._last_cell = (0, 0)

    def span(self, first: int, last: int) -> Region:
        """Return the start of the line `first` and the start of the line `last`."""
        end = len(self._starts) - 1
        return self._starts[min(first, end)], self._starts[min(last, end)]

    def locate(self, content: str, lines: Sequence[int], spans: Sequence[Region]) -> Iterator[Region]:
        """Yield the positions in the text of spans of the content of a block, which is in the given lines.

        If the content cannot be located, the whole block is yielded, so that no code is taken for text.
        """
        first, last = lines
        content_lines = content.split("\n")
        # The parser removes blanks around the content. It does not regard lines with only non-ASCII blanks as empty,
        # so it may have removed whole lines at the start of the content.
        while first < last - 1 and not self._text[slice(*self.span(first, first + 1))].strip():
            first += 1
        sources = [self._find(line, first + number) for number, line in enumerate(content_lines)]
        if not spans:
            return
        starts = [0]
        for line in content_lines:
            starts.append(starts[-1] + len(line) + 1)
        for start, end in spans:
            positions = [self._map(position, starts, content_lines, sources) for position in (start, end - 1)]
            if None in positions:
                yield self.span(*lines)
                return
            yield positions[0] or 0, (positions[1] or 0) + 1

    def _find(self, line: str, number: int) -> tuple[int, bool] | None:
        """Return where a line of content begins in the text, and whether vertical bars are escaped there.

        Returns None if the line is not found.
        """
        line = line.strip()
        start, end = self.span(number, number + 1)
        # A line of a table contains several contents, from left to right.
        after = self._last_cell[1] if self._last_cell[0] == number else start
        for searched, is_escaped in ((line, False), (line.replace("|", r"\|"), True)):
            position = self._text.find(searched, after, end)
            if position >= 0:
                self._last_cell = (number, position + len(searched))
                return position, is_escaped
        return None

    @staticmethod
    def _map(
        position: int, starts: Sequence[int], lines: Sequence[str], sources: Sequence[tuple[int, bool] | None]
    ) -> int | None:
        """Return the position in the text for a position in the content, or None if its line was not found."""
        number = bisect_right(starts, position) - 1
        source = sources[number]
        if source is None:
            return None
        line = lines[number]
        column = position - starts[number]
        blanks = len(line) - len(line.lstrip())
        bars = line.count("|", 0, column) if source[1] else 0
        return source[0] + max(0, column - blanks) + bars


def _merge(regions: Sequence[Region]) -> list[Region]:
    merged: list[Region] = []
    for start, end in sorted(regions):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
