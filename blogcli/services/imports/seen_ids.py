"""Remember which posts an import has already processed."""

from collections.abc import Iterable


class SeenIds:
    """The ids of the posts that an import has created or processed."""

    def __init__(self, last_id: int) -> None:
        """Remember the highest post id that existed before the import.

        All ids above `last_id` belong to posts that the import creates.
        """
        self._last_id = last_id
        # This set needs 67 MB for a million ids. See docs/decisions/0010-seen-ids.md.
        self._existing = set[int]()

    def update(self, ids: Iterable[int]) -> None:
        """Add the ids of posts that existed before the import."""
        self._existing.update(ids)

    def __contains__(self, id_: int) -> bool:
        return id_ > self._last_id or id_ in self._existing
