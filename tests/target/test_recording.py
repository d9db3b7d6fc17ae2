from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from specgen.errors import TargetUnreachable
from specgen.target.auth import Secrets
from specgen.target.guard import CallRefused
from specgen.target.masks import Masks
from specgen.target.permission import Permission
from specgen.target.recorder import Diary, Recorder, part_file, read_parts, recorded_to
from specgen.target.recording import NotRecorded, RecordingTarget, read_recording
from specgen.target.values import Answer, Call, TargetInfo

SCHEMA = json.loads((Path(__file__).resolve().parents[1] / "har.schema.json").read_text("utf-8"))
INFO = TargetInfo("u", "http://u:9/base", "elasticsearch", "9.1.0", disposable=True)
JSON = (("content-type", "application/json"),)
SECRET = "issued-by-the-cluster"


class Answering:
    """A target that answers by a function."""

    def __init__(self, answer: Callable[[Call], Answer], info: TargetInfo = INFO) -> None:
        self.info = info
        self.send = answer

    def forget_emulated(self) -> None: ...

    def close(self) -> None: ...


def counting() -> Callable[[Call], Answer]:
    """Answers with numbers from 1 on."""
    numbers = count(1)
    return lambda call: Answer(200, JSON, str(next(numbers)).encode())


def diary(path: Path, *secrets: str, start: int = 0) -> Diary:
    """A diary whose clocks tick once a second each time somebody looks."""
    ticks, times = count(0), count(start)
    first = datetime(2026, 1, 1, tzinfo=UTC)
    now = lambda: first + timedelta(seconds=next(times))  # noqa: E731
    return Diary(path, Masks(Secrets(secrets)), now, lambda: float(next(ticks)))


Sent = tuple[str, Call]


def record(path: Path, answer: Callable[[Call], Answer], *sent: Sent) -> RecordingTarget:
    with recorded_to(path):
        kept = diary(part_file(path))
        kept.opened(INFO)
        recorder = Recorder(Answering(answer), kept)
        for case, call in sent:
            recorder.begin_case(case)
            recorder.send(call)
    return RecordingTarget(*read_recording(path))


def entries(path: Path) -> list[dict[str, Any]]:
    document = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(document, SCHEMA, jsonschema.Draft202012Validator)
    return list(document["log"]["entries"])


def ask(target: RecordingTarget, case: str, call: Call) -> str:
    target.begin_case(case)
    return target.send(call).text


GET = Call("GET", "books")


def test_answers_come_by_case_in_order_and_the_last_again(tmp_path: Path) -> None:
    target = record(tmp_path / "r", counting(), ("a", GET), ("a", GET), ("b", GET))
    assert [ask(target, case, GET) for case in "baaabb"] == ["3", "1", "2", "2", "3", "3"]
    assert ask(target, "new", GET) == "3"


def test_another_case_serves_where_its_own_is_silent(tmp_path: Path) -> None:
    other = Call("GET", "other")
    target = record(tmp_path / "r", counting(), ("a", GET), ("b", other), ("c", GET))
    assert [ask(target, "b", call) for call in (GET, GET, other)] == ["1", "3", "2"]


@pytest.mark.parametrize(
    ("sent", "asked", "known"),
    [
        (b'{"a": 1, "b": [2]}', b'{"b":[2],"a":1}', True),
        (b'{"a": 1}', b'{"a": 2}', False),
        (b'{"a": 1}\n{}\n', b'{"a": 1}\n{}\n', True),
        (b'{"a": 1}\n{}\n', b'{"a":1}\n{}\n', False),
        (None, b"", True),
        (b"\xff\x00", b"\xff\x00", True),
    ],
)
def test_bodies_are_compared_as_json(
    tmp_path: Path, sent: bytes | None, asked: bytes, known: bool
) -> None:
    target = record(tmp_path / "r", counting(), ("a", Call("POST", "b", (), sent)))
    assert entries(tmp_path / "r")
    if known:
        assert ask(target, "a", Call("POST", "b", (), asked)) == "1"
    else:
        with pytest.raises(NotRecorded, match="does not know POST /b with the body"):
            ask(target, "a", Call("POST", "b", (), asked))


@pytest.mark.parametrize(
    "asked",
    [
        Call("HEAD", "books"),
        Call("GET", "book"),
        Call("GET", "books", (("v", ""),)),
        Call("GET", "books", (), b"{}"),
    ],
)
def test_every_part_of_a_request_counts(tmp_path: Path, asked: Call) -> None:
    target = record(tmp_path / "r", counting(), ("a", GET))
    with pytest.raises(NotRecorded, match=f"the recording does not know {asked.method} /book"):
        ask(target, "a", asked)
    assert ask(target, "a", Call("GET", "/books")) == "1"


