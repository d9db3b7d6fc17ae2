"""A run's red cases, told by what they have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from specgen.drift.causes.keys import Key, key_of
from specgen.drift.values import CaseFinding, Cause, Drift, PageCase, RunReport
from specgen.replay.values import Kind

__all__ = ["drift_of"]


def drift_of(report: RunReport) -> Drift:
    """The red cases of a run, each with exactly one cause, and all of their findings.

    Which cause a case has depends on its own result alone: neither on the other cases nor on
    their order. docs/reference/causes.asciidoc has the rules.
    """
    red = tuple(each for each in report.cases if each.result.outcome.is_red)
    findings = tuple(
        CaseFinding(each.case.id, finding) for each in red for finding in each.result.findings
    )
    groups: dict[str, list[tuple[PageCase, Key]]] = {}
    for each in red:
        key = key_of(each.result)
        groups.setdefault(key.identity, []).append((each, key))
    indexes = _indexes(findings)
    ids = _ids([group[0][1] for group in groups.values()])
    causes = [_cause(ids[identity], group, indexes, findings) for identity, group in groups.items()]
    # Sorting is stable: among equals, that of the earliest case comes first.
    causes.sort(key=lambda cause: -len(cause.cases))
    return Drift(report, findings, tuple(causes))


def _indexes(findings: Sequence[CaseFinding]) -> dict[str, list[int]]:
    """Where the findings of each case stand among all, by its id."""
    found: dict[str, list[int]] = {}
    for index, each in enumerate(findings):
        found.setdefault(each.case, []).append(index)
    return found


def _cause(
    id: str,
    group: Sequence[tuple[PageCase, Key]],
    indexes: Mapping[str, Sequence[int]],
    findings: Sequence[CaseFinding],
) -> Cause:
    cases = tuple(each.case.id for each, _ in group)
    held = tuple(index for case in cases for index in indexes.get(case, ()))
    kinds = Counter(findings[index].finding.kind for index in held)
    kind = kinds.most_common(1)[0][0] if kinds else Kind.SETUP
    return Cause(id, kind, _title([key for _, key in group]), group[0][1].hint, held, cases)


def _title(keys: Sequence[Key]) -> str:
    """The title in the words of the cluster where all cases were told the same."""
    said = {key.said for key in keys}
    return said.pop() if len(said) == 1 else keys[0].title


def _ids(keys: Iterable[Key]) -> dict[str, str]:
    """The id of each cause by its identity; those that would be equal get a digest besides."""
    keys = tuple(keys)
    count = Counter(key.words for key in keys)
    return {
        key.identity: key.words
        if count[key.words] == 1
        else f"{key.words}-{sha256(key.identity.encode()).hexdigest()[:4]}"
        for key in keys
    }
