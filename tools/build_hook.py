"""The build hook that adds the man pages to the wheel. hatchling loads it, as pyproject.toml says."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ManPageHook(BuildHookInterface[Any]):
    """Makes the man pages when a wheel is built. An editable installation has none, because they would become stale."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the man pages to a temporary folder, and add them to the shared files of the wheel."""
        if version == "editable":
            return
        # The program is imported from the source that is built, and no files are added to it.
        sys.path.insert(0, self.root)
        sys.dont_write_bytecode = True
        from tools.man_pages import write_pages  # noqa: PLC0415 - the path is set above

        self._folder = TemporaryDirectory()
        for page in write_pages(Path(self._folder.name)):
            build_data["shared_data"][str(page)] = f"share/man/man1/{page.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - hatchling calls this method with these arguments
        """Remove the temporary folder after the wheel was written."""
        if version != "editable":
            self._folder.cleanup()