def test_what_no_target_would_be_sent_is_refused(tmp_path: Path) -> None:
    target = record(tmp_path / "r", counting(), ("a", GET))
    with pytest.raises(CallRefused):
        target.send(Call("GET", "../x"))
    info, recorded = read_recording(tmp_path / "r")
    with pytest.raises(CallRefused):
        RecordingTarget(info, recorded, permission=Permission(read_only=True)).send(
            Call("PUT", "books")
        )


def test_what_is_known_of_the_target_is_kept(tmp_path: Path) -> None:
    info = replace(INFO, engine="e 1", emulated=("connector APIs",))
    answer = Answer(299, (("Warning", "a"), ("Warning", "b")), b"\x00\xff", emulated=True)
    with recorded_to(tmp_path / "r"):
        kept = diary(part_file(tmp_path / "r"))
        kept.opened(info)
        Recorder(Answering(lambda _: answer, info), kept).send(Call("GET", "a//b", (("x", "y z"),)))
    target = RecordingTarget(*read_recording(tmp_path / "r"))
    assert target.info == replace(info, name="recording", disposable=False)
    assert target.send(Call("GET", "a//b", (("x", "y z"),))) == answer
    [entry] = entries(tmp_path / "r")
    assert entry["response"]["content"]["encoding"] == "base64"
    assert entry["startedDateTime"] == "2026-01-01T00:00:00.000+00:00"
    assert entry["time"] == 1000


def test_what_specgen_sends_for_itself_answers_no_page(tmp_path: Path) -> None:
    answer = counting()
    with recorded_to(tmp_path / "r"):
        kept = diary(part_file(tmp_path / "r"))
        kept.keep(answer, GET, INFO.url)
        kept.opened(INFO)
        recorder = Recorder(Answering(answer), kept)
        recorder.begin_case("a")
        recorder.cleaning().send(GET)
        recorder.send(GET)
    parts = [each["_specgen"]["part"] for each in entries(tmp_path / "r")]
    assert parts == ["start-up", "cleaning", "case"]
    target = RecordingTarget(*read_recording(tmp_path / "r"))
    assert ask(target, "a", GET) == "3"


def test_that_no_answer_came_is_kept_and_answers_nothing(tmp_path: Path) -> None:
    def fail(call: Call) -> Answer:
        raise TargetUnreachable("it is gone: sesame")

    def refuse(call: Call) -> Answer:
        raise CallRefused("not that")

    with recorded_to(tmp_path / "r"):
        kept = diary(part_file(tmp_path / "r"), "sesame")
        kept.opened(INFO)
        with pytest.raises(TargetUnreachable):
            Recorder(Answering(fail), kept).send(GET)
        with pytest.raises(CallRefused):
            Recorder(Answering(refuse), kept).send(GET)
    [entry] = entries(tmp_path / "r")
    assert (entry["response"]["status"], entry["_error"]) == (0, "it is gone: ***")
    with pytest.raises(NotRecorded):
        RecordingTarget(*read_recording(tmp_path / "r")).send(GET)


def test_workers_come_together_in_the_order_sent(tmp_path: Path) -> None:
    path = tmp_path / "r[1].har"
    with recorded_to(path):
        for number, worker in enumerate(("gw1", "gw0")):
            kept = diary(part_file(path, worker), start=number)
            kept.opened(INFO)
            recorder = Recorder(Answering(counting()), kept)
            recorder.begin_case(worker)
            recorder.send(GET)
            recorder.send(GET)
    kept_cases = [each["_specgen"]["case"] for each in entries(path)]
    assert kept_cases == ["gw1", "gw0", "gw1", "gw0"]
    assert [each.name for each in tmp_path.iterdir()] == ["r[1].har"]


