"""SARIF 2.1.0: what code scanning shows on the line of a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import version
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

__all__ = ["problems_sarif"]

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
    driver = ToolDriver(name="specgen", version=version("specgen"), rules=rules)
    results = [_result(problem, codes, shown) for problem in problems]
    run = Run(tool=Tool(driver=driver), results=results, columnKind="unicodeCodePoints")
    document = Sarif(schema_uri=SCHEMA, runs=[run])
    text: str = document.model_dump_json(indent=1, by_alias=True, exclude_none=True)
    return text


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
    uri = quote(shown(span.source.path).replace("\\", "/"))
    place = PhysicalLocation(artifactLocation=ArtifactLocation(uri=uri), region=region)
    return Location(physicalLocation=place, message=Message(text=message) if message else None)
