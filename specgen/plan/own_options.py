"""What `SPECGEN[…]` asks of the steps of a case: values of the plan, problems of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from specgen.dialect.leniency import Leniency
from specgen.dialect.values import Marker, MarkerKind, Option, OptionName, Snippet
from specgen.plan.values import CheckStep, MatchStep, Step
from specgen.problems import Problem

__all__ = ["OwnOptions", "after_request", "requirements_of", "softened"]

# Which requirement can be asked of a target, and how it is written.
REQUIREMENT = re.compile(
    r"version(?:>=|<=|==|>|<)\d+(?:\.\d+)*|distribution=[\w-]+|api=[\w/{}.-]+", re.ASCII
)
OF_RESPONSES = (
    OptionName.IGNORE,
    OptionName.SHAPE,
    OptionName.UNORDERED,
    OptionName.AT_LEAST,
    OptionName.EVENTUALLY,
)
OF_PAGES = (*OF_RESPONSES[:4], OptionName.REQUIRES)


@dataclass(slots=True)
class OwnOptions:
    """What holds for the whole page, and what is wrong with options wherever they stand."""

    page: tuple[Option, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def of_page(cls, markers: Sequence[Marker]) -> OwnOptions:
        """What the markers above the first snippet say."""
        own = cls()
        options = [option for marker in markers for option in marker.options]
        own.page = tuple(option for option in options if option.name in OF_PAGES)
        for option in options:
            if option.name not in OF_PAGES:
                own.refuse(option, "speaks for one snippet", "move it below that snippet's markers")
        return own

    def refuse(self, option: Option, why: str, hint: str) -> None:
        """Notes that an option cannot be followed where it stands."""
        message = f"`{option.name.value}` {why}"
        self.problems.append(Problem.error("bad-option", option.span, message, hint))


def requirements_of(own: OwnOptions, snippet: Snippet) -> tuple[str, ...]:
    """What a target must be or know for a snippet to hold there, page first."""
    options = [o for o in own.page if o.name is OptionName.REQUIRES]
    options += snippet.options(OptionName.REQUIRES)
    found: dict[str, None] = {}
    for option in options:
        for text in re.split(r"[ ,]+", option.value.strip()):
            if REQUIREMENT.fullmatch(text):
                found[text] = None
            else:
                hint = "known: version>=8.12, distribution=elasticsearch, api=_connector"
                own.refuse(option, f"cannot be asked of a target: {text!r}", hint)
    return tuple(found)


def after_request(own: OwnOptions, snippet: Snippet) -> Iterator[Step]:
    """The steps that follow a snippet of requests."""
    for option in _own(snippet):
        if option.name is OptionName.SET:
            yield _kept(option)
        elif option.name in OF_RESPONSES:
            hint = "move it below the markers of the response"
            own.refuse(option, "speaks for a response, and this is a request", hint)


def softened(own: OwnOptions, snippet: Snippet, step: MatchStep) -> Iterator[Step]:
    """The comparison of a response as its page asks for it, and the steps that follow."""
    mine = _own(snippet)
    for option in mine:
        if option.name is OptionName.REQUIRES:
            own.refuse(option, "speaks for a request, and this is a response", "move it there")
    # What a page says of all its responses holds beside what a response says of itself.
    places = {
        name: tuple(_pointers((*own.page, *mine), name))
        for name in (OptionName.IGNORE, OptionName.SHAPE, OptionName.UNORDERED, OptionName.AT_LEAST)
    }
    leniency = Leniency(*places.values())
    waits = [option for option in mine if option.name is OptionName.EVENTUALLY]
    within = _seconds(waits[-1].value) if waits else 0.0
    yield MatchStep(step.expectation, step.span, leniency, within)
    yield from (_kept(option) for option in mine if option.name is OptionName.SET)


def _own(snippet: Snippet) -> list[Option]:
    markers = (marker for marker in snippet.markers if marker.kind is MarkerKind.SPECGEN)
    return [option for marker in markers for option in marker.options]


def _pointers(options: Sequence[Option], name: OptionName) -> Iterator[str]:
    for option in options:
        if option.name is name:
            yield from dict.fromkeys(option.value.split(","))


def _seconds(text: str) -> float:
    return float(text[:-2]) / 1000 if text.endswith("ms") else float(text[:-1])


def _kept(option: Option) -> CheckStep:
    name, _, pointer = option.value.partition("=")
    keys = (part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
    field_path = ".".join(key.replace(".", r"\.") for key in keys)
    return CheckStep("set", field_path, name, option.span)
