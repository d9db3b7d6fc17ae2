"""What every word in brackets means: kinds of findings, problems of pages, causes of drift."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from specgen.drift.causes.known import known_causes
from specgen.nearest import nearest
from specgen.problems import CODES, HINTS

__all__ = ["Explanation", "explained", "explanation_of"]

# How much alike two words are of which one is a slip for the other.
MISTAKEN = 0.9


@dataclass(frozen=True, slots=True)
class Explanation:
    """The page about one word.

    Attributes:
        word: As reports have it.
        sort: What it is a word for.
        title: What it means, in one line.
        means: The same in a few sentences.
        example: What is wrong then, or what is said; may be several lines.
        hint: What to do about it.
    """

    word: str
    sort: str
    title: str
    means: str
    example: str
    hint: str


def explanation_of(word: str) -> Explanation | None:
    """The page about a word that stands in a report; None if it is no such word.

    The id of a cause may have a feature at its end (`query-unknown-common`), or be made of what
    was found (`surplus-hits-hits-each-_type`).
    """
    found = explained().get(word) or _with_feature(word)
    # Much that is written wrong could be an id, too, if it is read kindly.
    return found or (None if nearest(word, explained(), MISTAKEN) else _computed(word))


@cache
def explained() -> Mapping[str, Explanation]:
    """The page about each word of the tables, by the word."""
    pages = [_page(kind, "a finding of a run", each) for kind, each in _data("findings").items()]
    problems = _data("problems")
    pages += [
        _page(
            code, "a problem of a page", {"title": title, "hint": HINTS.get(code), **problems[code]}
        )
        for code, title in CODES.items()
    ]
    pages += [
        Explanation(
            each.id,
            "a cause of drift",
            _open(each.title),
            each.means,
            each.example,
            _open(each.hint),
        )
        for each in known_causes()
    ]
    return {page.word: page for page in pages}


def _open(text: str) -> str:
    """A text without the feature that nobody has named."""
    return text.replace("{feature}", "…")


def _with_feature(word: str) -> Explanation | None:
    for cause in known_causes():
        feature = word.removeprefix(f"{cause.id}-")
        if feature != word and "{feature}" in cause.title:
            title, hint = (each.replace("{feature}", feature) for each in (cause.title, cause.hint))
            return Explanation(word, "a cause of drift", title, cause.means, cause.example, hint)
    return None


def _computed(word: str) -> Explanation | None:
    for row in _data("computed")["id"]:
        if found := re.fullmatch(row["pattern"], word):
            page = _page(word, "a cause of drift", row)
            hint = page.hint.replace("{kind}", found.groupdict().get("kind", ""))
            return Explanation(word, page.sort, page.title, page.means, page.example, hint)
    return None


def _page(word: str, sort: str, row: Mapping[str, Any]) -> Explanation:
    return Explanation(word, sort, row["title"], row["means"], row["example"], row["hint"])


def _data(name: str) -> dict[str, Any]:
    text = files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
