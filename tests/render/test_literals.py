from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from specgen.cli.main import run
from specgen.files import MemoryFiles
from specgen.plan.reading import stages_of
from specgen.plan.values import MatchStep, PagePlan, RequestStep
from specgen.render.literals import comment_text, docstring_text, pystr
from specgen.render.module import render_module
from specgen.render.view import target_of

# In a checkout of specgen its own package is first-party, and imports are sorted that way.
LINTER = ("ruff", "check", "--isolated")
CHECKOUT = Path(__file__).resolve().parents[2]

# What could end a literal, mean something to a template, a shell, a formatter, a type checker
# or an editor, or be shown as something else than it is.
HOSTILE = (
    '"""',
    "'''",
    "\"\"\" + '''",
    '"',
    "'",
    "''",
    '""""""""',
    "\\",
    "\\\\",
    '\\"',
    '\\"""',
    "\\'",
    "\\N{BULLET} \\x41 \\u0041 \\",
    "{{ view.title }}",
    "{% for x in y %}",
    "{# no comment #}",
    "${body} $(reboot) `reboot`",
    "line\u2028line\u2029line\x85line\x0bline\x0cline",
    "a\u202eb\u2066c",
    "nul \x00 bell \x07 delete \x7f",
    "tab\ttab",
    "é 渡し船 😀 e\u0301 \ufeff \u200b",
    "渡" * 45,
    "type: ignore",
    "type: ignore[x] # noqa # fmt: skip",
    "fmt: off",
    "ruff: noqa",
    "mypy: ignore-errors",
    "!bang",
    "x" * 60,
    "x " * 44 + "x",
    "y" * 3000,
    "%s %(x)s {0} {}",
    "f'{x}' r'x' b'x'",
)
PAGES = {f"p{index:02}.adoc": text for index, text in enumerate(HOSTILE)}

TEXTS = st.text() | st.text(
    alphabet=st.sampled_from(list("\"'\\\n\r\t ax{}$\x00\u2028\u202e\ud800\udc00😀"))
)
ONE_LINE = st.text(alphabet=st.sampled_from(list("\"'\\\t ax{}%$#\x00\u2028\u202eé😀渡"))).filter(
    lambda text: bool(text.strip())
)


def page_about(text: str) -> str:
    """A page that says a hostile text wherever a page can say something."""
    inside = text.replace("]", ")").replace("/", "|")
    return f'''\
= {text}

[source,console]
----
PUT /setup/{text}
----
// TESTSETUP

== {text}

[source,console]
----
# {text}
PUT /one/{text}?q={text}
{{"a": "{text}",
 "b": {text}}}

GET /two
# {text}
----
// TEST[catch:/x{inside}/ ]
// TEST[warning:{text}]
// TEST[warning:second {text}]

[source,console-result]
----
{text}

  {text} {text}
{text}\\
 {text}"
----

[source,console]
----
GET /three
# {text}
----

[source,console-result]
----
{text}
----

[source,console]
----
GET /{text}
----
// TEST[skip:because {inside}]

[source,console]
----
GET /four

{text} is no request
----

[source,console-result]
----
{text}
----
'''


def plan_of(text: str) -> PagePlan:
    return stages_of(MemoryFiles({"page.adoc": text}), "page.adoc").plan


def asked(plan: PagePlan) -> list[dict[str, Any]]:
    """What the steps of a plan ask for, as the arguments of calls."""
    calls: list[dict[str, Any]] = []
    for step in (*plan.setup, *plan.teardown, *(s for case in plan.cases for s in case.steps)):
        if isinstance(step, RequestStep):
            wanted = {
                "args": [step.request.method, target_of(step.request)],
                "body": step.request.body.text if step.request.body else None,
                "catch": step.catch or None,
                "warnings": list(step.warnings) or None,
            }
            calls.append({name: value for name, value in wanted.items() if value is not None})
        elif isinstance(step, MatchStep):
            calls.append({"args": [step.expectation.text.text.removesuffix("\n")]})
    return calls


def written(module: str) -> list[dict[str, Any]]:
    """The arguments of the module's calls, as Python reads them."""
    calls = []
    nodes = (node for node in ast.walk(ast.parse(module)) if isinstance(node, ast.Call))
    for node in sorted(nodes, key=lambda node: node.lineno):
        if isinstance(node.func, ast.Attribute) and node.func.attr in {"request", "matches"}:
            call: dict[str, Any] = {"args": [ast.literal_eval(each) for each in node.args]}
            call |= {each.arg or "": ast.literal_eval(each.value) for each in node.keywords}
            call.pop("shards", None)
            calls.append(call)
    return calls


