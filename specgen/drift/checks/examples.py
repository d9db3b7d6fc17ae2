"""Examples that nobody marked, markers that change nothing, and the form of 2018."""

from __future__ import annotations

from collections.abc import Iterator

from specgen.dialect.values import Form, Marker, MarkerKind, Snippet
from specgen.plan.reading import PageStages
from specgen.plan.values import Role
from specgen.problems import Problem, Severity

__all__ = ["candidates", "idle_markers", "old_form"]


def candidates(stages: PageStages) -> Iterator[Problem]:
    """Snippets that look like an example, and that no test touches."""
    for snippet in stages.reading.snippets:
        if not _is_candidate(snippet):
            continue
        message = f"this {snippet.language} snippet looks like an example, and nothing tests it"
        yield Problem.warning("candidate", snippet.opening, message, _advice(stages, snippet))


def _is_candidate(snippet: Snippet) -> bool:
    """The reference's rule: `js` without any marker, or a shell snippet that uses curl."""
    if snippet.markers:
        return False
    if snippet.language == "js":
        return True
    return snippet.language in {"sh", "shell"} and "curl" in snippet.contents.text


def _advice(stages: PageStages, snippet: Snippet) -> str:
    old = stages.reading.form is Form.OLD
    if snippet.language == "js" and snippet.contents.text.lstrip().startswith(("{", "[")):
        marked = "put // TESTRESPONSE below it" if old else "make it [source,console-result]"
        return f"if it is the response to the request above, {marked}; else // NOTCONSOLE"
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
        for snippet in stages.reading.snippets
        for marker in snippet.markers
        if marker.kind is MarkerKind.CONSOLE
    ]
    if stages.reading.form is Form.MODERN:
        yield from (_note(marker, "// CONSOLE is the form of 2018") for marker in old)
    elif old:
        count = f"{len(old)} of its snippets" if len(old) > 1 else "one of its snippets"
        yield _note(old[0], f"this page is in the form of 2018: // CONSOLE marks {count}")


def _note(marker: Marker, message: str) -> Problem:
    hint = "today: [source,console] above a request, [source,console-result] above its response"
    return Problem("old-form", Severity.NOTE, marker.span, message, hint)
