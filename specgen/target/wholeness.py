"""Whether an answer can be what the cluster said to this request, and what is raised if not.

An answer that was cut, emptied, or belongs to another request must not make a page true. What
is told here holds of every answer, whatever a page asks of it.
"""

from __future__ import annotations

import itertools
import json
from json import JSONDecoder
from uuid import uuid4

from specgen.errors import TargetUnreachable
from specgen.target.values import Answer, Call

__all__ = ["ID_HEADER", "AnswerHarmed", "Correlation", "NoAnswer", "harm_of"]

ID_HEADER = "X-Opaque-Id"
_NO_CONTENT = frozenset({204, 304})
_DECODER = JSONDecoder()
_TASKS = frozenset({"_tasks", "tasks"})


class NoAnswer(TargetUnreachable):
    """A request got no answer.

    Attributes:
        passing: Whether trying once more may help and cannot write anything twice.
    """

    def __init__(self, message: str, hint: str, *, passing: bool = False) -> None:
        super().__init__(message, hint)
        self.passing = passing


class AnswerHarmed(NoAnswer):
    """An answer came, but not whole, or not the one to this request; the target is there."""


def harm_of(method: str, answer: Answer) -> str:
    """Why an answer cannot be whole; empty if it can.

    Elasticsearch and OpenSearch answer everything but HEAD with a body, and only a plain text
    (an empty table of `_cat`) can be empty.

    Args:
        method: Of the request.
        answer: What came, of any status.
    """
    if method == "HEAD" or answer.status in _NO_CONTENT:
        return ""
    if not answer.body:
        return "" if answer.content_type == "text/plain" else "it is empty"
    if answer.content_type.rpartition("/")[2].rpartition("+")[2] == "json" and not _is_json(answer):
        return "it is told to be JSON and is none"
    return ""


def _is_json(answer: Answer) -> bool:
    """Whether a body begins with a JSON value; more is asked of it where it is compared."""
    try:
        _DECODER.raw_decode(answer.text.lstrip())
    except json.JSONDecodeError:
        return False
    except (ValueError, RecursionError):  # deeper or longer than Python reads
        return True
    return True


class Correlation:
    """Gives each request an id of its own and holds its answer against that.

    Elasticsearch and OpenSearch send `X-Opaque-Id` back with every answer, errors included. A
    target is held to that from the first answer on in which it does so.
    """

    def __init__(self) -> None:
        self._prefix = f"specgen-{uuid4().hex[:12]}-"
        self._numbers = itertools.count(1)
        self._sends_back = False

    def next_id(self, call: Call) -> str:
        """The id to send with a call; empty for one whose task would show it to the page."""
        about_tasks = not _TASKS.isdisjoint(call.path.split("/"))
        if about_tasks or ("wait_for_completion", "false") in call.query:
            return ""
        return f"{self._prefix}{next(self._numbers)}"

    def harm_of(self, sent: str, answer: Answer) -> str:
        """Why an answer cannot be to the request with this id; empty if it can.

        An id that something else sets is passed over if no answer has borne the right one yet.
        """
        found = answer.header(ID_HEADER) or ""
        if found == sent:
            self._sends_back = self._sends_back or bool(sent)
            return ""
        held = bool(sent) and self._sends_back
        if found.startswith(self._prefix) or (found and held):
            return f"it is the answer to another request, as its {ID_HEADER} tells"
        if held:
            return f"it lacks the {ID_HEADER} that the target sends back with every answer"
        return ""
