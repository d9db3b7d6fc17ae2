"""Numbers, nesting and lines larger than anybody means, and characters that are hardly any.

Blocks, titles, attributes and lists of any size: `tests/asciidoc/test_hostile_pages.py`. What
takes 50,000 lines to be slow is slow by its square, and would not end here within the limit.
"""

from __future__ import annotations

import pytest
from mutated_pages import examine
from pages import answers, asks, page
from project import Project

DEEP = 100_000
OBJECT = '{"a":' * DEEP + "1" + "}" * DEEP
LONG = "x" * 10_000_000

PAGES: dict[str, str | bytes] = {
    "deep body": page(asks(f"PUT books/_doc/1\n{OBJECT}")),
    "deep body that ends": page(asks("PUT books/_doc/1\n" + '{"a":' * DEEP)),
    "deep response": page(asks("GET /"), answers(OBJECT)),
    "deep list": page(asks("GET /"), answers("[" * DEEP + "]" * DEEP)),
    "deep YAML": page(asks(f"GET /\n\nstartyaml\n  - match: {{a: {'[' * DEEP}}}\nendyaml")),
    "number": page(asks(f'PUT b/_doc/1\n{{"a":{"9" * 1_000_000}}}'), answers("9" * 1_000_000)),
    "exponent": page(asks('PUT b/_doc/1\n{"a": 1e999999999}'), answers('{"_version": 1e99999}')),
    "long line of a body": page(asks(f'PUT books/_doc/1\n{{"a":"{LONG}"}}')),
    "long line of prose": page(LONG, asks("GET /")),
    "long line of brackets": page("[" * 10_000_000, asks("GET /")),
    "long path": page(asks(f"GET /{LONG}")),
    "long marker": page(asks("GET /", f"// TEST[{LONG}]")),
    "long line of a response": page(asks("GET /"), answers(f'{{"a":"{LONG}"}}')),
    "many lines": page(asks("PUT b/_bulk\n" + '{"index":{}}\n{"a":1}\n' * 50_000)),
    "many markers": page(asks("GET /", "// TEST[s/a/b/]\n" * 5000)),
    "many CONSOLE": page(asks("GET /", "// CONSOLE\n" * 20_000)),
    "many allowed": "// specgen: allow candidate\n" * 3000 + page(asks("GET /")),
    "many of which each is allowed": "// specgen: allow candidate\n[source,js]\n----\n{}\n----\n\n"
    * 1500,
    "many directions": asks("GET /") * 1500 + "\u202e\n" * 3000,
    "many snippets": page(*[asks("GET /")] * 2000),
    "many setups": page(*[asks("PUT books", "// TESTSETUP")] * 2000),
    "NUL": page(asks('PUT books/_doc/1\n{"a":"\0"}'), answers('{"\0":"\0"}')),
    "other line ends": page(asks('PUT b/_doc/1\n{"a":"\u2028\u2029\x85\x0b\x0c"}')),
    "byte order mark": "\ufeff" + page(asks("GET /")),
    "no UTF-8": page(asks('PUT b/_doc/1\n{"a":"@"}')).encode().replace(b"@", b"\xff\xc0\x80"),
    "surrogates": page(asks("GET /")).encode() + b"\xed\xa0\x80\xed\xb0\x80",
    "UTF-16": page(asks("GET /")).encode("utf-16"),
    "directions": page(asks('PUT b/_doc/1\n{"a":"\u202e\u2066"}')),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_any_size_is_read_in_time(name: str) -> None:
    text = PAGES[name]
    data = text if isinstance(text, bytes) else text.encode()
    outcome = examine(data, limit=10.0 + 5 * len(data) / 10_000_000)
    assert outcome.trouble == ""


def test_a_hang_and_a_crash_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "took " in examine(page(asks("GET /")).encode(), limit=0.0).trouble

    def crash(*_: object) -> None:
        raise KeyError("a defect")

    monkeypatch.setattr("mutated_pages.check_pages", crash)
    assert "KeyError: 'a defect'" in examine(b"a").trouble


RUNS = {
    "deep body": "failed",
    "deep response": "failed",
    "number": "failed",
    "exponent": "failed",
    "long line of a body": "passed",
    "long marker": "passed",
    "NUL": "failed",
    "no UTF-8": "passed",
    "other line ends": "failed",
}


@pytest.mark.parametrize("name", RUNS)
def test_it_is_replayed_and_ends_in_a_verdict(name: str) -> None:
    text = PAGES[name]
    after = page(asks("GET _cat/health"))
    project = Project({"docs/a.asciidoc": text, "docs/b.asciidoc": after})
    told = project.command("run", "docs", "--json", "r.json", "--junit", "j.xml")
    assert told.code in {0, 1, 3}
    assert "Traceback" not in told.text
    assert "docs/b.asciidoc  1 passed" in told.out
    verdict = {"passed": "ok", "failed": "FAILED"}[RUNS[name]]
    assert f"{verdict} docs/a.asciidoc  1 {RUNS[name]}" in told.out


@pytest.mark.parametrize(
    ("sent", "shown", "outcome"),
    [
        ("\u2028\u2029", "\u2028\u2029", "passed"),
        ("\u202e", "\u202e", "passed"),
        ("\u202e", "", "failed"),
        ("\ufeff", "\ufeff", "passed"),
        ("\\u0000", "\\u0000", "passed"),
        ("é", "e\u0301", "failed"),
    ],
)
def test_what_nobody_sees_is_sent_and_compared_as_it_is(
    sent: str, shown: str, outcome: str
) -> None:
    request = f'PUT books/_doc/1?refresh\n{{"a":"{sent}"}}\n\nGET books/_doc/1?filter_path=_source'
    text = page(asks(request, name="a"), answers(f'{{"_source":{{"a":"{shown}"}}}}'))
    replayed = Project({"docs/a.asciidoc": text}).replay("docs")
    assert replayed.outcomes == {"a": outcome}
    assert all(c.isprintable() or c == "\n" for c in replayed.told.err)
