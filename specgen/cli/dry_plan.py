"""`specgen run --plan`: what a run would send, in lines and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import click

from specgen.cli.options import write_json
from specgen.cli.rendering import RenderedSelection
from specgen.errors import ExitCode, UsageProblem
from specgen.messages import printable
from specgen.render.rendered import RenderedCase
from specgen.replay.dry_plan import DryPlan, PlannedCall, PlannedCase, dry_plan
from specgen.target.opening import TargetSettings, check_settings

__all__ = ["tell_plan"]

# Options that say what comes of a run, or choose cases in a way that only a run knows.
OF_A_RUN = ("expression", "junit", "record", "openapi", "find_leak", "try_skipped", "out")
ACCESS = {
    "private": "nobody else is there",
    "disposable": "its data may be lost",
    "read-only": "only what reads",
    "marked": "only if it has the marker index",
    "scope": "only what is named with the scope",
}


def tell_plan(
    pages: RenderedSelection,
    cases: Sequence[RenderedCase],
    settings: TargetSettings,
    options: Mapping[str, Any],
) -> ExitCode:
    """Tells what a run of these cases would send.

    Raises:
        UsageProblem: An option has no meaning without a run, or there is no such target.
    """
    if given := [name for name in OF_A_RUN if options[name]]:
        flag = "-k" if given[0] == "expression" else f"--{given[0].replace('_', '-')}"
        hint = "choose cases by `page.asciidoc:LINE`" if flag == "-k" else ""
        raise UsageProblem(f"--plan sends nothing, so {flag} has no meaning", hint)
    check_settings(settings)
    plan = dry_plan(pages.pages, cases, settings, options["clean"])
    if options["json_file"]:
        document = json.dumps(_document(plan, pages), ensure_ascii=False, indent=1)
        write_json(document, options["json_file"])
    for page, reason in pages.unreadable:
        click.echo(f"{pages.selection.shown(page)}: error: {reason}", err=True)
    lines = [*_lines(plan, pages), *_summary(plan)]
    for line in lines[-1:] if options["quiet"] else lines:
        click.echo(printable(line), err=options["json_file"] == "-")
    return ExitCode.UNREADABLE if pages.unreadable else ExitCode.TRUE


def _lines(plan: DryPlan, pages: RenderedSelection) -> Iterator[str]:
    yield f"target {plan.target}: {ACCESS[plan.access]}"
    yield from map(_line, plan.start)
    for planned in plan.cases:
        case = planned.case
        yield ""
        yield f"{pages.selection.shown(case.page)}:{case.line}: {case.id}"
        if planned.not_run:
            yield f"  not run: {planned.not_run}"
        if planned.requires:
            yield f"  requires {', '.join(planned.requires)}"
        yield from map(_line, (*planned.calls, *planned.lists))
        for removal in planned.removals:
            request = removal.request or "by name, once it is known"
            yield f"  {'cleaning':<9} removes  {removal.thing} ({request})"
    yield ""


def _line(call: PlannedCall) -> str:
    how = "reads" if call.reads else "writes"
    size = f"  {call.body_bytes} bytes" if call.body_bytes else ""
    again = "  several times" if call.repeats else ""
    refused = f"  <- {call.refused}" if call.refused else ""
    request = f"{call.method} {call.path or '/'}"
    return f"  {call.part:<9} {how:<8} {request}{size}{again}{refused}"


def _summary(plan: DryPlan) -> Iterator[str]:
    sent = [call for planned in plan.cases for call in planned.sent]
    reading = sum(call.reads for call in sent)
    left_out = sum(bool(planned.not_run) for planned in plan.cases)
    yield (
        f"cases: {len(plan.cases)} ({left_out} not run); requests: {len(sent)} "
        f"({reading} read, {len(sent) - reading} write); nothing was sent"
    )


def _document(plan: DryPlan, pages: RenderedSelection) -> dict[str, Any]:
    """The document that `schemas/plan.schema.json` describes."""
    return {
        "schema": 1,
        "target": {"name": plan.target, "access": plan.access},
        "start": [asdict(call) for call in plan.start],
        "cases": [_case(planned) for planned in plan.cases],
        "unreadable": [{"page": page, "reason": reason} for page, reason in pages.unreadable],
    }


def _case(planned: PlannedCase) -> dict[str, Any]:
    return {
        "id": planned.case.id,
        "page": planned.case.page,
        "case": planned.case.name,
        "line": planned.case.line,
        "not_run": planned.not_run,
        "requires": list(planned.requires),
        "requests": [asdict(call) for call in planned.calls],
        "cleaning": {
            "lists": [f"{call.method} {call.path}" for call in planned.lists],
            "removes": [asdict(removal) for removal in planned.removals],
        },
    }
