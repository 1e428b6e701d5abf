"""Replace text in posts."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields

from sqlalchemy.ext.asyncio import AsyncSession

from ...database import SessionFactory
from ...enums import TextField
from ...errors import InvalidError, UsageError
from ...models import Post
from ...repositories.posts.repository import PostRepository
from ...repositories.posts.texts import PostTextRepository
from ...schemas.inputs.posts import PostUpdate
from ...schemas.posts.changes import BulkOptions
from ...schemas.posts.replacements import (
    ChangedLine,
    PostReplacement,
    ReplacementPreview,
    Replacements,
    TextReplacement,
)
from ...schemas.posts.selection import PostSelection
from ...text.changed_lines import list_edited_lines
from ...text.limits import require_storable
from ...text.replacements import ReplacementRule
from .bulk import ChangeCollector, check_not_trashed, select_ids
from .changes import apply_update

# The maximum number of lines of each post in a preview.
_MAX_LINES = 3


async def replace_in_posts(
    sessions: SessionFactory, selection: PostSelection, *, replacement: TextReplacement, options: BulkOptions
) -> Replacements:
    """Replace text in the selected posts in one transaction, and return the changed posts.

    The slug of a post stays the same when its title changes. Raises UsageError if a regular expression is invalid,
    matches an empty text or takes too long, NotFoundError if a post, a tag or an author of the selection does not
    exist, InvalidError if a post cannot have its new text, and ConflictError if a post in the trash would change or if
    `options` do not allow the changes. In all these cases, nothing is changed.
    """
    rule = _make_rule(replacement)
    async with sessions.begin(dry_run=options.dry_run) as session:
        replacer = _Replacer(session, rule, replacement)
        ids, missing = await select_ids(session, selection, options, narrow=replacer.find_candidates)
        collector = ChangeCollector(options, replacer.make_record)
        changed_count = 0
        posts = PostRepository(session)
        async for batch in posts.load_batches(ids, with_content=True):
            changed = replacer.change_posts(batch)
            changed_count += len(changed)
            collector.add_unsaved([post for post, _ in changed])
            await posts.save([post for post, _ in changed])
            for post, words in changed:
                collector.add_changed(post, was_public=post.is_public, previous_words=words)
        # A selection by filters usually contains many posts without the text, whose number is of no interest.
        named_count = changed_count if selection.references is None else replacer.selected_count
        changes = collector.result(missing=missing, unchanged=named_count - changed_count)
        values = {field.name: getattr(changes, field.name) for field in fields(changes)}
        return Replacements(**values, total=replacer.total, previews=replacer.previews)


def _make_rule(replacement: TextReplacement) -> ReplacementRule:
    for text in (replacement.old, replacement.new):
        try:
            require_storable(text)
        except ValueError as error:
            raise InvalidError(f"The text {error}") from None
    return ReplacementRule(
        replacement.old,
        replacement.new,
        is_regex=replacement.is_regex,
        ignore_case=replacement.ignore_case,
        whole_word=replacement.whole_word,
        skip_code=replacement.skip_code,
        max_seconds=replacement.max_seconds,
    )


class _Replacer:
    """Replaces text in posts, and counts the replacements."""

    def __init__(self, session: AsyncSession, rule: ReplacementRule, replacement: TextReplacement) -> None:
        self.texts = PostTextRepository(session, replacement.fields)
        self.previews: list[ReplacementPreview] = []
        # The number of selected posts, with or without the text.
        self.selected_count = 0
        self.total = 0
        self._rule = rule
        self._replacement = replacement
        # The number of replacements in each field, by the ids of the posts of the current batch.
        self._counts: dict[int, dict[TextField, int]] = {}

    async def find_candidates(self, ids: list[int]) -> list[int]:
        """Return those ids in `ids` whose posts may contain the text to replace."""
        self.selected_count = max(self.selected_count, len(ids))
        rule = self._rule
        if not rule.is_regex:
            return await self.texts.find_candidates(ids, rule.old, ignore_case=rule.ignore_case)
        candidates: list[int] = []
        async for id_, texts in self.texts.iter_texts(ids):
            with _naming_post(id_):
                if any(map(rule.matches, texts)):
                    candidates.append(id_)
        return candidates

    def change_posts(self, posts: Sequence[Post]) -> list[tuple[Post, int]]:
        """Replace text in a batch of posts, and return the changed posts with their previous numbers of words."""
        self._counts = {}
        previous = [(post, post.words) for post in posts]
        return [(post, words) for post, words in previous if self._change(post)]

    def make_record(self, post: Post) -> PostReplacement:
        """Return the record of a post that was changed in the current batch."""
        counts = self._counts[post.id]
        return PostReplacement(
            id=post.id,
            slug=post.slug,
            title=post.title,
            replacements=sum(counts.values()),
            in_title=counts.get(TextField.TITLE, 0),
            in_content=counts.get(TextField.CONTENT, 0),
            in_excerpt=counts.get(TextField.EXCERPT, 0),
        )

    def _change(self, post: Post) -> bool:
        """Replace text in a post, and return whether that changed the post."""
        previous: dict[TextField, str] = {field: getattr(post, field) or "" for field in self._replacement.fields}
        with _naming_post(post.id):
            results = {field: self._rule.replace(text) for field, text in previous.items()}
            changed = {field: result for field, result in results.items() if result[0] != previous[field]}
            if not changed:
                return False
            check_not_trashed(post)
            values: dict[str, str | None] = {field: text for field, (text, _) in changed.items()}
            if values.get(TextField.EXCERPT) == "":
                values[TextField.EXCERPT] = None
            apply_update(post, PostUpdate.checked(**values))
            counts = {field: count for field, (_, count) in changed.items()}
            if len(self.previews) < self._replacement.preview_posts:
                self._add_preview(post, {field: previous[field] for field in changed}, sum(counts.values()))
        self._counts[post.id] = counts
        self.total += sum(counts.values())
        return True

    def _add_preview(self, post: Post, texts: Mapping[TextField, str], count: int) -> None:
        lines: list[ChangedLine] = []
        shown_count = 0
        for field, text in texts.items():
            edits = self._rule.iter_edits(text)
            for line in list_edited_lines(text, edits, max_lines=_MAX_LINES - len(lines)):
                lines.append(ChangedLine(field, line.number, line.parts))
                shown_count += line.shown
            if len(lines) == _MAX_LINES:
                break
        self.previews.append(ReplacementPreview(id=post.id, slug=post.slug, lines=lines, omitted=count - shown_count))


@contextmanager
def _naming_post(id_: int) -> Iterator[None]:
    """Add the id of a post to the message of an error about its texts."""
    try:
        yield
    except (InvalidError, UsageError) as error:
        raise type(error)(f"Post {id_}: {error.message}", hint=error.hint) from None
