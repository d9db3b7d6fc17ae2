from __future__ import annotations

import re
import subprocess
import sys
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import yaml

from specgen.cli.main import run

SHARED = Path(__file__).resolve().parents[3] / "shared"
CORPUS = SHARED / "corpus"
TOOL = SHARED / "tools" / "compare_yaml_rest.py"
READINGS = {
    "es2018": (
        *("--form", "2018", "--define", "version=7.0.0-alpha1"),
        *("--define", "lucene_version=8.0.0", "--define", "build_flavor=default"),
    ),
    "modern": (
        *("--define", "version=8.15.3", "--define", "lucene_version=9.11.1"),
        *("--define", "build_flavor=default", "--define", "build_type=docker"),
        *("--define", "version_qualified=8.15.3"),
    ),
}

PAGE = '''\
= Bakery

[source,console]
----
PUT /loaves
----
// TESTSETUP
// TEST[setup:oven]

[source,console,id=bake-one]
----
# a loaf with a "name"
POST /loaves/_doc?refresh=true
{
  "name": "rye",
  "text": """two
lines with "quotes" """
}

GET /loaves/_doc/<no>
----
// TEST[catch:missing warning:[bake] is "old"]

[source,console-result]
----
{
  "found": $body.found
}
----

[source,console]
----
GET /_cat/loaves
----
// TEST[skip:the oven: is "cold"]
'''

SETUPS = {"oven.console": 'PUT /oven\n{"hot": true}\n'}

# What may stand below any snippet; the first of these fit, whatever the snippet is.
OWN_MARKERS = (
    "// SPECGEN[not-a-test:an idea]",
    "// SPECGEN[requires:version>=99]",
    "// SPECGEN[set:id=/_id]",
    "// SPECGEN[ignore:/took,/_shards shape:/hits eventually:5s]",
)

needs_corpus = pytest.mark.skipif(
    not (CORPUS.is_dir() and TOOL.is_file()), reason="the corpus is not beside the checkout"
)


def export(pages: Path, out: Path, *options: str) -> int:
    arguments = ("export", str(pages), "--docs-root", str(pages), "--format", "yaml-rest")
    return run([*arguments, "--out", str(out), *options])


