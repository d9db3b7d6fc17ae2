"""Writes a page's cases as the YAML REST test that the reference generator would write.

The layout is the reference's: bodies as block scalars, expected bodies verbatim, since both
are read by a YAML parser of which the reference relies on every detail.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from specgen.dialect.triple_quotes import converted_if_closed
from specgen.plan.values import (
    Case,
    MatchStep,
    NoteStep,
    PagePlan,
    RequestStep,
    SetupRole,
    SetupStep,
    Step,
    YamlStep,
)

__all__ = ["render_yaml_rest"]

FEATURES = (
    "default_shards",
    "stash_in_key",
    "stash_in_path",
    "stash_path_replace",
    "warnings",
)


def render_yaml_rest(plan: PagePlan) -> str:
    """The YAML REST test of a page: setup, teardown, then its cases in page order."""
    sections = []
    if plan.setup:
        sections.append(["setup:", *_steps(plan.setup)])
    if plan.teardown:
        sections.append(["teardown:", *_steps(plan.teardown)])
    sections += [[f'"{case.name}":', *_skip(case), *_steps(case.steps)] for case in plan.cases]
    return "".join("---\n" + "\n".join(lines) + "\n" for lines in sections)


def _skip(case: Case) -> Iterator[str]:
    yield "  - skip:"
    yield "      features:"
    yield from (f"        - {feature}" for feature in FEATURES)
    if case.skip:
        yield "        - always_skip"
        yield f"      reason: {json.dumps(case.skip, ensure_ascii=False)}"


def _steps(steps: Sequence[Step]) -> Iterator[str]:
    for step in steps:
        if isinstance(step, RequestStep):
            yield from _request(step)
        elif isinstance(step, MatchStep):
            yield "  - match:"
            yield "      $body:"
            yield from _indented(converted_if_closed(step.expectation.text.text), 8)
        elif isinstance(step, NoteStep):
            yield f"  {step.text}"
        elif isinstance(step, SetupStep):
            if step.role is SetupRole.OWN_TEARDOWN:
                continue  # the reference knows no teardown that comes along with a setup
            yield f"# Named {step.role.value} {step.setup.name}"
            yield from step.setup.text.rstrip("\n").split("\n") if step.setup.yaml else ()
            yield from _steps(() if step.setup.yaml else step.steps)
        elif isinstance(step, YamlStep):
            yield step.source.text.text.strip("\n")


def _request(step: RequestStep) -> Iterator[str]:
    request = step.request
    yield "  - do:"
    if step.catch:
        yield f"      catch: {step.catch}"
    if step.warnings:
        yield "      warnings:"
        yield from (f"         - {_quoted(warning)}" for warning in step.warnings)
    yield "      raw:"
    yield f"        method: {request.method}"
    yield f"        path: {_quoted(request.path)}"
    yield from (f"        {name}: {_quoted(value)}" for name, value in request.query)
    if request.body is not None:
        yield "        body: |"
        yield from _indented(converted_if_closed(request.body.text), 10)
    if step.shards:
        yield "  - is_false: _shards.failures"


def _indented(text: str, indent: int) -> Iterator[str]:
    pad = " " * indent
    yield from (f"{pad}{line}" for line in text.removesuffix("\n").split("\n"))


def _quoted(text: str) -> str:
    # The reference escapes quotes and nothing else: what a page escapes itself stays so.
    return '"' + text.replace('"', '\\"') + '"'
