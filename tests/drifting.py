"""A page that is untrue in several ways, a cluster that answers it, and one that means no good."""

from __future__ import annotations

import json
from collections.abc import Callable

from pages import answers, asks, page
from project import Project, Reply, Seen

__all__ = ["BIRDS", "HOSTILE", "HOSTILE_NAME", "aviary", "birds", "hostile_answers"]

BIRD = '{\n  "name": "wren",\n  "eggs": 6,\n  "songs": ["trill", "chirp"]\n}'
# Untrue: eggs (line 19), the list of songs, a field that is not told of, a status.
BIRDS = page(
    asks("GET birds/_doc/wren", name="wren"),
    answers(BIRD),
    asks("GET birds/_doc/rook", name="rook"),
    answers('{"name": "rook", "eggs": 4}'),
    asks("GET birds/_doc/dodo", name="dodo"),
    asks("GET birds/_doc/gull", name="gull"),
    answers('{"name": "gull", "eggs": 3}'),
)
SAID = {
    "/birds/_doc/wren": {"name": "wren", "eggs": 7, "songs": ["chirp", "trill"]},
    "/birds/_doc/rook": {"name": "rook", "eggs": 4, "nest": {"sticks": 90, "moss": True}},
    "/birds/_doc/gull": {"name": "gull", "eggs": 3},
}
GONE = {"error": {"type": "resource_not_found_exception", "reason": "no dodo"}, "status": 404}


def aviary(version: str = "8.15.3", **changed: object) -> Callable[[Seen], Reply]:
    """A cluster of that version that knows birds; `changed` is what it says of some."""

    def answer(seen: Seen) -> Reply:
        path = seen.path.partition("?")[0]
        if path == "/":
            return Reply(body=json.dumps({"version": {"number": version}}).encode())
        name = path.rpartition("/")[2]
        if name in changed:
            return Reply(body=json.dumps(changed[name]).encode())
        if path in SAID:
            return Reply(body=json.dumps(SAID[path]).encode())
        if path.endswith("/dodo"):
            return Reply(404, json.dumps(GONE).encode())
        return Reply()

    return answer


def birds(text: str = BIRDS, **more: str) -> Project:
    return Project({"docs/birds.adoc": text, **{f"docs/{k}.adoc": v for k, v in more.items()}})


EVIL = (
    "</script><script>alert(1)</script>\u202e\x1b]0;owned\x07 ``` @all [x](http://x.example) | $&"
)
HOSTILE_NAME = "docs/<img src=x onerror=alert(1)>`@all`|::error.adoc"
HOSTILE = page(
    asks("GET birds/_doc/</td><script>alert(2)</script>`|x"),
    answers('{"</article><b>": "<img src=x onerror=alert(3)>", "a": 1}'),
    asks("GET birds/_doc/evil"),
    answers('{"text": "plain", "more": "same"}'),
)


def hostile_answers(seen: Seen) -> Reply:
    """A cluster that says what would be markup anywhere, and cannot be written as UTF-8."""
    if seen.path == "/":
        return Reply(body=b'{"version": {"number": "8.15.3"}}')
    if seen.path.endswith("evil"):
        body = {"text": EVIL, EVIL: "\ud800::error::x\n::stop-commands::y", "more": "same"}
        return Reply(body=json.dumps(body).encode())
    if "script" in seen.path:
        return Reply(body=json.dumps({"</article><b>": EVIL, "a": 2}).encode())
    return Reply()
