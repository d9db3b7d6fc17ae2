from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from specgen.cli.main import run

SHARED = Path(__file__).resolve().parents[3] / "shared"
CORPUS = SHARED / "corpus"
TOOL = SHARED / "tools" / "compare_snippets.py"
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

pytestmark = pytest.mark.skipif(
    not (CORPUS.is_dir() and TOOL.is_file()), reason="the corpus is not beside the checkout"
)


def parsed(corpus: str, into: Path) -> Path:
    docs, file = str(CORPUS / corpus / "docs"), into / f"{corpus}.json"
    run(["parse", docs, "--docs-root", docs, "--json", str(file), *READINGS[corpus]])
    return file


def compare(corpus: str, file: Path) -> subprocess.CompletedProcess[str]:
    expected = str(CORPUS / corpus / "expected-snippets")
    command = [sys.executable, str(TOOL), expected, str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("corpus", sorted(READINGS))
def test_every_snippet_is_what_the_reference_sees(
    corpus: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the checkout's own configuration is not meant here
    result = compare(corpus, parsed(corpus, tmp_path))
    assert result.returncode == 0, result.stdout


def test_one_other_character_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = parsed("modern", tmp_path)
    document = json.loads(file.read_text(encoding="utf-8"))
    snippet = next(page["snippets"][0] for page in document["pages"] if page["snippets"])
    snippet["contents"] += " "
    file.write_text(json.dumps(document), encoding="utf-8")
    result = compare("modern", file)
    assert result.returncode == 1
    assert "contents" in result.stdout
