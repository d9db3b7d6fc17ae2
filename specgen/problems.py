"""What is wrong with a page, as a value: readers return problems and go on reading."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from specgen.source import Span

__all__ = ["CODES", "HINTS", "Problem", "Related", "Severity"]


class Severity(StrEnum):
    """How much a problem matters; only an error makes a page unreadable in part."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


# Every code there is, with what it means in one line. A code is a short stable word that
# reads well after "allow"; `Problem` refuses any other.
CODES: dict[str, str] = {
    "asciidoc3": "the program asciidoc3 finds something wrong with the page",
    "bad-allow": "a `specgen: allow` comment says nothing that specgen understands",
    "bad-body": "the body of a request is not made of JSON objects",
    "bad-conditional": "an ifdef, ifndef, ifeval or endif cannot be understood",
    "bad-option": "an option of a marker cannot be read",
    "bad-order": "a marker stands where the rules of the dialect do not allow it",
    "bad-regex": "a regular expression of the page cannot be used",
    "bad-request": "a line of a console snippet is no request",
    "bad-yaml": "YAML steps inside a snippet cannot be read",
    "bidi-control": "a hidden character turns the direction in which a line is read",
    "broken-text": "a file holds bytes that are no UTF-8",
    "candidate": "a snippet looks like an example but nothing marks it as a test",
    "catch-lost": "a catch stands on a comment and so expects nothing",
    "duplicate-name": "two snippets of a page have the same name",
    "endless-include": "includes are nested too deep, mostly since a file includes itself",
    "expected-not-json": "an expected response cannot be read",
    "glued-snippets": "no line at all between one snippet and the next",
    "long-title": "titles are too long to be converted",
    "missing-language": "a snippet has no language",
    "misspelt-marker": "a comment looks like a marker and is none",
    "near-label": "a line looks like the label of what is documented and is none",
    "near-title": "a line looks like the title of a section and is none",
    "no-effect": "a marker, or a substitution in one, changes nothing",
    "no-success": "no code of success is listed, though examples succeed",
    "no-test": "a page shows requests and tests none, or a test sends none",
    "odd-code": "a response code does not exist, comes twice, or is not what stands beside it",
    "old-form": "an old form of a marker, which still works",
    "open-block": "a delimited block is still open at the end of what holds it",
    "open-conditional": "an ifdef, ifndef or ifeval is still open at the end of the page",
    "open-tag": "a tag of an included file is not closed, or closes none",
    "openapi-code": "a page and the OpenAPI document tell different response codes",
    "openapi-example": "the OpenAPI document does not allow an example of the page",
    "openapi-name": "a parameter or field is in the page or in the OpenAPI document alone",
    "openapi-need": "a parameter or field is required in the page or in the OpenAPI document alone",
    "openapi-operation": "a documented request is no operation of the OpenAPI document",
    "openapi-type": "a parameter or field has another type in the OpenAPI document",
    "openapi-undocumented": "an operation of the OpenAPI document stands on no page",
    "outside-include": "an include leads out of the docs root",
    "path-parameter": "path parameters and paths of a page do not fit together",
    "remote-include": "an include names a URL, which is not read",
    "status-only": "a response is shown but not compared, so only a status is checked",
    "too-deep": "blocks and lists are nested too deep to be read",
    "too-many-includes": "a page includes too much",
    "too-wide": "an indentation or a tab is wider than any page needs",
    "two-views": "the line reader and AsciiDoc see different blocks here",
    "unclosed-string": 'a """ string is not closed',
    "undocumented-field": "an example and the lists of its page do not fit together",
    "unknown-catch": "a catch names no error class that we know",
    "unknown-form": "the page names a language that cannot be a test",
    "unknown-setup": "a named setup does not exist",
    "unknown-tag": "an include asks for a tag that the file does not have",
    "unpaired-marker": "a marker has no snippet before it",
    "unresolved-include": "an include names no file that can be read",
    "unused-allow": "a `specgen: allow` comment allows what is not wrong",
}

# What to do about a problem where its place tells nothing better.
HINTS: dict[str, str] = {
    "asciidoc3": "asciidoc3 is a second opinion: mend the page, or allow it if the page is right",
    "bad-body": "a body is one or several JSON objects; // and /* */ comments may stand between",
    "bad-conditional": "each ifdef::name[], ifndef::name[], ifeval::[…] has its own endif::[]",
    "bad-regex": "patterns are Java's: put a backslash before what is meant as it stands",
    "bad-yaml": "between startyaml and endyaml, and in a setup, stands a list of YAML REST steps",
    "bidi-control": "take it out; JSON, if it is meant there, has it as \\u and four digits",
    "broken-text": "save the file as UTF-8",
    "endless-include": "take out the include that leads back, or bring only a part of it by tag",
    "long-title": "shorten it, or make several of it",
    "near-label": "end the label with ::, and begin the text on the next line or after a space",
    "near-title": "leave an empty line above it, and above its anchor",
    "open-tag": "write tag::NAME[] where the part begins and end::NAME[] where it ends",
    "remote-include": "copy the file below the docs root, and include it from there",
    "too-deep": "close the blocks and lists above: mostly one of them was forgotten",
    "too-many-includes": "include less, or split the page",
    "too-wide": "write the number of columns that is meant: mostly 0, 2, 4 or 8",
    "unclosed-string": 'write """ where the string ends',
    "unknown-tag": "write tag::NAME[] and end::NAME[] in that file, or correct the name here",
    "unresolved-include": "correct the path, or write opts=optional if the file may be missing",
}


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that explains a problem, such as the line that includes a file."""

    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong at one place of a page.

    Attributes:
        code: A word of `CODES`.
        severity: How much it matters.
        span: Where it is.
        message: What was expected and what was found, in one sentence.
        hint: What to do about it; where none is given, what `HINTS` says of its code.
        related: Second places.
    """

    code: str
    severity: Severity
    span: Span
    message: str
    hint: str = ""
    related: tuple[Related, ...] = ()

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"no such problem code: {self.code}")
        if not self.hint:
            object.__setattr__(self, "hint", HINTS.get(self.code, ""))

    @classmethod
    def error(cls, code: str, span: Span, message: str, hint: str = "") -> Problem:
        """A problem because of which a part of the page could not be read."""
        return cls(code, Severity.ERROR, span, message, hint)

    @classmethod
    def warning(cls, code: str, span: Span, message: str, hint: str = "") -> Problem:
        """A problem that changes no verdict and is most likely a slip."""
        return cls(code, Severity.WARNING, span, message, hint)

    def __str__(self) -> str:
        return f"{self.span}: {self.severity.value}[{self.code}] {self.message}"
