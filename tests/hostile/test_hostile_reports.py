"""A page that writes in the reports: terminal, GitHub, SARIF, JUnit, Cobertura, Markdown, HTML.

HTML against markup: `tests/test_coverage_reports.py` and `tests/test_compare.py`; here every
report is asked for at once, of a page that says all of it wherever it can say something.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from xml.dom import minidom

import pytest
from pages import answers, asks, page
from project import Project

# What each reader would obey.
ORDERS = [
    "\x1b[2J\x1b[H",
    "\x1b]0;title\x07",
    "\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\",
    "\x9b31m",
    "\rhidden",
    "::error file=x::pwned",
    "%0A::error::pwned",
    "##[error]pwned",
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "</title><img src=x onerror=alert(1)>",
    "]]><!ENTITY x SYSTEM 'file:///etc/passwd'>",
    "&x; &#0; &lt;",
    "| a | b |",
    "[link](javascript:alert(1)) ![x](http://example.org/x)",
    "`code` <details>",
    "[bold]rich[/bold] [link=http://example.org]x[/link]",
    "\u202eevil\u2066",
    "${{ github.token }} $(id)",
]
TAGS = re.compile(
    "a|article|body|button|caption|code|dd|del|details|div|dl|dt|footer|form|h[1234]|head(er)?|html"
    "|input|ins|label|li|main|mark|meta|option|output|p|progress|script|section|select|span|strong"
    "|style|summary|table|tbody|td|tfoot|th|thead|title|tr|ul"
)


def page_about(text: str) -> str:
    """A page that fails, skips, and documents, and says a text in all of it."""
    line = text.replace("\r", " ")
    quoted = json.dumps(text)[1:-1]
    return "\n".join(
        (
            f"= {line}\n\n== {{api-request-title}}\n\n`GET /{line}/<id>`\n",
            f"== {{api-path-parms-title}}\n\n`{line}`::\n(Required, string) {line}\n",
            f"== {{api-response-codes-title}}\n\n`404` ({line})::\n{line}\n",
            page(
                asks(f'PUT books/_doc/1\n{{"{quoted}": "{quoted}"}}', name="fails"),
                answers(f'{{"{quoted}": "{quoted}"}}'),
                asks(f"GET {line}", f"// TEST[catch:/{re.escape(line).replace('/', '.')}x/]"),
                asks("GET /", f"// TEST[skip:{line.replace(']', ')')}]"),
                asks("GET /", f"// TEST[{line}]"),
                asks("GET /", f"// TEST[setup:{line}]"),
            ),
        )
    )


Reported = tuple[Project, Sequence[str]]


@pytest.fixture(scope="module")
def reported() -> Reported:
    """A project with all reports, and what each command told on the terminal."""
    pages = {f"docs/p{number}.adoc": page_about(order) for number, order in enumerate(ORDERS)}
    project = Project(pages)
    two = ("--target", "embedded", "--target", "embedded")
    commands = (
        ("run", "docs", "--json", "run.json", "--junit", "junit.xml", "--verbose"),
        ("check", "docs", "--json", "check.json", "--sarif", "check.sarif"),
        ("coverage", "docs", "--html", "coverage.html", "--cobertura", "cobertura.xml"),
        ("skips", "docs", "--json", "skips.json"),
        ("parse", "docs"),
        ("generate", "docs", "--out", "out", "--check"),
        (
            "drift",
            "docs",
            "-v",
            *(f"--{x}=drift.{x}" for x in ("json", "sarif", "html", "markdown")),
        ),
        ("suggest", "docs"),
        ("export", "docs", "--format", "hurl", "--out", "hurl"),
        ("compare", "docs", *two, "-v", "--html", "compare.html", "--markdown", "compare.md"),
    )
    return project, [project.run(*command).text for command in commands]


def test_the_terminal_gets_no_order(reported: Reported) -> None:
    for text in reported[1]:
        assert [c for c in text if not c.isprintable() and c != "\n"] == []
        assert [line for line in text.splitlines() if line.lstrip().startswith("::")] == []
        assert "##[" not in text
        assert "failed with" not in text  # a defect


def test_annotations_are_lines_of_their_own(reported: Reported) -> None:
    told = reported[0].run("check", "docs", "--github")
    lines = told.out.splitlines()
    assert len(lines) > 2
    assert all(re.match(r"::(error|warning|notice) file=docs/p\d+\.adoc,", x) for x in lines[:-1])
    assert re.fullmatch(r"\d+ errors?, .*", lines[-1])
    assert [c for c in told.out if not c.isprintable() and c != "\n"] == []


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("name", ["coverage.html", "compare.html", "drift.html"])
def test_html_has_no_tag_and_no_attribute_of_the_page(reported: Reported, name: str) -> None:
    text = (reported[0].path / name).read_text("utf-8")
    tags = _Tags()
    tags.feed(text)
    assert [tag for tag, _ in tags.found if not TAGS.fullmatch(tag)] == []
    assert [tag for tag, _ in tags.found].count("script") <= 1  # the report's own
    for _, attributes in tags.found:
        assert not [each for each in attributes if each.startswith("on")]
        assert (attributes.get("href") or "#").startswith("#")
        assert "src" not in attributes
    assert [c for c in text if not c.isprintable() and c != "\n"] == []


def test_documents_for_programs_can_be_read(reported: Reported) -> None:
    for path in sorted(reported[0].path.iterdir()):
        if path.suffix in {".json", ".sarif"}:
            json.loads(path.read_text("utf-8"))
        elif path.suffix == ".xml":
            parsed = minidom.parseString(path.read_bytes())
            assert parsed.doctype is None or not parsed.doctype.entities.length
            assert "\x1b" not in path.read_text("utf-8")


@pytest.mark.parametrize("name", ["compare.md", "drift.markdown"])
def test_markdown_is_text(reported: Reported, name: str) -> None:
    text = (reported[0].path / name).read_text("utf-8")
    assert [c for c in text if not c.isprintable() and c != "\n"] == []
    text = re.sub(r"^(`{3,})\w*\n.*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"(?<!\\)(`+)(?!`).*?[^`]\1(?!`)", "", text)
    own = re.sub(r"</?(details|summary|b|code)>", "", text) if name == "drift.markdown" else text
    assert not re.search(r"(?<!\\)<(script|img|details|!)", own)
    assert not re.search(r"(?<!\\)\]\(", own)
    if name == "drift.markdown":
        assert text.count("<details>") == text.count("</details>")
        return
    for line in text.splitlines():
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) in {4, 5}


def test_an_order_would_be_seen() -> None:
    tags = _Tags()
    tags.feed('<p><script>x</script><a href="javascript:x" onclick="y">z</a>')
    assert {"script"} <= {tag for tag, _ in tags.found}
    assert any("onclick" in attributes for _, attributes in tags.found)
