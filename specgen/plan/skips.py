"""What pages leave out: the skips of a page, and the page as if it had none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from specgen.dialect.snippets import Reading, span_of
from specgen.dialect.values import Marker, Option, OptionName, Snippet
from specgen.plan.values import PagePlan, Role, Skip, SkipKind

__all__ = ["skips_of", "without_skips"]

# What leaves a snippet out, by what became of it.
LEFT_OUT: Mapping[Role, tuple[SkipKind, OptionName]] = MappingProxyType(
    {
        Role.TEST: (SkipKind.TEST, OptionName.SKIP),
        Role.NOT_COMPARED: (SkipKind.RESPONSE, OptionName.SKIP),
        Role.NOTHING: (SkipKind.NOT_A_TEST, OptionName.NOT_A_TEST),
    }
)


def skips_of(plan: PagePlan, snippets: Sequence[Snippet]) -> Iterator[Skip]:
    """The skips of a page in page order.

    Args:
        plan: The page.
        snippets: All of its snippets, as it was planned from them.
    """
    cases, case = iter(plan.cases), ""
    for snippet, role in zip(snippets, plan.roles, strict=True):
        if role.role is Role.TEST:
            case = next(cases).id
        kind, name = LEFT_OUT.get(role.role, (SkipKind.TEST, None))
        if name and (option := snippet.option(name)):
            of = "" if kind is SkipKind.NOT_A_TEST else case
            yield Skip(kind, option.span, of, option.value.strip(), span_of(snippet))


def without_skips(reading: Reading) -> Reading:
    """The same snippets, none of them skipped."""
    return replace(reading, snippets=tuple(map(_unskipped, reading.snippets)))


def _unskipped(snippet: Snippet) -> Snippet:
    return replace(snippet, markers=tuple(map(_without_skip, snippet.markers)))


def _without_skip(marker: Marker) -> Marker:
    def kept(option: Option) -> bool:
        return option.name is not OptionName.SKIP

    return replace(marker, options=tuple(filter(kept, marker.options)))
