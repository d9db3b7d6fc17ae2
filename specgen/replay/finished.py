"""What goes out of a case that is over."""

from __future__ import annotations

from specgen.errors import ExitCode, SpecgenError
from specgen.replay.cluster import Cluster
from specgen.replay.events import CaseFinished, TargetLost
from specgen.replay.findings import answer_without_secrets
from specgen.replay.values import CaseResult, Outcome
from specgen.target.auth import Secrets
from specgen.target.recorder import RecordingFull

__all__ = ["end_by", "finished_case"]


def finished_case(
    result: CaseResult, cluster: Cluster | None, given: Secrets, secrets: Secrets
) -> CaseFinished:
    """What goes out of a case.

    An answer in which the cluster hands out a secret is not kept for mending; one that says back
    what it was given is, since `--update` knows that and leaves it out.

    Args:
        result: What came of it.
        cluster: What it was sent through; None if it did not come so far.
        given: The credentials that specgen was given.
        secrets: These, and what the cluster handed out.
    """
    if cluster is None or result.outcome not in {Outcome.PASSED, Outcome.FAILED}:
        return CaseFinished(result)
    if result.outcome is Outcome.PASSED:
        told = (answer_without_secrets(answer, secrets) for answer in cluster.answers)
        return CaseFinished(result, tuple(told))
    differing = cluster.differing
    if differing is not None and secrets.redact(differing.text) != given.redact(differing.text):
        differing = None
    return CaseFinished(result, (), differing)


def end_by(trouble: SpecgenError) -> TargetLost:
    """Why no further case is run, after trouble in the middle of one."""
    if isinstance(trouble, RecordingFull):
        return TargetLost(trouble.message, trouble.hint, int(trouble.exit_code))
    return TargetLost("the target was lost while it was in use", "", int(ExitCode.TARGET))
