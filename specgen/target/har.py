"""Exchanges as entries of HAR 1.2, there and back.

What HAR has no field for stands under `_specgen`: the case, which part of it sent the request,
whether specgen itself answered, and what the URL begins with. Source: the HAR 1.2
specification, whose custom fields begin with an underscore.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Literal
from urllib.parse import quote

from specgen.target.address import call_url
from specgen.target.guard import CallRefused
from specgen.target.masks import Masks
from specgen.target.values import Answer, Call, TargetInfo

__all__ = [
    "Entry",
    "Exchanged",
    "Part",
    "answer_of",
    "body_of",
    "document_of",
    "entry_of",
    "info_of",
    "place",
]

Entry = dict[str, Any]
Part = Literal["start-up", "case", "cleaning"]

_JSON = "application/json; charset=UTF-8"
_UNKNOWN = -1  # of a size that nobody measured


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A call that was sent and what came of it.

    Attributes:
        call: What was sent.
        answer: What came back; None if nothing did.
        base: The target's URL without credentials.
        started: When it was sent, with a time zone.
        seconds: How long it took.
        case: The id of the case that was running; empty before the first.
        part: Whether the case sent it, or specgen when it started or cleaned.
        trouble: Why no answer came.
    """

    call: Call
    answer: Answer | None
    base: str
    started: datetime
    seconds: float
    case: str = ""
    part: Part = "case"
    trouble: str = ""


def place(call: Call) -> str:
    """The path and query of a call as they stand in a URL, with a leading slash."""
    try:
        return call_url("", call)
    except CallRefused:  # answered without being sent, by what specgen emulates
        pairs = "&".join(f"{name}={value}" for name, value in call.query)
        text = f"/{call.path}?{pairs}" if pairs else f"/{call.path}"
        return quote(text, safe="/?&=%", errors="replace")


def entry_of(exchanged: Exchanged, masks: Masks) -> Entry:
    """The entry of an exchange, secrets masked."""
    call, answer, path = exchanged.call, exchanged.answer, exchanged.call.path
    if answer is not None:
        masks.learn(path, answer.text)
    milliseconds = round(exchanged.seconds * 1000, 3)
    notes = {
        "case": exchanged.case,
        "part": exchanged.part,
        "emulated": answer is not None and answer.emulated,
        "base": exchanged.base,
    }
    entry = {
        "startedDateTime": exchanged.started.isoformat(timespec="milliseconds"),
        "time": milliseconds,
        "request": _request(call, exchanged.base + masks.hide(path, place(call)), masks),
        "response": _response(path, answer, masks),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "_specgen": notes,
    }
    if exchanged.trouble:
        entry["_error"] = masks.hide_known(exchanged.trouble)
    return entry


def document_of(entries: Iterable[Entry], info: TargetInfo | None) -> dict[str, Any]:
    """A HAR 1.2 document of entries, and of what is known of the target that gave them."""
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "specgen", "version": version("specgen")},
            "entries": list(entries),
            "_specgen": {"target": asdict(info) if info else None},
        }
    }


def answer_of(entry: Entry) -> Answer:
    """The answer that an entry holds.

    Raises:
        LookupError, TypeError, ValueError: It is no entry of a HAR.
    """
    response, content = entry["response"], entry["response"]["content"]
    headers = tuple((str(each["name"]), str(each["value"])) for each in response["headers"])
    emulated = bool(entry.get("_specgen", {}).get("emulated"))
    return Answer(int(response["status"]), headers, body_of(content) or b"", emulated)


def body_of(content: dict[str, Any]) -> bytes | None:
    """The bytes of `postData` or `content`; None if it holds no text.

    Raises:
        ValueError: It is said to be base64 and is not.
    """
    text = content.get("text")
    if text is None:
        return None
    if "base64" in {content.get("encoding"), content.get("_encoding")}:
        return b64decode(text, validate=True)
    return str(text).encode()


def info_of(fields: dict[str, Any]) -> TargetInfo:
    """What a document tells of the target that was recorded.

    Raises:
        TypeError: It tells something else.
    """
    return TargetInfo(**{**fields, "emulated": tuple(fields.get("emulated", ()))})


def _request(call: Call, url: str, masks: Masks) -> Entry:
    headers = list(call.headers)
    if call.body is not None and not any(name.lower() == "content-type" for name, _ in headers):
        headers.insert(0, ("Content-Type", _JSON))
    request: Entry = {
        "method": call.method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(headers, masks),
        "queryString": [
            {"name": name, "value": masks.hide_known(value)} for name, value in call.query
        ],
        "headersSize": _UNKNOWN,
        "bodySize": len(call.body or b""),
    }
    if call.body is not None:
        text, encoding = _text(call.path, call.body, masks)
        kind = next(value for name, value in headers if name.lower() == "content-type")
        request["postData"] = {"mimeType": kind, "text": text}
        if encoding:  # HAR knows an encoding of answers only
            request["postData"]["_encoding"] = encoding
    return request


def _response(path: str, answer: Answer | None, masks: Masks) -> Entry:
    """The response of an entry; status 0 is what browsers write if none came."""
    body = answer.body if answer else b""
    text, encoding = _text(path, body, masks)
    content: Entry = {
        "size": len(body),
        "mimeType": (answer.header("content-type") if answer else None) or "x-unknown",
        "text": text,
    }
    if encoding:
        content["encoding"] = encoding
    return {
        "status": answer.status if answer else 0,
        "statusText": _phrase(answer.status if answer else 0),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(answer.headers if answer else (), masks),
        "content": content,
        "redirectURL": masks.hide_known((answer.header("location") if answer else None) or ""),
        "headersSize": _UNKNOWN,
        "bodySize": _UNKNOWN,
    }


def _text(path: str, body: bytes, masks: Masks) -> tuple[str, str]:
    """A body as text without secrets, and its encoding if it is not plain."""
    try:
        return masks.hide(path, body.decode("utf-8")), ""
    except UnicodeDecodeError:
        hidden = masks.hide_known(body.decode("latin-1")).encode("latin-1")
        return b64encode(hidden).decode("ascii"), "base64"


def _pairs(headers: Iterable[tuple[str, str]], masks: Masks) -> list[Entry]:
    return [{"name": name, "value": masks.header(name, value)} for name, value in headers]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