def reasons(module: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(module)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "skipped":
            yield ast.literal_eval(node.args[0])


def tool(*arguments: str, stdin: str | None = None) -> str:
    """What a tool complains of; empty if it is content."""
    result = subprocess.run(
        [sys.executable, "-m", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=CHECKOUT,
        check=False,
    )
    return "" if result.returncode == 0 else result.stdout + result.stderr


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The modules of all hostile pages."""
    folder = tmp_path_factory.mktemp("hostile")
    docs = folder / "docs"
    docs.mkdir()
    for name, text in PAGES.items():
        (docs / name).write_text(page_about(text), encoding="utf-8", newline="")
    run(["generate", str(docs), "--docs-root", str(docs), "--out", str(folder / "out")])
    assert len(list((folder / "out").glob("test_*.py"))) == len(PAGES)
    return folder / "out"


@given(TEXTS)
@example('"""')
@example("'''\n\"\"\"")
@example('\n"""\\')
@example("a\n\n")
@example("\\\n")
@example(" \n\t\n")
@example("\ud83d\ude00 \ud800")
def test_a_literal_is_read_as_the_text(text: str) -> None:
    literal = pystr(text)
    assert ast.literal_eval(literal) == text
    assert "\r" not in literal
    assert all(c.isprintable() or c == "\n" for c in literal)
    literal.encode("utf-8")


@given(st.text())
def test_a_docstring_cannot_be_left(text: str) -> None:
    safe = docstring_text(text)
    tree = ast.parse(f'"""{safe}.\n"""\n')
    assert len(tree.body) == 1
    assert ast.get_docstring(tree) == f"{safe}."


@given(st.text())
def test_a_comment_cannot_be_left(text: str) -> None:
    safe = comment_text(text)
    assert safe.isprintable()
    assert ast.parse(f"# {safe}\nx = 1\n").body[0].lineno == 2


@pytest.mark.parametrize("text", HOSTILE)
def test_a_module_says_exactly_what_its_page_says(text: str) -> None:
    plan = plan_of(page_about(text))
    module = render_module(plan)
    compile(module, "test_page.py", "exec")
    assert written(module) == asked(plan)
    assert {"args": ["PUT", f"setup/{text.rstrip()}".replace("<", "%3C")]} in written(module) or (
        "?" in text
    )
    shown = text.replace("]", ")").replace("/", "|").strip()
    assert f"because {shown}" in list(reasons(module))


@settings(max_examples=40)
@given(st.lists(ONE_LINE, min_size=1, max_size=4))
def test_a_module_of_any_page_says_what_the_page_says(texts: list[str]) -> None:
    plan = plan_of("\n".join(page_about(text) for text in texts))
    module = render_module(plan)
    assert render_module(plan) == module
    assert written(module) == asked(plan)


@settings(max_examples=15, deadline=None)
@given(st.lists(ONE_LINE, min_size=1, max_size=12))
def test_a_module_of_any_page_is_formatted(texts: list[str]) -> None:
    module = render_module(plan_of("\n".join(page_about(text) for text in texts)))
    assert not tool(*formatter(88), "--diff", "-", stdin=module)


def formatter(width: int) -> Sequence[str]:
    return ("ruff", "format", "--isolated", "--line-length", str(width))


@pytest.mark.parametrize("width", [88, 100])
def test_hostile_modules_are_formatted(modules: Path, width: int) -> None:
    assert not tool(*formatter(width), "--diff", str(modules))


def test_hostile_modules_pass_the_linter(modules: Path) -> None:
    assert not tool(*LINTER, str(modules))


def test_hostile_modules_pass_the_type_checker(modules: Path) -> None:
    cache = ("--cache-dir", str(modules / ".cache"))
    assert not tool("mypy", "--strict", "--config-file=", *cache, str(modules))


def test_the_tools_see_what_is_wrong(tmp_path: Path) -> None:
    module = tmp_path / "test_wrong.py"
    module.write_text("def f( ) :\n    return nothing  # type: ignore[x]\n", encoding="utf-8")
    assert tool(*formatter(88), "--diff", str(module))
    assert "F821" in tool(*LINTER, str(module))
    assert tool("mypy", "--strict", "--config-file=", "--cache-dir=/dev/null", str(module))


def test_two_renderings_are_the_same_bytes(modules: Path) -> None:
    for name, text in PAGES.items():
        plan = stages_of(MemoryFiles({name: page_about(text)}), name).plan
        module = modules / f"test_{name.removesuffix('.adoc')}.py"
        assert module.read_bytes() == render_module(plan).encode("utf-8")
