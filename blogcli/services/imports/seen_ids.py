"""Remember which posts an import has already met."""

from collections.abc import Iterable


class SeenIds:
    """The ids of the posts that an import has created or met."""

    def __init__(self, last_id: int) -> None:
        """Take the highest id before the import: posts with higher ids were created during it."""
        self._last_id = last_id
        # A million ids need 67 MB. See docs/decisions/0010-seen-ids.md.
        self._existing = set[int]()

    def update(self, ids: Iterable[int]) -> None:
        """Add the ids of posts that existed before the import."""
        self._existing.update(ids)

    def __contains__(self, id_: int) -> bool:
        return id_ > self._last_id or id_ in self._existing
