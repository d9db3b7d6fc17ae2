"""Holds pages against an OpenAPI document: their contracts, and the examples they show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from specgen.contract.openapi.comparing import contract_problems, document_problems
from specgen.contract.openapi.document import OpenApi
from specgen.contract.openapi.examples import example_problems
from specgen.contract.openapi.operations import operations_of
from specgen.drift.checks.shown import examples_of
from specgen.plan.reading import PageStages
from specgen.problems import Problem

__all__ = ["page_against", "pages_against"]


def page_against(document: OpenApi, stages: PageStages) -> Iterator[Problem]:
    """What of one page the document has otherwise, or has not.

    Raises:
        UsageProblem: A part of the document cannot be used.
    """
    operations = operations_of(document)
    contracts = stages.contracts
    for contract in contracts:
        yield from contract_problems(document, operations, contract)
    documented = tuple(endpoint for contract in contracts for endpoint in contract.endpoints)
    for example in examples_of(stages):
        yield from example_problems(document, operations, example, documented)


def pages_against(document: OpenApi, pages: Sequence[PageStages]) -> Iterator[Problem]:
    """What no page has, told once.

    Raises:
        UsageProblem: A part of the document cannot be used.
    """
    contracts = [contract for stages in pages for contract in stages.contracts]
    yield from document_problems(document, operations_of(document), contracts)
