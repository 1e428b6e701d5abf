"""The option --repair of `blogcli db check`."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ... import output, services
from ...cli.context import CliContext
from ...cli.fields import PROBLEMS
from ...cli.messages import amount
from ...cli.results import RecordList
from ...errors import CancelledByUserError, ExitCode, TerminatedError
from ...runner import run, run_inspection
from ...signals import restoring_signals

if TYPE_CHECKING:
    from ...schemas import Problem

# The codes of the problems that each step of the repair concerns.
_OBJECTS = {"trigger", "sequence", "journal"}
_VALUES = {"words", "value"}
_INDEX = {"search", "words"}


def repair_problems(context: CliContext, problems: "Sequence[Problem]", *, full: bool, dry_run: bool) -> RecordList:
    """Repair problems, check again, and return all problems with the information whether they are repaired.

    The exit code says whether problems remain.
    """
    codes = {problem.code for problem in problems if problem.repairable}
    if dry_run or not codes:
        return _report(problems, dry_run=dry_run)
    _run_steps(context, codes, full=full)
    remaining = run_inspection(context.settings, services.db.check.check, full=full)
    texts = {(problem.code, problem.text) for problem in remaining}
    records = [replace(problem, repaired=(problem.code, problem.text) not in texts) for problem in problems]
    known = {(problem.code, problem.text) for problem in problems}
    records += [problem for problem in remaining if (problem.code, problem.text) not in known]
    return _report(records, dry_run=False)


def _run_steps(context: CliContext, codes: set[str], *, full: bool) -> None:
    """Run the steps that the codes of the problems ask for.

    Triggers are restored first, so that the journal records the other repairs. The search index is repaired last,
    because its digests depend on the numbers of words. Raises CancelledByUserError or TerminatedError after a signal,
    also if an earlier step has committed its changes.
    """
    try:
        if codes & _OBJECTS:
            run_inspection(context.settings, services.db.repair.repair_objects)
        if codes & _VALUES:
            with restoring_signals():
                run(context.settings, services.db.repair.repair_values, full=full)
            context.suggest_undo()
        if codes & _INDEX:
            with restoring_signals(), output.progress.progress(context.console, "Comparing posts") as on_progress:
                run(context.settings, services.db.reindex.reindex, on_progress=on_progress)
    except (CancelledByUserError, TerminatedError) as error:
        message = f"{error.message.partition(';')[0]}; the completed repairs were saved"
        raise type(error)(message, hint="Run the command again to repair the rest.") from error


def _report(records: "Sequence[Problem]", *, dry_run: bool) -> RecordList:
    done = sum(problem.repairable if dry_run else problem.repaired for problem in records)
    verb = "Would repair" if dry_run else "Repaired"
    return RecordList(
        records=records,
        columns=PROBLEMS,
        message=f"{verb} {done:,} of {amount(len(records), 'problem')}.",
        exit_code=ExitCode.DONE if done == len(records) else ExitCode.FAILED,
    )
