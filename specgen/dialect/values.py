"""The nouns of the dialect: markers, snippets, requests and expectations."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from specgen.dialect.form import Form
from specgen.source import MappedText, Span

__all__ = [
    "Comment",
    "Expectation",
    "Form",
    "Marker",
    "MarkerKind",
    "Option",
    "OptionName",
    "Part",
    "Request",
    "Snippet",
    "YamlSteps",
]


class MarkerKind(StrEnum):
    """The words that a marker can be."""

    CONSOLE = "CONSOLE"
    NOTCONSOLE = "NOTCONSOLE"
    TEST = "TEST"
    TESTRESPONSE = "TESTRESPONSE"
    TESTSETUP = "TESTSETUP"
    TEARDOWN = "TEARDOWN"
    SPECGEN = "SPECGEN"


class OptionName(StrEnum):
    """The options that `TEST[…]` and `TESTRESPONSE[…]` know, then those of `SPECGEN[…]`."""

    SUBSTITUTE = "s"
    CATCH = "catch"
    SKIP = "skip"
    CONTINUED = "continued"
    SETUP = "setup"
    TEARDOWN = "teardown"
    WARNING = "warning"
    SKIP_SHARD_FAILURES = "skip_shard_failures"
    NON_JSON = "non_json"
    IGNORE = "ignore"
    SHAPE = "shape"
    UNORDERED = "unordered"
    AT_LEAST = "at-least"
    SET = "set"
    EVENTUALLY = "eventually"
    REQUIRES = "requires"
    NOT_A_TEST = "not-a-test"


@dataclass(frozen=True, slots=True)
class Option:
    r"""One option of a marker.

    Attributes:
        name: Which one.
        value: What follows its colon, as written; for a substitution its pattern.
        replacement: Of a substitution, as written but for `\\/`.
        span: The option, without the space after it.
    """

    name: OptionName
    value: str
    span: Span
    replacement: str = ""


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker line with its options; its place is its own, not its snippet's."""

    kind: MarkerKind
    options: tuple[Option, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Snippet:
    """A block between two dashes lines, and what its markers say of it.

    Attributes:
        language: As in `[source,LANG]`; empty where it is missing.
        name: Its own name, or empty.
        contents: Its text after callouts were removed and substitutions made.
        markers: In page order.
        test_env: The `[testenv=…]` that holds here (2018), or empty.
        opening: The opening dashes.
        closing: The closing dashes; the end of the page where they are missing.
        in_page: Its stretch of the page itself; where another file holds its ends, the
            `include::` lines that bring them.
        unmade: Why its contents are not what the page means, since a substitution could not be
            made; empty if all were.
    """

    language: str
    name: str
    contents: MappedText
    markers: tuple[Marker, ...]
    test_env: str
    opening: Span
    closing: Span
    in_page: Span
    unmade: str = ""

    @property
    def line(self) -> int:
        """The line of the opening dashes."""
        return self.opening.line

    @property
    def end_line(self) -> int:
        """The line of the closing dashes."""
        return self.closing.line

    def marked(self, kind: MarkerKind) -> bool:
        """Whether one of its markers is of this kind."""
        return any(marker.kind is kind for marker in self.markers)

    def options(self, name: OptionName, kind: MarkerKind | None = None) -> tuple[Option, ...]:
        """Its options of that name, of all markers or of those of one kind, in order."""
        return tuple(
            option
            for marker in self.markers
            if kind is None or marker.kind is kind
            for option in marker.options
            if option.name is name
        )

    def option(self, name: OptionName) -> Option | None:
        """The option of that name that counts: the last one."""
        found = self.options(name)
        return found[-1] if found else None

    @property
    def console(self) -> bool | None:
        """What CONSOLE or NOTCONSOLE say; None where neither stands."""
        if self.marked(MarkerKind.NOTCONSOLE):
            return False
        return True if self.marked(MarkerKind.CONSOLE) else None


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a console snippet.

    Attributes:
        method: Upper case.
        path: Without a leading slash and without its query; `<` and `>` encoded.
        query: Names and values as written.
        body: Its lines, triple-quoted strings untouched; None where there is none.
        text: All of the request, from the method on.
        span: Where it stands.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    body: MappedText | None
    text: MappedText
    span: Span


@dataclass(frozen=True, slots=True)
class Comment:
    """A `# comment` line between requests."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class YamlSteps:
    """Steps of a YAML REST test between `startyaml` and `endyaml`, verbatim."""

    text: MappedText
    span: Span


Part = Request | Comment | YamlSteps


@dataclass(frozen=True, slots=True)
class Expectation:
    """A documented response body.

    Attributes:
        text: After substitutions; triple-quoted strings untouched.
        span: From the opening dashes of its snippet to the closing ones.
    """

    text: MappedText
    span: Span
