"""Changes what pages document, spot by spot, and sees whether `check --openapi` tells of it.

The pages are those of the corpus whose operations the OpenAPI document has. Each change is made
in a copy of its page, alone, and what is told beyond the unchanged page must be about that spot.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest
from project import SHARED, Project

from specgen.contract.openapi.document import OpenApi
from specgen.contract.openapi.operations import operations_for, operations_of
from specgen.contract.openapi.reading import read_openapi
from specgen.contract.values import Contract
from specgen.drift.checks import check_pages
from specgen.files import DiskFiles, MemoryFiles
from specgen.plan.reading import PageStages, stages_of
from specgen.source import Span

CORPUS = SHARED / "corpus/modern"
DOCUMENT = CORPUS / "openapi-elasticsearch-serverless.json"
APIS = "reference/connector/apis"
SEED = 20
OF_EACH = 10
NO_CORPUS = "no shared/corpus here"

# A code that means something else, in HTTP and mostly for these APIs.
OTHER_CODE = {"200": "204", "201": "202", "400": "409", "404": "410"}

Told = tuple[str, int, str]  # code, line, message


@dataclass(frozen=True)
class Mutation:
    """One change: what of which page becomes what.

    Attributes:
        label: The label that documents what is changed.
        name: What it documents: a name, or a code.
    """

    kind: str
    page: str
    span: Span
    old: str
    new: str
    label: Span
    name: str

    @property
    def text(self) -> str:
        whole = self.span.source.text
        return whole[: self.span.start] + self.new + whole[self.span.end :]

    def __str__(self) -> str:
        return f"{self.kind} {self.page}:{self.span.line} {self.old} -> {self.new}"


@cache
def document() -> OpenApi:
    if not DOCUMENT.is_file():
        pytest.skip(NO_CORPUS)
    return read_openapi(DOCUMENT, "openapi.json")


@cache
def pages() -> tuple[PageStages, ...]:
    """The pages whose every endpoint the document has, so that it has a say in them."""
    if not CORPUS.is_dir():
        pytest.skip(NO_CORPUS)
    files = DiskFiles(CORPUS / "docs")
    names = sorted(path.stem for path in (CORPUS / "docs" / APIS).glob("*.asciidoc"))
    every = (stages_of(files, f"{APIS}/{name}.asciidoc", follow=False) for name in names)
    return tuple(each for each in every if each.contracts and all(map(known, each.contracts)))


def known(contract: Contract) -> bool:
    operations = operations_of(document())
    return all(operations_for(operations, e.method, e.path)[0] for e in contract.endpoints)


def told(text: str, name: str) -> frozenset[Told]:
    """What is told of a page. Pages keep their lines, so that a line tells what is new."""
    stages = stages_of(MemoryFiles({name: text}), name, follow=False)
    problems = check_pages((stages,), openapi=document())
    return frozenset(
        (each.code, each.span.line, each.message)
        for each in problems
        if each.span.source.path == name
    )


def new_problems(mutation: Mutation) -> frozenset[Told]:
    return told(mutation.text, mutation.page) - told(mutation.span.source.text, mutation.page)


def about(mutation: Mutation, problem: Told) -> bool:
    """Whether a problem is about the spot: it stands there, or has its name."""
    _, line, message = problem
    here = {mutation.label.line, mutation.span.line}
    return line in here or any(
        re.search(rf"\b{name}`", message) for name in (mutation.name, mutation.new)
    )


def inside(span: Span, pattern: str) -> Span | None:
    """The stretch that a pattern's first group finds from the start of a label on."""
    found = re.compile(pattern).search(span.source.text, span.start)
    return Span(span.source, *found.span(1)) if found else None


def mutations() -> Iterator[Mutation]:
    for stages in pages():
        name = stages.page.name
        for contract in stages.contracts:
            for response in contract.responses:
                code = str(response.code)
                span = inside(response.span, rf"`({code})`")
                assert span
                yield Mutation("code", name, span, code, OTHER_CODE[code], response.span, code)
            parameters = (*contract.path_parameters, *contract.query_parameters)
            for each in (*parameters, *contract.request_body, *contract.response_body):
                kind = "parameter" if each in parameters else "field"
                last = each.name.rpartition(".")[2]
                span = inside(each.span, rf"`<?({re.escape(last)})>?`")
                assert span
                new = last.removesuffix("s") if last.endswith("s") else f"{last}s"
                yield Mutation(kind, name, span, last, new, each.span, last)
            for each in (*parameters, *contract.request_body):
                word = "Required" if each.required else "Optional"
                span = inside(each.span, r"\((Required|Optional)")
                assert span
                other = "Optional" if each.required else "Required"
                last = each.name.rpartition(".")[2]
                yield Mutation("need", name, span, word, other, each.span, last)


def agreeing(mutation: Mutation) -> bool:
    """Whether the page differs from the document there already, so that a change makes it right."""
    before = told(mutation.span.source.text, mutation.page)
    return any((code, line) == ("openapi-need", mutation.label.line) for code, line, _ in before)


@cache
def drawn() -> tuple[Mutation, ...]:
    by_kind: dict[str, list[Mutation]] = {}
    seen: set[tuple[str, int]] = set()
    for each in mutations():
        spot = (each.page, each.span.start)
        if spot not in seen and not (each.kind == "need" and agreeing(each)):
            by_kind.setdefault(each.kind, []).append(each)
        seen.add(spot)
    generator = random.Random(SEED)
    return tuple(
        each
        for kind in ("code", "parameter", "need", "field")
        for each in generator.sample(by_kind[kind], OF_EACH)
    )


def test_changed_names_needs_and_fields_are_all_found() -> None:
    documented = [each for each in drawn() if each.kind != "code"]
    lost = [str(each) for each in documented if not new_problems(each)]
    assert len(documented) == 3 * OF_EACH
    assert lost == []


def found_live(mutation: Mutation) -> bool:
    """Whether a case that the changed prose has, and that passed before, fails now."""

    def passed(text: str) -> set[str]:
        project = Project({f"docs/{mutation.page}": text})
        setups = ("--setups", str(CORPUS / "setups.json"))
        told = project.run("run", "docs", "--derive", *setups, "--json", "-")
        results = json.loads(told.out)["results"]
        return {
            re.sub(r"status_\d+", "status", each["id"])
            for each in results
            if each["outcome"] == "passed"
        }

    return bool(passed(mutation.span.source.text) - passed(mutation.text))


def test_of_forty_changes_at_least_38_are_found_with_the_cases_of_the_prose() -> None:
    without_cluster = {each: bool(new_problems(each)) for each in drawn()}
    lost = [
        str(each)
        for each, found in without_cluster.items()
        if not found and not (each.kind == "code" and found_live(each))
    ]
    assert len(without_cluster) == 4 * OF_EACH
    assert len(lost) <= 2, lost


def test_a_changed_code_is_found_where_the_page_or_the_document_contradicts_it() -> None:
    """The document lists 200 alone, so a code of an error is only known by its own label.

    What is left here is found by a case that brings that error about, on a live target.
    """
    codes = [each for each in drawn() if each.kind == "code"]
    lost = [each for each in codes if not new_problems(each)]
    assert {each.old for each in lost} <= {"201", "400", "404"}
    for each in lost:
        assert "(Missing resources)" not in each.span.source.line_text(each.span.line)


def test_nothing_is_told_but_of_the_changed_spot() -> None:
    false = [
        f"{each}: {problem}"
        for each in drawn()
        for problem in new_problems(each)
        if not about(each, problem)
    ]
    assert false == []
