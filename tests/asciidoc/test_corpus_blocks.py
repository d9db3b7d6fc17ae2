"""Holds the blocks of many real pages against what Asciidoctor saw of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from specgen.cli.main import run

CORPUS = Path(__file__).resolve().parents[3] / "shared/corpus/es2018"


def keys(kind: str, entries: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    if kind == "listings":
        return sorted((e["line"], e["language"] or "", e["source"]) for e in entries)
    return sorted((e["line"], e["level"], e["title"]) for e in entries)


def test_the_blocks_of_the_corpus_are_those_that_asciidoctor_sees(tmp_path: Path) -> None:
    expected = CORPUS / "expected-listings"
    if not expected.is_dir():
        pytest.skip("the corpus of documentation pages is not beside this checkout")
    out, docs = tmp_path / "blocks.json", str(CORPUS / "docs")
    options = ["--stage", "blocks", "--includes", "ignore", "--json", str(out)]
    assert run(["parse", docs, "--docs-root", docs, *options]) == 0
    pages = {page["page"]: page for page in json.loads(out.read_text("utf-8"))["pages"]}
    compared = {"listings": 0, "sections": 0}
    for path in sorted(expected.rglob("*.json")):
        name = path.relative_to(expected).as_posix().removesuffix(".json")
        for kind, entries in json.loads(path.read_text("utf-8")).items():
            if kind in compared:
                assert keys(kind, pages[name][kind]) == keys(kind, entries), name
                compared[kind] += len(entries)
    assert compared["listings"] > 1000
    assert compared["sections"] > 900
