"""YAML steps of a page that want to break, fill or leave what reads them."""

from __future__ import annotations

import pytest
from module_view import foreign_parts
from mutated_pages import examine

from specgen.files import MemoryFiles
from specgen.plan.reading import stages_of
from specgen.render.module import render_module


def page_with(*steps: str) -> str:
    lines = "\n".join(f"  {step}" for step in steps)
    return f"[source,console]\n----\nGET /\n\nstartyaml\n{lines}\nendyaml\n----\n"


# Nine lists of nine of the list before: 9 to the power of 12 values.
BOMB = ", ".join(
    ["&a0 [x, x, x, x, x, x, x, x, x]"]
    + [f"&a{depth} [{', '.join([f'*a{depth - 1}'] * 9)}]" for depth in range(1, 12)]
)
UNREADABLE = [
    "- match: {a: !!binary aGk=}",
    "- match: {a: !!set {x}}",
    "- match: {a: !!int x}",
    "- match: {a: !!bool x}",
    "- match: {a: !!float x}",
    "- match: {a: !!timestamp x}",
    "- match: {a: !!python/object/apply:os.system [id]}",
    "- match: {a: !!python/name:os.system }",
    f"- match: {{a: {'9' * 5000}}}",
    f"- match: {{a: {'[' * 50_000}}}",
    "- match: {a: &x {b: *x}}",
    f"- match: {{a: [{BOMB}]}}",
    "- do: {raw: {method: GET, path: x, body: &a [*a]}}",
    "- do: {raw: {method: &a [*a], path: x}}",
    "- do: {raw: {method: GET, path: x, body: {a: !!binary aGk=}}}",
    f"- do: {{raw: {{method: GET, path: x, body: [{BOMB}]}}}}",
    f"- do: {{raw: {{method: GET, path: x}}, warnings: [{BOMB}]}}",
    '- do: {raw: {method: "GET\\nX", path: x}}',
    "- do: {raw: {method: $(id), path: x}}",
    "- do: {raw: {method: GÉT, path: x}}",
    "- is_true: &a [*a]",
    "- compare_analyzers: [1]",
    "- compare_analyzers: 5",
    "- compare_analyzers: {index: a, first: b, second: [c]}",
    '- match: {a: "\\ud800"}',
    "- length: {a: x}",
    "- length: {a: null}",
    "- length: {a: true}",
    "- length: {a: -3}",
    "- length: {a: .nan}",
    "- length: {a: [1]}",
]


@pytest.mark.parametrize("step", UNREADABLE, ids=lambda step: step[:50])
def test_steps_that_cannot_be_read_are_told_soon_and_block_their_case(step: str) -> None:
    text = page_with(step)
    assert examine(text.encode()).trouble == ""
    plan = stages_of(MemoryFiles({"page.adoc": text}), "page.adoc").plan
    assert [problem.code for problem in plan.problems] == ["bad-yaml"]
    assert plan.cases[0].blocked == "the YAML steps of the page cannot be read"


@pytest.mark.parametrize(
    "step",
    [
        "- match: {a: 1e999}",
        "- match: {a: .nan}",
        "- match: {a: 2001-99-99}",
        "- set: {a: null}",
        '- length: {"__import__(1)": 3}',
        '- do: {raw: {method: get, path: "a\\nb", "x\\n": "c\\"\\"\\""}}',
        '- set: {\'"""\': "\'\'\'\\n\\")"}',
        "- match: {a: &x [1, 2], b: *x}",
    ],
)
def test_odd_steps_are_text_in_the_module(step: str) -> None:
    text = page_with(step)
    assert examine(text.encode()).trouble == ""
    plan = stages_of(MemoryFiles({"page.adoc": text}), "page.adoc").plan
    assert not plan.cases[0].blocked
    assert foreign_parts(render_module(plan)) == []