def compare(expected: Path, actual: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(TOOL), str(expected), str(actual)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small page above, exported."""
    monkeypatch.chdir(tmp_path)  # the checkout's own configuration is not meant here
    docs, setups = tmp_path / "docs", tmp_path / "setups"
    docs.mkdir()
    setups.mkdir()
    (docs / "bakery.asciidoc").write_text(PAGE, encoding="utf-8")
    for name, text in SETUPS.items():
        (setups / name).write_text(text, encoding="utf-8")
    assert export(docs, tmp_path / "out", "--setups", str(setups)) == 0
    return tmp_path / "out" / "bakery.yml"


@needs_corpus
@pytest.mark.parametrize("corpus", sorted(READINGS))
def test_every_section_is_what_the_reference_writes(
    corpus: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    setups = str(CORPUS / corpus / "setups.json")
    export(CORPUS / corpus / "docs", tmp_path / "out", "--setups", setups, *READINGS[corpus])
    result = compare(CORPUS / corpus / "expected-yaml-rest", tmp_path / "out")
    assert result.returncode == 0, result.stdout


@needs_corpus
def test_one_other_value_is_seen(exported: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed"
    changed.mkdir()
    text = exported.read_text(encoding="utf-8")
    assert text.count("refresh") == 1
    (changed / "bakery.yml").write_text(text.replace("refresh", "refrech"), encoding="utf-8")
    assert compare(exported.parent, exported.parent).returncode == 0
    result = compare(exported.parent, changed)
    assert result.returncode == 1
    assert "bake-one" in result.stdout


def test_the_text_says_what_the_page_says(exported: Path) -> None:
    text = exported.read_text(encoding="utf-8")
    sections: dict[str, list[dict[str, Any]]] = {}
    for document in yaml.safe_load_all(text):
        sections |= document
    assert list(sections) == ["setup", "bake-one", "line_32"]
    assert sections["setup"] == [
        {"do": {"raw": {"method": "PUT", "path": "oven", "body": '{"hot": true}\n'}}},
        {"do": {"raw": {"method": "PUT", "path": "loaves"}}},
    ]
    skip, create, _, get, shards, match = sections["bake-one"]
    assert "always_skip" not in skip["skip"]["features"]
    assert create["do"]["warnings"] == ['[bake] is "old"']
    assert "catch" not in create["do"]
    raw = create["do"]["raw"]
    assert (raw["method"], raw["path"], raw["refresh"]) == ("POST", "loaves/_doc", "true")
    body = '{\n  "name": "rye",\n  "text": "two\\nlines with \\"quotes\\" "\n}\n'
    assert raw["body"] == body
    assert get["do"]["catch"] == "missing"
    assert get["do"]["raw"] == {"method": "GET", "path": "loaves/_doc/%3Cno%3E"}
    assert shards == {"is_false": "_shards.failures"}
    assert match == {"match": {"$body": {"found": "$body.found"}}}
    skipped, request = sections["line_32"]
    assert skipped["skip"]["reason"] == 'the oven: is "cold"'
    assert "always_skip" in skipped["skip"]["features"]
    assert request == {"do": {"raw": {"method": "GET", "path": "_cat/loaves"}}}
    assert '  # a loaf with a "name"\n' in text


def test_a_control_character_in_a_reason_leaves_the_text_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    docs = tmp_path / "docs"
    docs.mkdir()
    reason = "a\u2028b \u202e \\ ${x} 'c'"
    page = f"[source,console]\n----\nGET /\n----\n// TEST[skip:{reason}]\n"
    (docs / "odd.asciidoc").write_text(page, encoding="utf-8")
    assert export(docs, tmp_path / "out") == 0
    text = (tmp_path / "out" / "odd.yml").read_text(encoding="utf-8")
    assert yaml.safe_load(text)["line_2"][0]["skip"]["reason"] == reason


def with_own_markers(text: str, markers: tuple[str, ...]) -> str:
    """The page with our markers last below its snippets, in the place of lines that are empty.

    So no line moves, and no case has another name.
    """
    lines = text.split("\n")
    turn, inside, below = cycle(markers), False, False
    for index, line in enumerate(lines):
        if re.fullmatch(r"-{4,} *", line):
            inside, below = not inside, inside
        elif below and not line:
            lines[index], below = next(turn), False
        elif below and not line.startswith("//"):
            below = False
    return "\n".join(lines)


def marked_copies(pages: list[Path], root: Path, copies: Path, marked: Path) -> int:
    """Copies pages twice, the second time with our markers; returns how many these are."""
    count = 0
    for page in pages:
        text = page.read_text(encoding="utf-8")
        added = with_own_markers(text, OWN_MARKERS[count % len(OWN_MARKERS) :])
        count += added.count("// SPECGEN[")
        for folder, written in ((copies, text), (marked, added)):
            path = folder / page.relative_to(root)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(written, encoding="utf-8")
    return count


@needs_corpus
@pytest.mark.parametrize("corpus", sorted(READINGS))
def test_our_markers_do_not_change_what_the_reference_sees(
    corpus: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    root = CORPUS / corpus / "docs"
    pages = sorted(root.rglob("*.asciidoc"))
    count = marked_copies(pages, root, tmp_path / "copies", tmp_path / "marked")
    assert count > len(pages)
    options = ("--setups", str(CORPUS / corpus / "setups.json"), *READINGS[corpus])
    for name in ("copies", "marked"):
        export(tmp_path / name, tmp_path / f"{name}-out", *options)
    plain, marked = (written(tmp_path / f"{name}-out") for name in ("copies", "marked"))
    assert plain
    assert marked == plain


def written(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in files}


def test_our_markers_count_in_what_curl_sends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    docs = tmp_path / "docs"
    docs.mkdir()
    page = "[source,console]\n----\nGET /{}\n----\n// SPECGEN[{}]\n\n"
    text = page.format("rye", "not-a-test:an idea") + page.format("oat", "set:id=/_id")
    (docs / "loaves.adoc").write_text(text, encoding="utf-8")
    arguments = ("export", "docs", "--docs-root", "docs", "--format")
    assert run([*arguments, "curl", "--out", "curl"]) == 0
    assert run([*arguments, "yaml-rest", "--out", "yaml"]) == 0
    (script,) = written(tmp_path / "curl").values()
    assert "rye" not in script
    assert "checked by specgen alone: keep _id id" in script
    (steps,) = written(tmp_path / "yaml").values()
    assert "rye" in steps
    assert "_id" not in steps
