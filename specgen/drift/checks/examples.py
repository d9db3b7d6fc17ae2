"""Examples that nobody marked, markers that change nothing, and the form of 2018."""

from __future__ import annotations

from collections.abc import Iterator

from specgen.dialect.snippets import is_candidate
from specgen.dialect.values import Form, Marker, MarkerKind, Snippet
from specgen.plan.reading import PageStages
from specgen.plan.values import Role
from specgen.problems import Problem, Severity

__all__ = ["candidates", "idle_markers", "old_form"]

# What a response can stand below.
OF_A_TEST = frozenset({Role.TEST, Role.CONTINUED, Role.RESPONSE, Role.NOT_COMPARED})


def candidates(stages: PageStages) -> Iterator[Problem]:
    """Snippets that look like an example, and that no test touches."""
    answerable, old = False, stages.reading.form is Form.OLD
    for snippet, role in zip(stages.reading.snippets, stages.plan.roles, strict=True):
        if is_candidate(snippet):
            message = f"this {snippet.language} snippet looks like an example, and nothing tests it"
            hint = _advice(snippet, old=old, answers=answerable)
            yield Problem.warning("candidate", snippet.opening, message, hint)
        answerable = role.role in OF_A_TEST


def _advice(snippet: Snippet, *, old: bool, answers: bool) -> str:
    if snippet.language == "js" and snippet.contents.text.lstrip().startswith(("{", "[")):
        if not answers:
            return "put // NOTCONSOLE below it: no test above it could have this response"
        marked = "put // TESTRESPONSE below it" if old else "make it [source,console-result]"
        return f"if it is the response to the request above, {marked}; else // NOTCONSOLE"
    if "curl" in snippet.contents.text:
        marked = "[source,js] and // CONSOLE below it" if old else "[source,console]"
        return f"write the request itself in {marked}, or put // NOTCONSOLE below this"
    marked = "put // CONSOLE below it" if old else "make it [source,console]"
    return f"{marked}, or // NOTCONSOLE below it if it is no test"


def idle_markers(stages: PageStages) -> Iterator[Problem]:
    """CONSOLE that makes no test, and NOTCONSOLE that keeps none from being made."""
    for snippet, role in zip(stages.reading.snippets, stages.plan.roles, strict=True):
        for marker in snippet.markers:
            if marker.kind is MarkerKind.CONSOLE and role.role is Role.NOTHING:
                message = f"// CONSOLE makes no test of a {snippet.language} snippet here"
                hint = "write [source,console] above the block"
                yield Problem.warning("no-effect", marker.span, message, hint)
            tested = role.role in {Role.TEST, Role.CONTINUED}
            if marker.kind is MarkerKind.NOTCONSOLE and tested:
                message = "// NOTCONSOLE does not keep this snippet from being tested"
                hint = "// TEST[skip:reason] does; so does another language, without // TEST"
                yield Problem.warning("no-effect", marker.span, message, hint)


def old_form(stages: PageStages) -> Iterator[Problem]:
    """In a modern page each `js` with CONSOLE; in a page of 2018 the first one, for all."""
    old = [
        marker
        for snippet, role in zip(stages.reading.snippets, stages.plan.roles, strict=True)
        for marker in snippet.markers
        if marker.kind is MarkerKind.CONSOLE and role.role is not Role.NOTHING
    ]
    if stages.reading.form is Form.MODERN:
        yield from (_note(marker, "// CONSOLE is the form of 2018") for marker in old)
    elif old:
        count = f"{len(old)} of its snippets" if len(old) > 1 else "one of its snippets"
        yield _note(old[0], f"this page is in the form of 2018: // CONSOLE marks {count}")


def _note(marker: Marker, message: str) -> Problem:
    hint = "today: [source,console] above a request, [source,console-result] above its response"
    return Problem("old-form", Severity.NOTE, marker.span, message, hint)
