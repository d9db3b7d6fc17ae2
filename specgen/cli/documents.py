"""The JSON documents of `specgen parse`, one function a stage (`schemas/parse.schema.json`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from specgen.contract.values import Field
from specgen.dialect.values import MarkerKind, OptionName, Snippet
from specgen.plan.reading import PageStages
from specgen.plan.values import (
    Case,
    CheckStep,
    MatchStep,
    NoteStep,
    RequestStep,
    SetupStep,
    Step,
)
from specgen.problems import Problem
from specgen.render.view import target_of
from specgen.source import Span

__all__ = ["STAGES", "stage_document"]

Document = dict[str, Any]


def stage_document(stage: str, pages: Sequence[PageStages]) -> Document:
    """What a stage saw in pages."""
    return {"schema": 1, "pages": [STAGES[stage](page) for page in pages]}


def _blocks(page: PageStages) -> Document:
    outline = page.document.outline
    return {
        "page": page.page.name,
        "listings": [
            {
                "file": listing.file,
                "line": listing.line,
                "style": listing.style,
                "language": listing.language or None,
                "source": listing.text,
            }
            for listing in outline.listings
        ],
        "sections": [
            {
                "file": heading.file,
                "line": heading.line,
                "level": heading.level,
                "title": heading.converted,
            }
            for heading in outline.headings
            if not heading.discrete
        ],
    }


def _snippets(page: PageStages) -> Document:
    return {
        "page": page.page.name,
        "form": page.reading.form.value,
        "errors": [_problem(problem, page) for problem in page.plan.problems],
        "snippets": [_snippet(snippet, page) for snippet in page.reading.snippets],
    }


def _place(span: Span, page: PageStages) -> Document:
    """The line of a span, with the file where another than the page holds it."""
    included = any(span.source is source for source in page.plan.included)
    return {**({"file": span.source.path} if included else {}), "line": span.line}


def _problem(problem: Problem, page: PageStages) -> Document:
    return {
        **_place(problem.span, page),
        "column": problem.span.place.column,
        "code": problem.code,
        "severity": problem.severity.value,
        "message": problem.message,
    }


def _snippet(snippet: Snippet, page: PageStages) -> Document:
    def value(name: OptionName) -> str | None:
        option = snippet.option(name)
        return option.value if option else None

    return {
        **_place(snippet.opening, page),
        "end_line": snippet.end_line,
        "language": snippet.language or None,
        "contents": snippet.contents.text,
        "console": snippet.console,
        "test": snippet.marked(MarkerKind.TEST),
        "test_response": snippet.marked(MarkerKind.TESTRESPONSE),
        "test_setup": snippet.marked(MarkerKind.TESTSETUP),
        "test_teardown": snippet.marked(MarkerKind.TEARDOWN),
        "skip": value(OptionName.SKIP),
        "continued": snippet.option(OptionName.CONTINUED) is not None,
        "setup": value(OptionName.SETUP),
        "teardown": value(OptionName.TEARDOWN),
        "catch": value(OptionName.CATCH),
        "warnings": [option.value for option in snippet.options(OptionName.WARNING)],
        "skip_shard_failures": snippet.option(OptionName.SKIP_SHARD_FAILURES) is not None,
        "name": snippet.name or None,
    }


def _cases(page: PageStages) -> Document:
    return {
        "page": page.page.name,
        "setup": [_step(step, page) for step in page.plan.setup],
        "teardown": [_step(step, page) for step in page.plan.teardown],
        "cases": [_case(case, page) for case in page.plan.cases],
        "errors": [_problem(problem, page) for problem in page.plan.problems],
    }


def _case(case: Case, page: PageStages) -> Document:
    return {
        "id": case.id,
        "case": case.name,
        **_place(case.span, page),
        "skip": case.skip or None,
        "blocked": case.blocked or None,
        **({"requires": list(case.requires)} if case.requires else {}),
        **(
            {"derived_from": [_prose_place(span, page) for span in case.derived]}
            if case.derived
            else {}
        ),
        "steps": [_step(step, page) for step in case.steps],
    }


def _step(step: Step, page: PageStages) -> Document:
    place = _place(step.span, page)
    if isinstance(step, RequestStep):
        return {
            "step": "request",
            **place,
            "method": step.request.method,
            "target": target_of(step.request),
            "body": step.request.body.text if step.request.body else None,
            "catch": step.catch or None,
            "warnings": list(step.warnings),
            "shards": step.shards,
            **({"codes": list(step.codes)} if step.codes else {}),
            **({"status": step.status} if step.status else {}),
            **({"verbatim": True} if step.verbatim else {}),
        }
    if isinstance(step, MatchStep):
        return {
            "step": "match",
            **place,
            "body": step.expectation.text.text,
            **{name: list(pointers) for name, pointers in step.leniency.named()},
            **({"within_s": step.within} if step.within else {}),
        }
    if isinstance(step, NoteStep):
        return {"step": "note", **place, "text": step.text}
    if isinstance(step, SetupStep):
        steps = [_step(each, page) for each in step.steps]
        return {
            "step": step.role.value,
            **place,
            "name": step.setup.name,
            "yaml": step.setup.yaml,
            "steps": steps,
        }
    if isinstance(step, CheckStep):
        return {
            "step": step.check,
            **place,
            "field": step.field or None,
            "expected": step.expected or None,
        }
    steps = [_step(each, page) for each in step.steps]
    return {"step": "yaml", **place, "text": step.source.text.text, "steps": steps}


def _contract(page: PageStages) -> Document:
    contract = page.contract
    return {
        "page": page.page.name,
        "endpoints": [
            {
                "method": each.method,
                "path": each.path,
                **({"by_example": True} if each.by_example else {}),
                **_prose_place(each.span, page),
            }
            for each in contract.endpoints
        ],
        "path_parameters": [_field(each, page) for each in contract.path_parameters],
        "query_parameters": [_field(each, page) for each in contract.query_parameters],
        "request_body": [_field(each, page) for each in contract.request_body],
        "response_body": [_field(each, page) for each in contract.response_body],
        "responses": [
            {
                "code": each.code,
                "description": each.description,
                **_prose_place(each.span, page),
            }
            for each in contract.responses
        ],
    }


def _field(field: Field, page: PageStages) -> Document:
    return {
        "name": field.name,
        "required": field.required,
        "type": field.type,
        **({"default": field.default} if field.default is not None else {}),
        **({"deprecated": True} if field.deprecated else {}),
        **_prose_place(field.span, page),
    }


def _prose_place(span: Span, page: PageStages) -> Document:
    """The same for prose, which is read with what the page includes."""
    included = span.source != page.page.source
    return {**({"file": span.source.path} if included else {}), "line": span.line}


STAGES: dict[str, Callable[[PageStages], Document]] = {
    "blocks": _blocks,
    "snippets": _snippets,
    "cases": _cases,
    "contract": _contract,
}
