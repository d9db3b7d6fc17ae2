from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from specgen.cli.main import run

PAGE = '''\
= Ferries

[source,console]
----
PUT /ferries
{"settings": {"number_of_shards": 1}}
----
// TESTSETUP

[source,console]
----
DELETE /ferries
----
// TEARDOWN

[source,console]
----
# sail with 'quotes', $HOME and `date`
POST /ferries/_doc?refresh=true&routing=a b
{
  "name": "O'Hara $HOME `date` \\" !x",
  "note": """two
lines"""
}

HEAD /ferries/_doc/<x>
GET /ferries/[ab]/{c,d}/../e?q=é#no
----
// TEST[setup:port]

[source,console-result]
----
{"name": "$(touch evil)"}
----

[source,console]
----
GET /missing
----
// TEST[catch:missing]

[source,console]
----
POST /ferries/_bulk
@secret.txt
----
// TEST[continued]

[source,console]
----
GET /never
----
// TEST[skip:the sea is rough]
'''

needs_curl = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("sh")), reason="curl or sh is not installed"
)


@dataclass
class Cluster:
    """A loopback server that keeps what it is sent."""

    url: str = ""
    sent: list[tuple[str, str, str]] = field(default_factory=list)
    types: set[str | None] = field(default_factory=set)
    status: int = 200


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    kept = Cluster()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            kept.sent.append((self.command, self.path, body))
            if body:
                kept.types.add(self.headers["Content-Type"])
            missing = self.path.startswith("/missing")
            self.send_response(404 if missing else kept.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = answer

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # the checkout's own configuration is not meant here
    docs, setups = tmp_path / "docs", tmp_path / "setups"
    docs.mkdir()
    setups.mkdir()
    (docs / "ferries.adoc").write_text(PAGE, encoding="utf-8")
    (setups / "port.console").write_text('PUT /port\n{"quay": 1}\n', encoding="utf-8")
    (tmp_path / "secret.txt").write_text("a secret", encoding="utf-8")
    (setups / "port.teardown.console").write_text("DELETE /port\n", encoding="utf-8")
    command = ("export", str(docs), "--format", "curl", "--setups", str(setups))
    assert run([*command, "--out", str(tmp_path / "out")]) == 0
    return tmp_path / "out" / "ferries.adoc.sh"


def run_script(script: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(script)],
        capture_output=True,
        text=True,
        cwd=script.parent.parent,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(script.parent), **environment},
        check=False,
    )


def wanted() -> list[tuple[str, str, str]]:
    """The requests of the page, with its setup and teardown around each case."""

    def body(text: str) -> str:
        return f"{text}\n" if text else ""

    setup = ("PUT", "/ferries", '{"settings": {"number_of_shards": 1}}')
    teardown = ("DELETE", "/ferries", "")
    first = [
        ("PUT", "/port", '{"quay": 1}'),
        (
            "POST",
            "/ferries/_doc?refresh=true&routing=a%20b",
            '{\n  "name": "O\'Hara $HOME `date` \\" !x",\n  "note": "two\\nlines"\n}',
        ),
        ("HEAD", "/ferries/_doc/%3Cx%3E", ""),
        ("GET", "/ferries/[ab]/{c,d}/../e?q=%C3%A9%23no", ""),
        ("DELETE", "/port", ""),
    ]
    second = [
        ("GET", "/missing", ""),
        ("POST", "/ferries/_bulk", "@secret.txt"),
    ]
    sent = [setup, *first, teardown, setup, *second, teardown]
    return [(method, path, body(text)) for method, path, text in sent]


@needs_curl
def test_the_script_sends_the_requests_of_the_page_in_order(script: Path, cluster: Cluster) -> None:
    result = run_script(script, TARGET=cluster.url)
    assert result.returncode == 0, result.stderr
    assert cluster.sent == wanted()
    assert cluster.types == {"application/json"}
    assert not (script.parent.parent / "evil").exists()


@needs_curl
def test_another_status_than_the_documented_one_stops_the_script(
    script: Path, cluster: Cluster
) -> None:
    cluster.status = 500
    result = run_script(script, TARGET=cluster.url)
    assert result.returncode != 0
    assert cluster.sent == wanted()[:1]


@needs_curl
def test_without_a_target_nothing_is_sent(script: Path, cluster: Cluster) -> None:
    result = run_script(script)
    assert result.returncode != 0
    assert "the address of a cluster" in result.stderr
    assert not cluster.sent


def test_what_is_not_sent_is_told(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert "# line_50, line 50\n# not run: the sea is rough\n" in text
    assert "/never" not in text
    assert '# expected:\n#   {"name": "$(touch evil)"}\n' in text
    assert "# sail with 'quotes', $HOME and `date`\n" in text
