"""What holds for every text, however wrong it is as a page: shared by both fuzzers.

`read_as_page` takes a text through everything that `specgen check` and `specgen run` do
before a cluster is asked, and fails on the first span that does not lie in its source or
does not slice to the text that it stands for. A crash of specgen itself comes through.
"""

from __future__ import annotations

from collections.abc import Iterator

from specgen.dialect.values import Form, Request, Snippet
from specgen.drift.checks import page_problems
from specgen.files import MemoryFiles
from specgen.plan.reading import PageStages, stages_of
from specgen.plan.setups import NamedSetups
from specgen.plan.values import (
    CheckStep,
    MatchStep,
    NamedSetup,
    RequestStep,
    SetupStep,
    Step,
    YamlStep,
)
from specgen.problems import Problem
from specgen.source import MappedText, Span

__all__ = ["lies_in_its_source", "read_as_page", "slices_to_its_text"]

# Not to be guessed: a page that includes itself twice is read up to the limit of includes, which
# takes seconds and is no news.
NAME = "a-page-that-no-fuzzer-names.adoc"
SETUPS = NamedSetups((NamedSetup("books", "PUT books\n", False, "books.console"),))


def read_as_page(data: bytes | str) -> tuple[Problem, ...]:
    """Reads a text as a page in the form that it tells, and as one of the other form."""
    files = MemoryFiles({NAME: data, "part.adoc": "tag::a[]\n----\nend::a[]\n"})
    problems: list[Problem] = []
    for form in (None, *Form):
        stages = stages_of(files, NAME, form=form, setups=SETUPS, follow=form is None)
        problems = [*page_problems(stages)]
        for span in _spans(stages, problems):
            lies_in_its_source(span)
        for text in _texts(stages):
            slices_to_its_text(text)
        for snippet in stages.reading.snippets:
            for marker in snippet.markers:
                assert marker.kind.value in marker.span.text
    return tuple(problems)


def lies_in_its_source(span: Span) -> None:
    """A span does not reach beyond its source, and has a line and a column."""
    assert 0 <= span.start <= span.end <= len(span.source.text), span
    assert span.place.line >= 1
    assert span.place.column >= 1


def slices_to_its_text(text: MappedText) -> None:
    """The pieces follow each other, cover all of the text, and the exact ones are the page's."""
    reached = 0
    for piece in text.segments:
        assert piece.start == reached <= piece.end
        reached = piece.end
        lies_in_its_source(piece.span)
        if piece.exact:
            assert piece.span.text == text.text[piece.start : piece.end]
    assert reached == len(text.text)


def _spans(stages: PageStages, problems: list[Problem]) -> Iterator[Span]:
    for problem in (*stages.reading.problems, *stages.plan.problems, *problems):
        yield problem.span
        yield from (related.span for related in problem.related)
    for snippet in stages.reading.snippets:
        yield from _snippet_spans(snippet)
    for case in stages.plan.cases:
        yield from (case.span, case.last)
    for step in _steps(stages):
        yield step.span
    outline = stages.document.outline
    yield from (listing.span for listing in outline.listings)
    yield from (heading.span for heading in outline.headings)


def _snippet_spans(snippet: Snippet) -> Iterator[Span]:
    yield from (snippet.opening, snippet.closing)
    for marker in snippet.markers:
        yield marker.span
        for option in marker.options:
            yield option.span
            assert marker.span.start <= option.span.start <= option.span.end <= marker.span.end


def _steps(stages: PageStages) -> Iterator[Step]:
    plan = stages.plan
    yield from (*plan.setup, *plan.teardown)
    for case in plan.cases:
        yield from case.steps


def _texts(stages: PageStages) -> Iterator[MappedText]:
    yield from (snippet.contents for snippet in stages.reading.snippets)
    for step in _steps(stages):
        if isinstance(step, RequestStep):
            yield from _request_texts(step.request)
        elif isinstance(step, MatchStep):
            yield step.expectation.text
        elif isinstance(step, YamlStep):
            yield step.source.text
        elif isinstance(step, SetupStep):
            inner = (each for each in step.steps if not isinstance(each, CheckStep))
            for each in inner:
                yield from _request_texts(each.request)


def _request_texts(request: Request) -> Iterator[MappedText]:
    yield request.text
    if request.body is not None:
        yield request.body
