"""Tests of the rollback of a command that is cancelled by Ctrl-C."""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest
from pydantic_core import SchemaValidator, core_schema

from blogcli import signals
from blogcli.database import SessionFactory
from blogcli.errors import CancelledByUserError
from blogcli.runner import run
from tests.command_line import Cli, environment
from tests.databases import Templates, settings_for


@pytest.mark.parametrize(("grace", "is_interrupted"), [(0.0, True), (60.0, False)])
def test_ctrl_c_interrupts_a_rollback_only_after_the_grace_period(
    templates: Templates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, grace: float, is_interrupted: bool
) -> None:
    monkeypatch.setattr(signals, "_GRACE", grace)
    rolled_back = False

    async def roll_back_slowly(_: SessionFactory) -> None:
        nonlocal rolled_back
        os.kill(os.getpid(), signal.SIGINT)
        try:
            await asyncio.sleep(10)
        finally:
            time.sleep(0.01)  # noqa: ASYNC251 - time must pass between the signals
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.sleep(0.01)
            rolled_back = True

    with pytest.raises(CancelledByUserError, match="Interrupted"):
        run(settings_for(templates.new_sqlite(tmp_path)), roll_back_slowly)
    assert rolled_back is not is_interrupted


class InterruptedValue:
    def __hash__(self) -> int:
        raise KeyboardInterrupt

    def __repr__(self) -> str:
        raise KeyboardInterrupt


def test_ctrl_c_while_pydantic_builds_validator_interrupts_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build_validator(*_: object, **__: object) -> None:
        SchemaValidator(core_schema.literal_schema([InterruptedValue()]))

    monkeypatch.setattr("blogcli.commands.tags.run", build_validator)
    result = Cli(environment(str(tmp_path / "blog.db"), tmp_path))("tag", "list")
    assert (result.exit_code, result.stderr) == (130, "Error: Interrupted\n")
