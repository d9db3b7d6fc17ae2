"""`specgen parse`: what each stage sees in pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import click

from specgen.cli.documents import STAGES, stage_document
from specgen.cli.options import configuration, page_options, read_pages, write_json
from specgen.cli.problems import show_problems
from specgen.messages import printable
from specgen.plan.values import PagePlan, Role, SnippetRole
from specgen.source import Span

__all__ = ["command"]


@click.command("parse")
@page_options
@click.option(
    "--stage",
    type=click.Choice(list(STAGES)),
    default="snippets",
    show_default=True,
    help="Which stage to show.",
)
@click.option("--json", "json_file", metavar="FILE", help="Write it as JSON; `-` for stdout.")
def command(stage: str, json_file: str | None, **options: Any) -> int:
    """Shows what a stage sees in PAGES: blocks, snippets, cases, contract.

    Without --json, the stage `snippets` is told for people: what became of each snippet, so
    that nobody believes in a test that does not exist. What is wrong with the pages goes to
    standard error.
    """
    prose = stage in {"blocks", "contract"}
    config = configuration()
    if stage == "blocks":
        # The stage shows what Asciidoctor sees with no attributes but those asked for here.
        config = replace(config, define=(), attributes=None)
    pages = read_pages(config, options, follow=prose)
    if stage == "snippets" and json_file is None:
        for each in pages.stages:
            click.echo(_told(each.plan, pages.selection.shown(each.plan.page)), nl=False)
    else:
        document = stage_document(stage, pages.stages)
        write_json(json.dumps(document, ensure_ascii=False, indent=1), json_file or "-")
    return int(show_problems(pages, prose=prose))


def _told(plan: PagePlan, path: str) -> str:
    """A page's snippets in order, and what became of each."""
    count = len(plan.cases)
    tests = "1 test" if count == 1 else f"{count} tests"
    lines = [f"{path}: {plan.form.value} form, {len(plan.roles)} snippets, {tests}"]
    slugs = {case.name: case.slug for case in plan.cases}
    width = max((len(role.language) for role in plan.roles), default=0)
    places = [_place(plan, role.opening) for role in plan.roles]
    column = max(6, *map(len, places)) if places else 6
    for place, role in zip(places, plan.roles, strict=True):
        lines.append(f"{place:>{column}}  {role.language:<{width}}  {_became(role, slugs)}")
    return "".join(f"{printable(line)}\n" for line in lines)


def _place(plan: PagePlan, span: Span) -> str:
    """The line of a snippet, with its file where a page includes it."""
    included = any(span.source is source for source in plan.included)
    return f"{span.source.path}:{span.line}" if included else str(span.line)


def _became(role: SnippetRole, slugs: Mapping[str, str]) -> str:
    if role.role is Role.TEST:
        skipped = f", skipped: {role.why}" if role.why else ""
        return f"test {role.case} ({slugs.get(role.case, '')}){skipped}"
    words = {
        Role.SETUP: "setup of the page",
        Role.TEARDOWN: "teardown of the page",
        Role.CONTINUED: f"continues {role.case}",
        Role.RESPONSE: f"response of {role.case}",
        Role.NOT_COMPARED: f"response of {role.case}, not compared: {role.why}",
        Role.REFUSED: f"refused: {role.why}",
    }
    return words.get(role.role, f"nothing: {role.why}")
