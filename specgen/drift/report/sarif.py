"""SARIF 2.1.0: what code scanning shows on the line of a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from sarif_pydantic import (  # type: ignore[import-untyped]
    ArtifactLocation,
    Level,
    Location,
    Message,
    PhysicalLocation,
    Region,
    ReportingDescriptor,
    Result,
    Run,
    Sarif,
    Tool,
    ToolDriver,
)

from specgen.problems import CODES, Problem, Severity
from specgen.source import Span

__all__ = ["location_at", "problems_sarif", "sarif_text"]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {
    Severity.ERROR: Level.ERROR,
    Severity.WARNING: Level.WARNING,
    Severity.NOTE: Level.NOTE,
}


def problems_sarif(problems: Sequence[Problem], shown: Callable[[str], str]) -> str:
    """One run with a result a problem, as JSON text.

    Args:
        problems: In the order in which they are listed.
        shown: Gives a page's path relative to where the command runs, as code scanning
            expects it: relative to the root of the repository.
    """
    codes = sorted({problem.code for problem in problems})
    rules = [
        ReportingDescriptor(id=code, shortDescription=Message(text=CODES[code])) for code in codes
    ]
    return sarif_text(rules, [_result(problem, codes, shown) for problem in problems])


def sarif_text(
    rules: Sequence[ReportingDescriptor], results: Sequence[Result], **properties: Any
) -> str:
    """A document with one run, as JSON text.

    Args:
        rules: What results refer to, by their indexes.
        results: In the order in which they are listed.
        properties: What else is told of the run.
    """
    driver = ToolDriver(name="specgen", version=version("specgen"), rules=list(rules))
    run = Run(
        tool=Tool(driver=driver),
        results=list(results),
        columnKind="unicodeCodePoints",
        **({"properties": properties} if properties else {}),
    )
    document = Sarif(schema_uri=SCHEMA, runs=[run])
    text: str = document.model_dump_json(indent=1, by_alias=True, exclude_none=True)
    return text


def location_at(file: str, region: Region, message: str = "") -> Location:
    """A place in a file.

    Args:
        file: Its path relative to the root of the repository.
        region: Where in it.
        message: What is there, if this is a related place.
    """
    uri = quote(file.replace("\\", "/"), errors="replace")
    place = PhysicalLocation(artifactLocation=ArtifactLocation(uri=uri), region=region)
    return Location(physicalLocation=place, message=Message(text=message) if message else None)


def _result(problem: Problem, codes: list[str], shown: Callable[[str], str]) -> Result:
    text = f"{problem.message}; {problem.hint}" if problem.hint else problem.message
    related = [_location(each.span, shown, each.message) for each in problem.related]
    return Result(
        ruleId=problem.code,
        ruleIndex=codes.index(problem.code),
        level=LEVELS[problem.severity],
        message=Message(text=text),
        locations=[_location(problem.span, shown)],
        relatedLocations=related or None,
    )


def _location(span: Span, shown: Callable[[str], str], message: str = "") -> Location:
    start, end = span.place, span.source.locate(max(span.start, span.end))
    region = Region(
        startLine=start.line, startColumn=start.column, endLine=end.line, endColumn=end.column
    )
    return location_at(shown(span.source.path), region, message)
