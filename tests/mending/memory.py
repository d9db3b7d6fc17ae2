"""A page in memory with one documented response, and mending it without any cluster."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from specgen.files import MemoryFiles
from specgen.mending.pages import MendedPage, mend_page
from specgen.mending.planned import match_steps
from specgen.mending.values import NotMendable, ReplyOf, Response
from specgen.plan.reading import stages_of
from specgen.plan.values import MatchStep, PagePlan
from specgen.replay.answers import read_body
from specgen.replay.compare import compare_body
from specgen.replay.flow import read_expected
from specgen.replay.nodes import value_of
from specgen.replay.stash import Stash
from specgen.replay.values import DifferingAnswer, Json, Mismatch

PAGE = "page.adoc"
NOW = datetime(2031, 5, 4, 3, 2, 1, tzinfo=UTC)


def planned(data: bytes) -> PagePlan:
    return stages_of(MemoryFiles({PAGE: data}), PAGE).plan


def replan(page: str, texts: Mapping[str, bytes]) -> PagePlan:
    return planned(texts[page])


def page_with(body: str, after: str = "", end: str = "\n") -> bytes:
    """A page that shows a body as the answer of its only request."""
    text = f"""= Kites

Some words.

[source,console]
----
GET kites/_search
----

Above the answer.

[source,console-result]
----
{body}
----
{after}
Below the answer.
"""
    return text.replace("\n", end).encode()


def step_in(data: bytes) -> MatchStep:
    (case,) = planned(data).cases
    (step,) = match_steps(case)
    return step


def said_by(data: bytes) -> Json:
    """What a page says the answer is."""
    return value_of(read_expected(step_in(data).expectation.text.text))


@dataclass(frozen=True)
class Outcome:
    """What came of mending: the bytes of the page, and what it is made of."""

    data: bytes
    page: MendedPage

    @property
    def reasons(self) -> list[str]:
        return [each.reason.value for each in self.page.refusals]


def mended(
    data: bytes, answer: str, refused: Mapping[str, NotMendable] = MappingProxyType({})
) -> Outcome:
    """The page with what was answered first in it, as far as that is possible.

    Args:
        data: The page.
        answer: What came in place of its first response.
        refused: By pointer, what is not to be written, and why.
    """
    plan = planned(data)
    case = plan.cases[0]
    text = match_steps(case)[0].expectation.text.text
    reply = ReplyOf(Response(case.id, 0), DifferingAnswer(0, text, answer, ()))
    known = {reply.response: refused}
    page = mend_page(plan, [reply], known, replan, lambda _: None, lambda text: text, NOW)
    return Outcome(dict(page.texts).get(PAGE, data), page)


def differences(data: bytes, answer: str) -> tuple[Mismatch, ...]:
    """In what a page still differs from an answer."""
    step = step_in(data)
    body = read_body(answer.encode("utf-8", "surrogatepass"), "application/json")
    stash = Stash({"body": body.value})
    return compare_body(step.expectation.text.text, body, stash, leniency=step.leniency)


def as_json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)
