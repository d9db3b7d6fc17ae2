from __future__ import annotations

from pathlib import Path

import pytest

from specgen.problems import CODES, Problem
from specgen.source import Source

PACKAGE = Path(__file__).resolve().parents[1] / "specgen"


def test_every_code_is_told_somewhere() -> None:
    sources = [path for path in PACKAGE.rglob("*.py") if path.name != "problems.py"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    assert [code for code in CODES if f'"{code}"' not in text] == []


def test_codes_are_sorted_words() -> None:
    assert list(CODES) == sorted(CODES)


def test_there_is_no_problem_without_a_known_code() -> None:
    with pytest.raises(ValueError, match="no such problem code: nonsense"):
        Problem.error("nonsense", Source.of("a.adoc", "x").span(0, 1), "a message")
