"""What `SPECGEN[…]` asks of the steps of a case: values of the plan, problems of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from specgen.dialect.leniency import ApiLeniency, Leniency
from specgen.dialect.values import Marker, MarkerKind, Option, OptionName, Snippet
from specgen.plan.values import CheckStep, MatchStep, RequestStep, Step, YamlStep
from specgen.pointers import key_of
from specgen.problems import Problem

__all__ = [
    "OF_BODIES",
    "OwnOptions",
    "SnippetUse",
    "after_request",
    "kept_values",
    "pointers_of",
    "requirements_of",
    "softened",
]

# Which requirement can be asked of a target, and how it is written.
REQUIREMENT = re.compile(
    r"version(?:>=|<=|==|>|<)\d+(?:\.\d+)*|distribution=[\w-]+|api=[\w/{}.-]+", re.ASCII
)
# The options that name places of a body, in the order of `Leniency`.
OF_BODIES = (OptionName.IGNORE, OptionName.SHAPE, OptionName.UNORDERED, OptionName.AT_LEAST)
OF_RESPONSES = frozenset({*OF_BODIES, OptionName.EVENTUALLY})
OF_PAGES = frozenset({*OF_BODIES, OptionName.REQUIRES})
# What `$body` is to a page already.
TAKEN = "body"


class SnippetUse(Enum):
    """What a snippet is, with the options that have a meaning there."""

    REQUEST = ("a request", frozenset({OptionName.SET, OptionName.REQUIRES}))
    RESPONSE = ("a response", frozenset({OptionName.SET, *OF_RESPONSES}))
    SETUP = ("the setup of the page", frozenset({OptionName.SET}))
    TEARDOWN = ("the teardown of the page", frozenset[OptionName]())
    NOTHING = ("no test", frozenset({OptionName.NOT_A_TEST}))


@dataclass(slots=True)
class OwnOptions:
    """What holds for the whole page, and what is wrong with options wherever they stand.

    Attributes:
        page: The options above its first snippet.
        defaults: What the configuration says of its responses.
        problems: What is wrong.
    """

    page: tuple[Option, ...] = ()
    defaults: tuple[ApiLeniency, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def of_page(cls, markers: Sequence[Marker], defaults: Sequence[ApiLeniency]) -> OwnOptions:
        """What the markers above the first snippet say, and the configuration."""
        own = cls(defaults=tuple(defaults))
        options = [option for marker in markers for option in marker.options]
        own.page = tuple(option for option in options if option.name in OF_PAGES)
        for option in options:
            if option.name not in OF_PAGES:
                own.refuse(option, "speaks for one snippet", "move it below that snippet's markers")
        return own

    def refuse(self, option: Option, why: str, hint: str) -> None:
        """Notes that an option cannot be followed where it stands."""
        message = f"`{option.name.value}` {why}"
        problem = Problem.error("bad-option", option.span, message, hint)
        if problem not in self.problems:  # what a page says is looked at for each of its snippets
            self.problems.append(problem)

    def look_at(self, snippet: Snippet, use: SnippetUse) -> None:
        """Refuses the options of a snippet that say nothing of what it is."""
        what, known = use.value
        for option in _own(snippet):
            if option.name not in known:
                for_what, hint = _meant_for(option.name)
                self.refuse(option, f"speaks for {for_what}, and this is {what}", hint)


def _meant_for(name: OptionName) -> tuple[str, str]:
    """What an option speaks for, and where to move it."""
    if name in OF_RESPONSES:
        return "a response", "move it below the markers of the response"
    if name is OptionName.REQUIRES:
        return "a request", "move it to the request, or above the first snippet of the page"
    if name is OptionName.SET:
        return "an answer", "move it below the request whose answer has the value"
    return "an example that is no test", "take it out, or all other markers"


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
                _refuse_requirement(own, option, text)
    return tuple(found)


def _refuse_requirement(own: OwnOptions, option: Option, text: str) -> None:
    hint = "known: version>=8.12, distribution=elasticsearch, api=_connector"
    if re.split(r"[:/]", text, maxsplit=1)[0] in list(OptionName):
        hint = "no option may follow `requires`: put it last, or on a line of its own"
    own.refuse(option, f"cannot be asked of a target: {text!r}", hint)


def after_request(own: OwnOptions, snippet: Snippet) -> Iterator[Step]:
    """The steps that follow a snippet of requests."""
    own.look_at(snippet, SnippetUse.REQUEST)
    yield from kept_values(own, snippet)


def softened(
    own: OwnOptions, snippet: Snippet, step: MatchStep, before: Sequence[Step]
) -> Iterator[Step]:
    """The comparison of a response as its page asks for it, and the steps that follow.

    Args:
        own: What holds for the whole page.
        snippet: The response.
        step: Its comparison, as strict as it can be.
        before: The steps that the case has so far.
    """
    own.look_at(snippet, SnippetUse.RESPONSE)
    mine = _own(snippet)
    # What is said of more than this response holds beside what the response says of itself.
    leniency = Leniency(*(tuple(pointers_of((*own.page, *mine), name)) for name in OF_BODIES))
    path = _path_asked(before)
    for default in own.defaults:
        leniency = leniency.with_more(default.leniency) if default.holds(path) else leniency
    waits = [option for option in mine if option.name is OptionName.EVENTUALLY]
    within = _seconds(waits[-1].value) if waits else 0.0
    yield MatchStep(step.expectation, step.span, leniency, within)
    yield from kept_values(own, snippet)


def kept_values(own: OwnOptions, snippet: Snippet) -> Iterator[Step]:
    """The steps that keep values of the answer before them."""
    for option in snippet.options(OptionName.SET):
        name, _, pointer = option.value.partition("=")
        if name == TAKEN:
            own.refuse(option, "cannot be called body: that is the last answer", "choose another")
        keys = map(key_of, pointer.split("/")[1:])
        field_path = ".".join(key.replace(".", r"\.") for key in keys)
        yield CheckStep("keep", field_path, name, option.span)


def _path_asked(steps: Sequence[Step]) -> str:
    """The path of the last request among steps; empty if there is none."""
    for step in reversed(steps):
        if isinstance(step, RequestStep):
            return step.request.path
        if isinstance(step, YamlStep) and (path := _path_asked(step.steps)):
            return path
    return ""


def _own(snippet: Snippet) -> list[Option]:
    markers = (marker for marker in snippet.markers if marker.kind is MarkerKind.SPECGEN)
    return [option for marker in markers for option in marker.options]


def pointers_of(options: Sequence[Option], name: OptionName) -> Iterator[str]:
    """The pointers of all options of one name, each once."""
    pointers = (option.value.split(",") for option in options if option.name is name)
    yield from dict.fromkeys(pointer for each in pointers for pointer in each)


def _seconds(text: str) -> float:
    return float(text[:-2]) / 1000 if text.endswith("ms") else float(text[:-1])
