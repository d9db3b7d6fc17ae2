"""A small version of `mutated_pages.py`, and the proof that it finds what it looks for."""

from __future__ import annotations

import time
from collections.abc import Callable

import mutated_pages
import pytest
from mutated_pages import Mutator, fuzz, real_pages, words


def test_harmed_pages_are_read_planned_checked_and_rendered() -> None:
    found = [(data, outcome.trouble) for data, outcome in fuzz(400, seed=7) if outcome.trouble]
    assert found == []


def test_the_same_seed_gives_the_same_pages_and_most_are_others_than_the_real_ones() -> None:
    pages = real_pages()
    first, again = (Mutator(pages, words(), 3) for _ in range(2))
    made = [first.page() for _ in range(50)]
    assert made == [again.page() for _ in range(50)]
    assert len(set(made) - set(pages)) > 45
    assert made[0] != Mutator(pages, words(), 4).page()


def naive(text: str) -> str:
    return f'"""{text}"""'


def crash_at_a_brace(text: str) -> str:
    return repr(text) if "[" not in text else text.format()


@pytest.mark.parametrize("pystr", [naive, crash_at_a_brace])
def test_a_defect_in_the_renderer_is_found(
    pystr: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("specgen.render.view.pystr", pystr)
    assert any(outcome.trouble for _, outcome in fuzz(60, seed=7))


def test_a_page_that_takes_too_long_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(_: object) -> None:
        end = time.process_time() + 2 * mutated_pages.LIMIT
        while time.process_time() < end:
            pass

    monkeypatch.setattr(mutated_pages, "check_pages", slow)
    data, outcome = next(fuzz(1, seed=7))
    assert data
    assert "took " in outcome.trouble
