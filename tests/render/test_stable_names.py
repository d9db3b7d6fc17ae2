from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from specgen.cli.main import run

CHECKOUT = Path(__file__).resolve().parents[2]
SPECS = CHECKOUT / "specs"
PAGES = sorted(path.relative_to(SPECS).as_posix() for path in SPECS.rglob("*.asciidoc"))

PAGE = """\
== A page

[source,console]
----
GET /{name}
----
"""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without a configuration."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_pages(docs: Path, *names: str) -> None:
    for name in names:
        path = docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.format(name=name.replace(" ", "_")), encoding="utf-8")


def generate(pages: Path, docs: Path, out: Path, *options: str) -> int:
    return run(["generate", str(pages), "--docs-root", str(docs), "--out", str(out), *options])


def modules_in(out: Path) -> dict[str, str]:
    """The modules by path, without the marks of packages."""
    return {
        path.relative_to(out).as_posix(): path.read_text(encoding="utf-8")
        for path in out.rglob("*.py")
        if path.name != "__init__.py"
    }


def cases_in(module: str) -> list[str]:
    return [
        node.name
        for node in ast.parse(module).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def module_of(out: Path, page: str) -> str:
    """The one module that says it was rendered from this page."""
    (found,) = (name for name, text in modules_in(out).items() if f"from {page}. " in text)
    return found


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """The modules of all pages of `specs/`, as they are and with a line at the top."""
    folder = tmp_path_factory.mktemp("specs")
    found = {}
    for kind, line in (("plain", ""), ("empty", "\n"), ("comment", "// a remark\n")):
        docs = folder / kind
        shutil.copytree(SPECS, docs)
        for page in PAGES:
            path = docs / page
            path.write_text(line + path.read_text(encoding="utf-8"), encoding="utf-8")
        attributes = ("--attributes", str(SPECS / "attributes.txt"))
        assert generate(docs, docs, folder / f"{kind}-out", *attributes) == 0
        found[kind] = modules_in(folder / f"{kind}-out")
    return found


@pytest.mark.parametrize("kind", ["empty", "comment"])
def test_a_line_above_changes_no_id_and_one_line(
    rendered: dict[str, dict[str, str]], kind: str
) -> None:
    before, after = rendered["plain"], rendered[kind]
    assert len(before) == len(PAGES)
    assert before.keys() == after.keys()
    for name, module in before.items():
        assert cases_in(module) == cases_in(after[name]), name
        lines, moved = module.splitlines(), after[name].splitlines()
        assert len(lines) == len(moved), name
        differ = [pair for pair in zip(lines, moved, strict=True) if pair[0] != pair[1]]
        assert len(differ) == 1, name
        assert "at=" in differ[0][0], name


def test_a_case_above_changes_no_id_below(elsewhere: Path) -> None:
    docs = elsewhere / "docs"
    docs.mkdir()
    below = "== Return\n\n[source,console]\n----\nGET /b\n----\n"
    above = "== Lend\n\n[source,console]\n----\nGET /a\n----\n\n"
    (docs / "books.adoc").write_text(below, encoding="utf-8")
    generate(docs, docs, elsewhere / "one")
    (docs / "books.adoc").write_text(above + below, encoding="utf-8")
    generate(docs, docs, elsewhere / "two")
    assert cases_in(modules_in(elsewhere / "one")["test_books.py"]) == ["test_return"]
    assert cases_in(modules_in(elsewhere / "two")["test_books.py"]) == ["test_lend", "test_return"]


NAMES = (
    "a-b.adoc",
    "a_b.adoc",
    "A-b.adoc",
    "get.adoc",
    "get.asciidoc",
    "query-dsl/get.adoc",
    "query_dsl/get.adoc",
    "query dsl/get.adoc",
    "1st/2nd.adoc",
    "_1st/2nd.adoc",
    "v1.2/release.notes.adoc",
    "v1_2/release_notes.adoc",
    "with spaces.adoc",
    "with-spaces.adoc",
    "渡し船.adoc",
    "フェリー.adoc",
    "über.adoc",
    "class/def.adoc",
    "test_get.adoc",
    "-.adoc",
    "..adoc",
)


def test_no_two_pages_share_a_module(elsewhere: Path) -> None:
    docs, out = elsewhere / "docs", elsewhere / "out"
    write_pages(docs, *NAMES)
    assert generate(docs, docs, out) == 0
    modules = modules_in(out)
    assert len(modules) == len(NAMES)
    assert len({name.lower() for name in modules}) == len(NAMES)
    for name in modules:
        *folders, file = Path(name).parts
        assert file.startswith("test_")
        assert all(part.isidentifier() and part.isascii() for part in folders), name
        assert file.removesuffix(".py").isidentifier(), name
        assert file.isascii(), name
    for page in NAMES:
        assert module_of(out, page)


def test_names_that_python_takes_are_kept(elsewhere: Path) -> None:
    docs, out = elsewhere / "docs", elsewhere / "out"
    write_pages(docs, *NAMES)
    generate(docs, docs, out)
    assert module_of(out, "a_b.adoc") == "test_a_b.py"
    assert module_of(out, "query_dsl/get.adoc") == "query_dsl/test_get.py"
    assert module_of(out, "get.adoc") == "test_get.py"
    assert module_of(out, "v1.2/release.notes.adoc").endswith("/test_release_notes.py")


@pytest.mark.parametrize("page", NAMES)
def test_a_module_has_the_same_name_whatever_was_selected(elsewhere: Path, page: str) -> None:
    docs = elsewhere / "docs"
    write_pages(docs, *NAMES)
    generate(docs, docs, elsewhere / "all")
    generate(docs / page, docs, elsewhere / "one")
    assert list(modules_in(elsewhere / "one")) == [module_of(elsewhere / "all", page)]


def test_pytest_collects_all_of_them(elsewhere: Path) -> None:
    docs, out = elsewhere / "docs", elsewhere / "out"
    write_pages(docs, *NAMES)
    generate(docs, docs, out)
    for mode in ("prepend", "importlib"):
        command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
        result = subprocess.run(
            [*command, f"--import-mode={mode}", str(out)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stdout
        assert sum("::test_" in line for line in result.stdout.splitlines()) == len(NAMES)


def test_check_tells_what_is_missing_and_writes_nothing(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docs, out = elsewhere / "docs", elsewhere / "out"
    write_pages(docs, "a/get.adoc", "b/get.adoc")
    assert generate(docs, docs, out, "--check") == 1
    told = capsys.readouterr()
    assert "2 of 2 modules are stale" in told.err
    assert told.out.count("--- (missing)\n") == 2
    assert f"+++ {out / 'a' / 'test_get.py'}\n" in told.out
    assert "+def test_a_page(cluster: Cluster) -> None:\n" in told.out
    assert not out.exists()


def test_check_tells_what_is_stale_and_writes_nothing(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docs, out = elsewhere / "docs", elsewhere / "out"
    write_pages(docs, "a/get.adoc", "b/get.adoc")
    assert generate(docs, docs, out) == 0
    assert generate(docs, docs, out, "--check") == 0
    before = modules_in(out)
    capsys.readouterr()
    page = docs / "b" / "get.adoc"
    page.write_text(page.read_text(encoding="utf-8").replace("GET", "HEAD"), encoding="utf-8")
    assert generate(docs, docs, out, "--check") == 1
    told = capsys.readouterr()
    assert "1 of 2 modules are stale" in told.err
    assert f"--- {out / 'b' / 'test_get.py'}\n" in told.out
    assert '+    cluster.request("HEAD", "b/get.adoc")\n' in told.out
    assert "a/test_get.py" not in told.out
    assert modules_in(out) == before


def test_a_change_of_line_ends_is_stale(elsewhere: Path) -> None:
    docs, out = elsewhere / "docs", elsewhere / "out"
    write_pages(docs, "get.adoc")
    generate(docs, docs, out)
    module = out / "test_get.py"
    module.write_bytes(module.read_bytes().replace(b"\n", b"\r\n"))
    assert generate(docs, docs, out, "--check") == 1


def test_a_page_that_cannot_be_read_in_part_is_told_apart_from_a_stale_one(
    elsewhere: Path,
) -> None:
    docs, out = elsewhere / "docs", elsewhere / "out"
    docs.mkdir()
    text = PAGE.format(name="x") + "// TEST[contnued]\n"
    (docs / "get.adoc").write_text(text, encoding="utf-8")
    assert generate(docs, docs, out, "--check") == 1
    assert generate(docs, docs, out) == 3
    assert generate(docs, docs, out, "--check") == 3


def test_a_second_run_writes_nothing(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docs, out = elsewhere / "docs", elsewhere / "out"
    write_pages(docs, "get.adoc")
    generate(docs, docs, out)
    assert "1 written, 0 unchanged" in capsys.readouterr().err
    generate(docs, docs, out)
    assert "0 written, 1 unchanged" in capsys.readouterr().err


def test_the_modules_in_the_checkout_are_what_its_pages_give(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, fresh = CHECKOUT / "generated_tests", elsewhere / "fresh"
    monkeypatch.chdir(CHECKOUT)
    code = run(["generate", "specs", "--out", str(kept), "--check"])
    assert code == 0, capsys.readouterr().out
    assert run(["generate", "specs", "--out", str(fresh)]) == 0
    assert modules_in(kept) == modules_in(fresh)
