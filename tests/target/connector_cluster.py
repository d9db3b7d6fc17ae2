"""A cluster with emulated connector APIs, for the tests of these."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

from specgen.target.connectors import ConnectorApis
from specgen.target.values import Answer, Call

START = datetime(2024, 11, 9, 15, 13, 8, 231000, tzinfo=UTC)
NOW = "2024-11-09T15:13:08.231Z"


class Cluster:
    """Connector APIs with a clock that stands still until told, and ids that count."""

    def __init__(self) -> None:
        self.moment = START
        numbers: Iterator[int] = count(1)
        self.apis = ConnectorApis(lambda: self.moment, lambda: f"id-{next(numbers)}")

    def ask(self, line: str, body: Any = None) -> Answer:
        method, _, target = line.partition(" ")
        path, _, query = target.partition("?")
        pairs = tuple(parse_qsl(query, keep_blank_values=True))
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        answer = self.apis.answers(Call(method, path, pairs, data))
        assert answer is not None
        return answer

    def tell(self, line: str, body: Any = None, status: int = 200) -> Any:
        answer = self.ask(line, body)
        assert answer.status == status, answer.text
        return json.loads(answer.text)

    def reason(self, line: str, body: Any = None, status: int = 400) -> str:
        told = self.tell(line, body, status)
        assert told["status"] == status
        assert told["error"]["root_cause"][0].keys() == {"type", "reason"}
        return f"{told['error']['type']}: {told['error']['reason']}"

    def job(self, connector: str = "c") -> str:
        told = self.tell("POST _connector/_sync_job", {"id": connector}, 201)
        return str(told["id"])

    def later(self, **much: int) -> None:
        self.moment += timedelta(**much)


def cluster_with_connector() -> Cluster:
    """A cluster with one connector, `c`."""
    cluster = Cluster()
    body = {"index_name": "search-google-drive", "name": "Mine", "service_type": "google_drive"}
    assert cluster.tell("PUT _connector/c", body, 201) == {"result": "created"}
    return cluster