def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    part = part_file(tmp_path / "r")
    kept = diary(part)
    kept.opened(INFO)
    Recorder(Answering(counting()), kept).send(GET)
    with part.open("ab") as file:
        file.write(b'{"entry": {"requ')
    info, kept_entries = read_parts([part])
    assert info == INFO
    assert len(kept_entries) == 1
    assert RecordingTarget(*read_recording(part)).send(GET).text == "1"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("_security/api_key", f'{{"api_key":"{SECRET}"}}'),
        ("_security/api_key", f'{{"encoded" : "{SECRET}"}}'),
        ("/_security/oauth2/token", f'{{"access_token":"{SECRET}","type":"Bearer"}}'),
        (
            "_security/service/a/b/credential/token/c",
            f'{{"token":{{"name":"n","value":"{SECRET}"}}}}',
        ),
        ("_connector/1/_configuration", f'{{"values":{{"password":{{"value":"{SECRET}"}}}}}}'),
        ("_connector", f'api_key: "{SECRET}"\n'),
        ("_connector/_secret/1", f'{{"id":"1","value":"{SECRET}"}}'),
        ("anything", f'{{"a":{{"refresh_token":"{SECRET}"}}}}'),
    ],
)
def test_what_a_target_issues_is_hidden_from_then_on(tmp_path: Path, path: str, text: str) -> None:
    def answer(call: Call) -> Answer:
        return Answer(
            200, (("X", SECRET),), text.encode() if call.path == path else call.body or b""
        )

    later = Call("POST", f"x/{SECRET}", (("q", SECRET),), f'{{"used": "{SECRET}"}}'.encode())
    target = record(tmp_path / "r", answer, ("a", Call("GET", path)), ("a", later))
    assert SECRET not in (tmp_path / "r").read_text(encoding="utf-8")
    issued = ask(target, "a", Call("GET", path))
    assert issued == text.replace(SECRET, "***1***")
    used = Call("POST", "x/***1***", (("q", "***1***"),), b'{"used": "***1***"}')
    assert target.send(used).text == '{"used": "***1***"}'


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("_analyze", '{"tokens":[{"token":"quick-brown-foxes"}]}'),
        ("books/_doc/1", '{"encoded":"quick-brown-foxes","value":"quick-brown-foxes"}'),
        ("books", '{"properties":{"password":{"type":"keyword"},"api_key_id":"quick-brown"}}'),
    ],
)
def test_what_is_no_secret_stays(tmp_path: Path, path: str, text: str) -> None:
    target = record(
        tmp_path / "r", lambda _: Answer(200, JSON, text.encode()), ("a", Call("GET", path))
    )
    assert ask(target, "a", Call("GET", path)) == text
    assert "***" not in (tmp_path / "r").read_text(encoding="utf-8")


def test_headers_and_credentials_are_hidden(tmp_path: Path) -> None:
    path = tmp_path / "r"
    headers = (("Set-Cookie", "sid=1234"), ("Location", "http://u/?k=open-sesame"))
    sent = (("Authorization", "Basic abcd"), ("X-Opaque-Id", "mine"))
    with recorded_to(path):
        kept = diary(part_file(path), "open-sesame")
        kept.opened(INFO)
        send = Answering(lambda _: Answer(200, headers, b"\xffopen-sesame"))
        Recorder(send, kept).send(Call("GET", "a", (("k", "open-sesame"),), None, sent))
    [entry] = entries(path)
    pairs = {each["name"]: each["value"] for each in entry["request"]["headers"]}
    assert pairs == {"Authorization": "***", "X-Opaque-Id": "mine"}
    assert entry["request"]["url"] == "http://u:9/base/a?k=***"
    assert entry["response"]["headers"][0]["value"] == "***"
    assert entry["response"]["redirectURL"] == "http://u/?k=***"
    target = RecordingTarget(*read_recording(path))
    assert target.send(Call("GET", "a", (("k", "open-sesame"),))).body == b"\xff***"


def test_a_page_that_names_a_secret_gets_it_back(tmp_path: Path) -> None:
    echo = lambda call: Answer(200, JSON, call.body or b"")  # noqa: E731
    calls = [
        Call("PUT", "u/1", (), f'{{"password": "{word}"}}'.encode()) for word in ("one", "two")
    ]
    target = record(tmp_path / "r", echo, ("a", calls[0]), ("b", calls[1]))
    kept = (tmp_path / "r").read_text(encoding="utf-8")
    assert '"one' not in kept
    assert ask(target, "b", calls[1]) == '{"password": "two"}'
    assert ask(target, "a", calls[0]) == '{"password": "one"}'


def test_a_mask_means_something_only_in_its_case(tmp_path: Path) -> None:
    """Each worker counts its masks from 1."""
    path, named = tmp_path / "r", Call("PUT", "u/1", (), b'{"password": "one"}')
    issued = Answer(200, JSON, f'{{"api_key":"{SECRET}"}}'.encode())
    with recorded_to(path):
        for case, call in (("a", named), ("b", GET)):
            kept = diary(part_file(path, f"gw-{case}"))
            kept.opened(INFO)
            recorder = Recorder(
                Answering(lambda sent: issued if sent is GET else Answer(200, (), b"")), kept
            )
            recorder.begin_case(case)
            recorder.send(call)
    target = RecordingTarget(*read_recording(path))
    ask(target, "a", named)
    assert ask(target, "b", GET) == '{"api_key":"***1***"}'
