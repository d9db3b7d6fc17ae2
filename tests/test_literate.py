"""Runs the cases of `literate/*.md`: a page, and what specgen sees in it or tells of it.

A case is a `##` heading with fenced blocks below it:

    page [FORM] [NAME=VALUE …]   the page, called `page.adoc`; `␠` is a space, `␉` a tab, and
                                 `⟦3:x⟧` stands for `xxx`, `⟦U+202E⟧` for that character,
                                 `⟦0xff⟧` for that byte, which a `check` alone can be given
    setup NAME [yaml] [teardown] a named setup
    file PATH                    another file, for `check` and `parse`
    form                         the form that the page is read in
    snippets                     every snippet: lines, language, markers, contents
    plan                         setup, teardown and cases with their steps
    problems                     every problem; without this block there must be none
    check [OPTION …]             what `specgen check OPTION … page.adoc` tells people
    parse [OPTION …]             the same of `specgen parse`, where a case has no `problems`

`--update-golden` writes the blocks `check`, `parse` and `problems` anew; the others are written
by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from project import Project

from specgen.dialect.contents import Substitution
from specgen.dialect.values import Form, Option, OptionName, Snippet
from specgen.files import MemoryFiles
from specgen.plan.reading import PageStages, stages_of
from specgen.plan.setups import NamedSetups
from specgen.plan.values import (
    Case,
    CheckStep,
    MatchStep,
    NamedSetup,
    NoteStep,
    PagePlan,
    RequestStep,
    SetupStep,
    Step,
)
from specgen.problems import CODES, Problem

FOLDER = Path(__file__).resolve().parent / "literate"
BLOCK = re.compile(r"^```(?P<info>\w[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
SEEN = ("form", "snippets", "plan", "problems")
TOLD = ("check", "parse")
REWRITTEN = (*TOLD, "problems")
MESSAGE = re.compile(r"^\S+:\d+:\d+: .*\n(?: +[|=].*\n|\d+ \|.*\n)*", re.MULTILINE)
WHOLE = re.compile(
    r"\S+:(?P<line>\d+):\d+: \w+\[(?P<code>[\w-]+)\] .+\n"
    r" +\|\n(?P=line) \| .*\S.*\n +\| *\^+\n +=\ help: .+"
)
CHARACTER = re.compile(r"⟦U\+([0-9A-F]{4,6})⟧")
BYTE = re.compile(r"⟦0x([89a-f][0-9a-f])⟧")
REPEATED = re.compile(r"⟦(\d+):(.*?)⟧", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    kind: str
    words: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class LiterateCase:
    title: str
    blocks: tuple[Block, ...]

    def expected(self) -> dict[str, str]:
        kinds = {block.kind for block in self.blocks}
        unsaid = {} if kinds & set(TOLD) else {"problems": ""}
        return unsaid | {b.kind: b.text for b in self.blocks if b.kind in (*SEEN, *TOLD)}


def cases_of(markdown: str) -> Iterator[LiterateCase]:
    for section in re.split(r"^## ", markdown, flags=re.MULTILINE)[1:]:
        title, _, rest = section.partition("\n")
        blocks = []
        for found in BLOCK.finditer(rest):
            kind, *words = found["info"].split()
            blocks.append(Block(kind, tuple(words), _written_out(found["text"], kind)))
        yield LiterateCase(title.strip(), tuple(blocks))


def _written_out(text: str, kind: str) -> str:
    if kind not in {"page", "file"}:
        return text if kind in TOLD else text.replace("␠", " ").replace("␉", "\t")
    text = text.replace("␠", " ").replace("␉", "\t")
    text = CHARACTER.sub(lambda found: chr(int(found[1], 16)), text)
    text = BYTE.sub(lambda found: chr(0xDC00 + int(found[1], 16)), text)
    return REPEATED.sub(lambda found: found[2] * int(found[1]), text)


def told(case: LiterateCase, kind: str) -> str:
    """What a command tells of the page, without white space at the ends of its lines."""
    block = next(block for block in case.blocks if block.kind == kind)
    files = {each.words[0]: each.text for each in case.blocks if each.kind == "file"}
    text = next(each.text for each in case.blocks if each.kind == "page")
    page = text.encode("utf-8", "surrogateescape")
    run = Project({**files, "page.adoc": page}).run(kind, *block.words, "page.adoc")
    return re.sub(r" +$", "", run.text, flags=re.MULTILINE)


def read(case: LiterateCase) -> PageStages:
    page = next(block for block in case.blocks if block.kind == "page")
    forms = [Form(word) for word in page.words if "=" not in word]
    defaults = [
        Substitution(rf"\{{{name}\}}", value)
        for name, _, value in (word.partition("=") for word in page.words if "=" in word)
    ]
    setups: list[NamedSetup] = []
    teardowns: list[NamedSetup] = []
    for block in case.blocks:
        if block.kind == "setup":
            name, *kinds = block.words
            into = teardowns if "teardown" in kinds else setups
            into.append(NamedSetup(name, block.text, "yaml" in kinds, f"{name}.console"))
    return stages_of(
        MemoryFiles({"page.adoc": page.text}),
        "page.adoc",
        form=forms[0] if forms else None,
        defaults=defaults,
        setups=NamedSetups(tuple(setups), tuple(teardowns)),
    )


def seen(case: LiterateCase) -> dict[str, str]:
    """What specgen makes of the page, for the blocks that the case has."""
    kinds = case.expected()
    ran = {kind: told(case, kind) for kind in kinds if kind in TOLD}
    if not set(kinds) & set(SEEN):
        return ran
    stages = read(case)
    shown = {
        "form": [stages.reading.form.value],
        "snippets": [line for snippet in stages.reading.snippets for line in _snippet(snippet)],
        "plan": list(_plan(stages.plan)),
        "problems": [line for problem in stages.plan.problems for line in _problem(problem)],
    }
    return ran | {
        kind: "".join(f"{line}\n" for line in shown[kind]) for kind in kinds if kind in SEEN
    }


def _snippet(snippet: Snippet) -> Iterator[str]:
    head = f"{snippet.line}-{snippet.end_line} {snippet.language or '(no language)'}"
    head += f" name={snippet.name}" if snippet.name else ""
    yield head + (f" env={snippet.test_env}" if snippet.test_env else "")
    for marker in snippet.markers:
        options = "; ".join(_option(option) for option in marker.options)
        yield f"  {marker.kind.value}[{options}]" if options else f"  {marker.kind.value}"
    yield from _text(snippet.contents.text, 2)


def _option(option: Option) -> str:
    if option.name is OptionName.SUBSTITUTE:
        return f"s/{option.value}/{option.replacement}/"
    return option.value if option.value == option.name else f"{option.name}:{option.value}"


def _text(text: str, indent: int) -> Iterator[str]:
    *lines, rest = text.split("\n")
    for line in lines:
        yield f"{' ' * indent}| {line}".rstrip()
    if rest:
        yield f"{' ' * indent}| {rest} (no newline)"


def _plan(plan: PagePlan) -> Iterator[str]:
    for name, steps in (("setup", plan.setup), ("teardown", plan.teardown)):
        if steps:
            yield name
            yield from _steps(steps, 2, in_setup=True)
    for case in plan.cases:
        yield f"case {case.name} = {case.id}"
        yield from _case(case)


def _case(case: Case) -> Iterator[str]:
    if case.skip:
        yield f"  skip: {case.skip}"
    if case.blocked:
        yield f"  blocked: {case.blocked}"
    if case.requires:
        yield f"  requires: {', '.join(case.requires)}"
    yield from _steps(case.steps, 2, in_setup=False)


def _steps(steps: Sequence[Step], indent: int, *, in_setup: bool) -> Iterator[str]:
    pad = " " * indent
    for step in steps:
        line = step.span.line
        if isinstance(step, RequestStep):
            query = "".join(f" ?{name}={value}" for name, value in step.request.query)
            yield f"{pad}{line} {step.request.method} {step.request.path}{query}"
            yield from _text(f"{step.request.body.text}\n", indent + 2) if step.request.body else ()
            if step.catch:
                yield f"{pad}  catch: {step.catch}"
            yield from (f"{pad}  warning: {warning}" for warning in step.warnings)
            if step.shards is in_setup:
                yield f"{pad}  {'a' if step.shards else 'no'} shard check"
        elif isinstance(step, MatchStep):
            yield f"{pad}{line} match{f' within {step.within:g} s' if step.within else ''}"
            for name, pointers in step.leniency.named():
                yield f"{pad}  {name}: {', '.join(pointers) or '(all)'}"
            yield from _text(step.expectation.text.text, indent + 2)
        elif isinstance(step, NoteStep):
            yield f"{pad}{line} {step.text}"
        elif isinstance(step, SetupStep):
            yield f"{pad}{line} {step.role} {step.setup.name}{' (yaml)' if step.setup.yaml else ''}"
            yield from _steps(step.steps, indent + 2, in_setup=True)
        elif isinstance(step, CheckStep):
            yield f"{pad}{line} {step.check} {step.field} {step.expected}".rstrip()
        else:
            yield f"{pad}{line} yaml"
            yield from _steps(step.steps, indent + 2, in_setup=True)


def _problem(problem: Problem) -> Iterator[str]:
    place = problem.span.place
    head = f"{place.line}:{place.column}: {problem.severity.value}[{problem.code}]"
    yield f"{head} {problem.message}"
    if problem.hint:
        yield f"  hint: {problem.hint}"


def _all() -> Iterator[object]:
    for file in sorted(FOLDER.glob("*.md")):
        for case in cases_of(file.read_text(encoding="utf-8")):
            yield pytest.param(file, case, id=f"{file.stem}: {case.title}")


@pytest.mark.parametrize(("file", "case"), list(_all()))
def test_the_page_is_seen_as_the_rules_say(
    file: Path, case: LiterateCase, request: pytest.FixtureRequest
) -> None:
    found = seen(case)
    if request.config.getoption("--update-golden"):
        _write(file, case.title, {kind: found[kind] for kind in REWRITTEN if kind in found})
        return
    assert found == case.expected()


def _write(file: Path, title: str, found: dict[str, str]) -> None:
    """Writes what commands told into the blocks of one case."""
    markdown = file.read_text(encoding="utf-8")
    before, heading, rest = markdown.partition(f"## {title}\n")
    case, following, after = rest.partition("\n## ")
    for kind, text in found.items():
        block = re.compile(rf"^(```{kind}\b[^\n]*\n).*?^```$", re.MULTILINE | re.DOTALL)
        case = block.sub(lambda head, text=text: f"{head[1]}{text}```", case)  # type: ignore[misc]
    file.write_text(before + heading + case + following + after, encoding="utf-8")


def test_a_wrong_expectation_is_seen() -> None:
    page = "```page\n[source,js]\n----\nGET /\n----\n// CONSOLE\n// TEST[contnued]\n```\n"
    wrong = (
        "```problems\n```\n",
        "```snippets\n2-4 js\n```\n```problems\n6:9: error[bad-option] x\n```\n",
        "```plan\n```\n```problems\n```\n",
        "```check\n```\n",
        "```parse\n```\n",
    )
    for blocks in wrong:
        (case,) = cases_of(f"## Wrong\n{page}{blocks}")
        for kind, text in seen(case).items():
            assert text != case.expected()[kind]


def test_every_case_has_a_page_and_something_to_see() -> None:
    for file in FOLDER.glob("*.md"):
        cases = list(cases_of(file.read_text(encoding="utf-8")))
        assert cases, file.name
        for case in cases:
            kinds = [block.kind for block in case.blocks]
            assert kinds.count("page") == 1, case.title
            assert set(kinds) <= {"page", "setup", "file", *SEEN, *TOLD}, case.title
            assert set(kinds) & {*SEEN, *TOLD}, case.title


def messages() -> Iterator[str]:
    """Every message of every `check` block."""
    for file in FOLDER.glob("*.md"):
        for case in cases_of(file.read_text(encoding="utf-8")):
            yield from MESSAGE.findall(case.expected().get("check", ""))


def without_example(codes: Iterable[str], found: Iterable[str]) -> list[str]:
    """The codes of which no message shows place, line, caret and hint."""
    shown = {match["code"] for match in map(WHOLE.match, found) if match}
    return [code for code in codes if code not in shown]


def test_every_code_has_a_message_with_place_caret_and_hint() -> None:
    assert without_example(CODES, messages()) == []


def test_every_message_has_a_hint() -> None:
    assert [message for message in messages() if " = help: " not in message] == []


@pytest.mark.parametrize("missing", ["page.adoc:1:4", "1 | // TEST", "   ^^^^", "= help: "])
def test_a_code_without_an_example_is_seen(missing: str) -> None:
    message = "page.adoc:1:4: error[new] a thing\n  |\n1 | // TEST\n  |    ^^^^\n  = help: do it\n"
    assert without_example(["new", "newer"], [message]) == ["newer"]
    assert without_example(["new"], [message.replace(missing, "")]) == ["new"]


def test_every_problem_of_reader_and_planner_is_shown_somewhere() -> None:
    rooms = FOLDER.parent.parent / "specgen"
    files = (path for room in ("dialect", "plan") for path in (rooms / room).rglob("*.py"))
    raised = {
        code
        for path in files
        for code in re.findall(
            r'(?:Problem(?:\.error|\.warning)?\(|_refuse\(planner,)\s*"([a-z-]+)"',
            path.read_text(encoding="utf-8"),
        )
    }
    shown = set()
    for file in FOLDER.glob("*.md"):
        for case in cases_of(file.read_text(encoding="utf-8")):
            shown |= set(re.findall(r"\w\[([a-z-]+)\] ", case.expected().get("problems", "")))
    assert {"bad-option", "bad-order", "bad-request", "unknown-catch"} <= raised
    assert shown >= raised
