"""`export --format hurl`: a file a case, that Hurl judges as specgen does, as far as it can."""

from __future__ import annotations

import pytest
from pages import answers, asks, page
from project import Project

CASE = page(
    asks('PUT books/_doc/1\n{"title": "{{Emma}} \\"x\\""}', name="made"),
    answers(
        '{"id": "7", "list": [1, 2], "took": 3, "deep": {"a": null, "b": true}}',
        "// SPECGEN[set:id=/id]",
    ),
    asks("GET books/$id/${body.deep.b}", "// TEST[continued]"),
    answers('{"title": "Emma\\u2028{{x}}"}'),
    asks("GET nothing", "// TEST[continued]\n// TEST[catch:missing]"),
)


def exported(text: str) -> str:
    told = Project({"docs/a.adoc": text}).run("export", "docs", "--format", "hurl", "--out", "h")
    assert told.code == 0, told.err
    return told.files["h/a.adoc/made.hurl"].decode()


def test_what_hurl_can_say_is_said() -> None:
    text = exported(CASE)
    assert "PUT {{target}}/books/_doc/1\n" in text
    assert "id: jsonpath \"$['id']\"" in text
    assert "body_deep_b: jsonpath \"$['deep']['b']\"" in text
    assert "GET {{target}}/books/{{id}}/{{body_deep_b}}\n" in text
    assert 'jsonpath "$.*" count == 4' in text
    assert "jsonpath \"$['list']\" count == 2" in text
    assert "jsonpath \"$['deep']['a']\" == null" in text
    assert '"Emma\\u{2028}\\u{7b}\\u{7b}x}}"' in text
    assert "GET {{target}}/nothing\nHTTP 404\n" in text


@pytest.mark.parametrize(
    ("marker", "comment"),
    [
        ("// SPECGEN[shape]", "a shape, or items in any order"),
        ("// SPECGEN[unordered:/list]", "a shape, or items in any order"),
    ],
)
def test_what_it_cannot_say_is_told(marker: str, comment: str) -> None:
    text = exported(page(asks("GET books", name="made"), answers('{"list": [1, 2]}', marker)))
    assert f"# judged by specgen alone: {comment}" in text
    assert "jsonpath" not in text


def test_a_skipped_case_sends_nothing() -> None:
    text = exported(page(asks("GET books", "// TEST[skip:later]", name="made")))
    assert "# not run: later" in text
    assert "{{target}}" not in text
