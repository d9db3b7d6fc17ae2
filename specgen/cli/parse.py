"""`specgen parse`: what each stage sees in pages."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import click

from specgen.cli.documents import STAGES, stage_document
from specgen.cli.options import configuration, derive_option, page_options, read_pages, write_json
from specgen.cli.problems import show_problems
from specgen.dialect.snippets import is_candidate
from specgen.dialect.values import Form, Snippet
from specgen.messages import counted, printable
from specgen.plan.reading import PageStages
from specgen.plan.values import Case, PagePlan, Role, SetupStep, SnippetRole
from specgen.source import Span

__all__ = ["command"]

# How much of the first line of a snippet is shown.
LONGEST_SHOWN = 36
WITH_ANOTHER = frozenset({Role.CONTINUED, Role.RESPONSE})


@click.command("parse")
@page_options
@derive_option
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
            click.echo(_told(each, pages.selection.shown(each.plan.page)), nl=False)
    else:
        document = stage_document(stage, pages.stages)
        write_json(json.dumps(document, ensure_ascii=False, indent=1), json_file or "-")
    return int(show_problems(pages, prose=prose))


def _told(stages: PageStages, path: str) -> str:
    """A page's snippets in order: where each is, how it begins, and what became of it."""
    plan, snippets = stages.plan, stages.reading.snippets
    if not snippets:
        return f"{printable(path)}: no snippets\n"
    counts = (_some_or_no(len(snippets), "snippet"), _some_or_no(len(plan.cases), "test"))
    form = "the form of 2018" if plan.form is Form.OLD else "the modern form"
    lines = [f"{path}: in {form}, {', '.join(counts)}"]
    cases = {(case.span.source, case.span.start): case for case in plan.cases}
    skipped = {case.name for case in plan.cases if case.skip}
    rows = [
        (
            _place(plan, role.opening),
            role.language or "-",
            _first_line(snippet),
            _became(role, cases.get((role.opening.source, role.opening.start)), snippet)
            + (", skipped with it" if role.case in skipped and role.role in WITH_ANOTHER else ""),
        )
        for snippet, role in zip(snippets, plan.roles, strict=True)
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for place, language, first, became in rows:
        line = f"{place:>{max(6, widths[0])}}  {language:<{widths[1]}}  {first:<{widths[2]}}"
        lines.append(f"{line}  {became}")
    return "".join(f"{printable(line)}\n" for line in lines)


def _some_or_no(count: int, noun: str) -> str:
    return counted(count, noun) if count else f"no {noun}s"


def _place(plan: PagePlan, span: Span) -> str:
    """The line of a snippet, with its file where a page includes it."""
    included = any(span.source is source for source in plan.included)
    return f"{span.source.path}:{span.line}" if included else str(span.line)


def _first_line(snippet: Snippet) -> str:
    first = snippet.contents.text.strip().partition("\n")[0].replace("\t", " ")
    return first if len(first) <= LONGEST_SHOWN else f"{first[: LONGEST_SHOWN - 1]}…"


def _became(role: SnippetRole, case: Case | None, snippet: Snippet) -> str:
    if role.role is Role.TEST and case:
        return f"test {role.case}{_more_of(case)}"
    words = {
        Role.SETUP: "setup of the page",
        Role.TEARDOWN: "teardown of the page",
        Role.CONTINUED: f"continues {role.case}",
        Role.RESPONSE: f"response of {role.case}",
        Role.NOT_COMPARED: f"response of {role.case}, not compared: {role.why}",
        Role.REFUSED: f"refused: {role.why}",
    }
    nothing = f"nothing: {role.why}"
    if role.role is Role.NOTHING and is_candidate(snippet):
        nothing += ", though it looks like an example"
    return words.get(role.role, nothing)


def _more_of(case: Case) -> str:
    """What else is to be known of a test: its id, what it needs, and why it is not run."""
    named = f" ({case.slug})" if case.slug != case.name else ""
    setups = [step.setup.name for step in case.steps if isinstance(step, SetupStep)]
    needs = f", with {', '.join(dict.fromkeys(setups))}" if setups else ""
    needs += f", requires {', '.join(case.requires)}" if case.requires else ""
    if case.skip:
        return f"{named}{needs}, skipped: {case.skip}"
    return f"{named}{needs}{f', cannot be run: {case.blocked}' if case.blocked else ''}"
