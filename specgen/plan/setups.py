"""Named setups: `TEST[setup:NAME]` and where the names come from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from specgen.dialect.requests import find_parts
from specgen.dialect.values import Form, Option, Request, Snippet
from specgen.errors import UsageProblem
from specgen.nearest import nearest
from specgen.plan.values import NamedSetup, RequestStep, SetupRole, SetupStep
from specgen.plan.yaml_steps import read_yaml_steps
from specgen.problems import Problem
from specgen.source import MappedText, Source, Span

__all__ = ["NO_SETUPS", "NamedSetups", "read_setups", "setup_steps", "teardown_steps"]

# How many names a hint lists.
MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class NamedSetups:
    """All setups by name, and the teardowns that go by the same option."""

    setups: tuple[NamedSetup, ...] = ()
    teardown_setups: tuple[NamedSetup, ...] = ()

    def find(self, name: str) -> NamedSetup | None:
        """The setup of that name."""
        return next((setup for setup in self.setups if setup.name == name), None)

    @property
    def teardowns(self) -> NamedSetups:
        """The teardowns, to be found by name in the same way."""
        return NamedSetups(self.teardown_setups)


NO_SETUPS = NamedSetups()


def setup_steps(
    setups: NamedSetups, option: Option, form: Form
) -> tuple[list[SetupStep], list[Problem]]:
    """The setups that an option names, in its order; each name not found is a problem.

    A setup brings the teardown of its own name along, if there is one.
    """
    steps, problems = _named(setups, option, form, SetupRole.SETUP)
    own = [each.setup.name for each in steps if setups.teardowns.find(each.setup.name)]
    if own:
        names = replace(option, value=",".join(own))
        after, trouble = _named(setups.teardowns, names, form, SetupRole.OWN_TEARDOWN)
        steps, problems = [*steps, *after], [*problems, *trouble]
    return steps, problems


def teardown_steps(
    setups: NamedSetups, option: Option, form: Form
) -> tuple[list[SetupStep], list[Problem]]:
    """The teardowns that an option names, in its order; each name not found is a problem."""
    return _named(setups.teardowns, option, form, SetupRole.TEARDOWN)


def _named(
    setups: NamedSetups, option: Option, form: Form, role: SetupRole
) -> tuple[list[SetupStep], list[Problem]]:
    steps: list[SetupStep] = []
    problems: list[Problem] = []
    offset = option.span.end - len(option.value)
    for name in option.value.split(","):
        place = option.span.source.span(offset, offset + len(name))
        offset += len(name) + 1
        setup = setups.find(name)
        if setup is None:
            problems.append(_unknown(name, setups, place, role))
            continue
        if setup.yaml:
            inside, trouble = read_yaml_steps(setup.text, option.span)
        else:
            inside, trouble = _console_steps(setup, form)
        problems += trouble
        steps.append(SetupStep(setup, role, inside, option.span))
    return steps, problems


def _unknown(name: str, setups: NamedSetups, place: Span, role: SetupRole) -> Problem:
    noun = "setup" if role is SetupRole.SETUP else "teardown"
    known = [setup.name for setup in setups.setups]
    if close := nearest(name, known):
        hint = f"did you mean {close!r}?"
    elif known:
        hint = f"known: {', '.join(known[:MOST_NAMES])}{', …' if len(known) > MOST_NAMES else ''}"
    else:
        hint = f"there are no named {noun}s: name a folder or a JSON file of them with --setups"
    return Problem.error("unknown-setup", place, f"no {noun} is named {name!r}", hint)


def _console_steps(
    setup: NamedSetup, form: Form
) -> tuple[tuple[RequestStep, ...], tuple[Problem, ...]]:
    text = setup.text if setup.text.endswith("\n") else f"{setup.text}\n"
    source = Source.of(setup.origin, text)
    span = Span(source, 0, len(source.text))
    snippet = Snippet("console", setup.name, MappedText.of(span), (), "", span, span, span)
    parts, problems = find_parts(snippet, form)
    requests = (part for part in parts if isinstance(part, Request))
    return tuple(RequestStep(part, "", (), False, part.span) for part in requests), problems


def read_setups(path: Path) -> NamedSetups:
    """Reads named setups from a folder or a JSON file, in the forms of `--setups`.

    Raises:
        UsageProblem: There is no such path, or it cannot be read as setups.
    """
    if path.is_dir():
        return _read_folder(path)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as trouble:
        raise UsageProblem(f"the setups in {path} cannot be read: {trouble}") from trouble
    if not isinstance(document, dict):
        raise UsageProblem(f"the setups in {path} are no JSON object")
    nested = isinstance(document.get("setups"), dict)
    setups = document["setups"] if nested else document
    teardowns = document.get("teardowns", {}) if nested else {}
    return NamedSetups(_from_json(setups, path), _from_json(teardowns, path))


def _from_json(texts: Mapping[str, object], path: Path) -> tuple[NamedSetup, ...]:
    for name, text in texts.items():
        if not isinstance(text, str):
            raise UsageProblem(f"the setup {name!r} in {path} is no text")
    return tuple(NamedSetup(name, str(text), True, path.name) for name, text in texts.items())


def _read_folder(folder: Path) -> NamedSetups:
    setups: list[NamedSetup] = []
    teardowns: list[NamedSetup] = []
    for path in sorted(folder.iterdir()):
        if path.suffix not in {".console", ".yml"} or not path.is_file():
            continue
        name = path.name.removesuffix(path.suffix)
        into = teardowns if name.endswith(".teardown") else setups
        text = path.read_text(encoding="utf-8", errors="replace")
        into.append(
            NamedSetup(name.removesuffix(".teardown"), text, path.suffix == ".yml", path.name)
        )
    return NamedSetups(tuple(setups), tuple(teardowns))
