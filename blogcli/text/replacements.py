"""Replace text by other text, literally or by a regular expression."""

import time
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import NamedTuple, TypeAlias

import regex

from ..errors import InvalidError, UsageError
from .casefold import fold_pattern
from .limits import MAX_EXPRESSION_SECONDS

# The maximum number of characters of a text that has become longer.
MAX_LENGTH = 64 * 1024 * 1024

_Match: TypeAlias = "regex.Match[str]"
_SYNTAX_ERRORS = (regex.error, RecursionError, OverflowError, IndexError, ValueError)


class Edit(NamedTuple):
    """An occurrence in a text: its start and end positions, and the new text that replaces it."""

    start: int
    end: int
    new: str


class ReplacementRule:
    """A rule that replaces each occurrence of `old` in a text by `new`.

    If `is_regex` is true, `old` is a regular expression, and `new` may refer to its groups, as in `re.sub`. With
    `ignore_case`, a literal `old` is compared by Unicode simple case folding. With `whole_word`, an occurrence is
    replaced only if there is no letter, digit, combining mark or underscore directly before or after it. With
    `skip_code`, an occurrence is not replaced if it overlaps code in Markdown. `max_seconds` is the processor time that
    an expression may take in one text.
    """

    def __init__(
        self,
        old: str,
        new: str,
        *,
        is_regex: bool = False,
        ignore_case: bool = False,
        whole_word: bool = False,
        skip_code: bool = False,
        max_seconds: float = MAX_EXPRESSION_SECONDS,
    ) -> None:
        """Prepare the rule.

        Raises UsageError if `old` is empty, if it is an invalid expression or one that matches an empty text, or if
        `new` contains an invalid reference to a group.
        """
        if not old:
            raise UsageError("The text to replace is empty")
        self.old = old
        self.new = new
        self.is_regex = is_regex
        self.ignore_case = ignore_case
        self._skip_code = skip_code
        self._max_seconds = max_seconds
        self._is_plain = not (is_regex or ignore_case or whole_word or skip_code)
        self._pattern = _compile(old, is_regex=is_regex, ignore_case=ignore_case, whole_word=whole_word)
        if is_regex:
            _check_template(old, new)
            if self._search("", 0, max_seconds):
                raise _empty_match_error()

    def matches(self, text: str) -> bool:
        """Return whether a text contains an occurrence that the rule replaces.

        Raises UsageError if the expression matches an empty text or takes too long.
        """
        return self.old in text if self._is_plain else any(True for _ in self.iter_edits(text))

    def replace(self, text: str) -> tuple[str, int]:
        """Return a text with all occurrences replaced, and the number of occurrences.

        Raises UsageError if the expression matches an empty text or takes too long, and InvalidError if the new text is
        too long.
        """
        if not self._is_plain:
            return _apply_edits(text, self.iter_edits(text))
        count = text.count(self.old)
        _check_length(len(text) + count * (len(self.new) - len(self.old)), text)
        return text.replace(self.old, self.new), count

    def iter_edits(self, text: str) -> Iterator[Edit]:
        """Yield the edits that replace all occurrences in a text, in order and without overlaps.

        Raises UsageError if the expression matches an empty text or takes too long, and InvalidError if the new text of
        an occurrence is too long.
        """
        deadline = time.process_time() + self._max_seconds
        regions = self._iter_code(text)
        # This empty region before the text makes the first occurrence read the first region of code.
        region: tuple[int, int] | None = (0, 0)
        position = 0
        while match := self._search(text, position, deadline - time.process_time()):
            start, end = match.span()
            if start == end:
                raise _empty_match_error()
            while region and region[1] <= start:
                region = next(regions, None)
            if region and region[0] < end:
                position = region[1]
            else:
                yield Edit(start, end, self._expand(match, text))
                position = end

    def _iter_code(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the regions of code in which nothing is replaced. Markdown is parsed when the first one is read."""
        if self._skip_code:
            # The parser of Markdown takes longer to import than most replacements take.
            from .markdown_code import find_code  # noqa: PLC0415 - only this option needs the parser

            yield from find_code(text)

    def _search(self, text: str, position: int, seconds: float) -> "_Match | None":
        if not self.is_regex:
            # The time of a literal pattern is linear, so it is not limited.
            return self._pattern.search(text, position)
        try:
            # A timeout of 0 or less would not limit the time.
            return self._pattern.search(text, position, timeout=max(seconds, 1e-6))
        except TimeoutError:
            raise UsageError(
                f"The expression takes more than {self._max_seconds:g} seconds in a single text",
                hint="Simplify the expression, and avoid nested repetitions such as (a|b*)*.",
            ) from None

    def _expand(self, match: "_Match", text: str) -> str:
        if not self.is_regex:
            return self.new
        # Groups that are repeated many times could exhaust the memory, so the length is estimated first.
        references = self.new.count("\\")
        if references * len(text) > MAX_LENGTH:
            longest_group = max(len(group or "") for group in (match[0], *match.groups()))
            _check_length(references * longest_group, text)
        return match.expand(self.new)


def _apply_edits(text: str, edits: Iterable[Edit]) -> tuple[str, int]:
    """Return a text with edits applied, and the number of edits. Raises InvalidError if the new text is too long."""
    result = StringIO()
    position = 0
    count = 0
    for start, end, new in edits:
        result.write(text[position:start])
        result.write(new)
        position = end
        count += 1
        _check_length(result.tell(), text)
    result.write(text[position:])
    return result.getvalue(), count


def _compile(old: str, *, is_regex: bool, ignore_case: bool, whole_word: bool) -> "regex.Pattern[str]":
    flags = regex.IGNORECASE if is_regex and ignore_case else 0
    if is_regex:
        # The expression is compiled alone first, because an invalid expression such as `a)|(b` could become valid if
        # it is enclosed in a group.
        pattern = _compile_expression(old, flags)
        expression = old
    else:
        expression = fold_pattern(old) if ignore_case else regex.escape(old)
        pattern = regex.compile(expression)
    return _compile_expression(rf"(?<!\w)(?:{expression})(?!\w)", flags) if whole_word else pattern


def _compile_expression(expression: str, flags: int) -> "regex.Pattern[str]":
    try:
        return regex.compile(expression, flags)
    except _SYNTAX_ERRORS as error:
        raise UsageError(f"Invalid regular expression: {_describe(error)}") from None


def _check_template(old: str, new: str) -> None:
    """Raise UsageError if `new` contains an invalid escape or reference to a group of the expression `old`."""
    # The alternative matches every text, and has the groups of the expression.
    match = regex.compile(f"(?:{old}\n)|").search("")
    try:
        if match:
            match.expand(new)
    except _SYNTAX_ERRORS as error:
        raise UsageError(
            f"Invalid new text {new!r:.80}: {_describe(error)}", hint="Write a backslash as two backslashes."
        ) from None


def _describe(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def _empty_match_error() -> UsageError:
    return UsageError("The expression matches an empty text", hint="Write an expression that matches some characters.")


def _check_length(length: int, text: str) -> None:
    if length > max(MAX_LENGTH, len(text)):
        raise InvalidError(f"The new text would have more than {MAX_LENGTH:,} characters")
