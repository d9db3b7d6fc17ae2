"""No secret is anywhere but where it belongs: one is planted in each place, and looked for."""

from __future__ import annotations

import base64
import json
import os
import signal
import ssl
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from pages import answers, asks, page
from project import Loopback, Project, Reply, Seen, cluster
from test_url import certificate

CANARY = "canary/4711+a-secret-that-is-long-enough-to-be-shortened-somewhere-on-its-way-to-you-0815"
ISSUED = "issued-4711-" + "b" * 90 + "-0815"
SHORT = "s3cr3t"

# What a cluster says back: what it was sent, and what it makes itself.
KEYS = page(
    asks('POST _security/api_key\n{"name": "n"}', name="made"),
    answers('{"id": "other", "api_key": "shown-by-the-page", "encoded": "x"}'),
    asks("GET _security/echo", name="echoed"),
    answers('{"who": "me", "headers": {}}'),
    asks('POST _security/oauth2/token\n{"grant_type": "x"}', name="token"),
    answers('{"access_token": "y", "refresh_token": "z", "type": 5}'),
    asks('PUT _security/user/u\n{"password": "of-the-page"}', name="page"),
    answers('{"password": "of-the-page", "x": 1}'),
    asks(
        "POST _security/service/a/b/credential/token/t\n\nGET _security/oauth2/${body.token.value}",
        name="used",
    ),
    answers('{"x": 1}'),
    asks("PUT broken\n{}", name="broken"),
)


def gossip(listed: list[str]) -> Callable[[Seen], Reply]:
    """A cluster that tells all it knows, and looks at the command lines of all processes."""

    def answer(seen: Seen) -> Reply:
        listed.append(command_lines())
        headers = str(seen.headers)
        if seen.path == "/":
            return cluster(seen)
        if seen.path.startswith("/_security/api_key"):
            made = {"id": "i", "api_key": ISSUED, "encoded": encoded(ISSUED)}
            return Reply(body=json.dumps(made).encode())
        if seen.path.startswith("/_security/oauth2/token"):
            tokens = {"access_token": ISSUED, "refresh_token": SHORT, "type": [ISSUED]}
            return Reply(body=json.dumps(tokens).encode())
        if seen.path.startswith("/_security/service"):
            token = {"token": {"name": "t", "value": ISSUED}}
            return Reply(body=json.dumps(token).encode())
        if seen.path.startswith("/_security/user"):
            return Reply(body=json.dumps({"password": "of-the-page", "x": 2}).encode())
        if seen.path.startswith(("/_security", "/_alias")):
            told = {"who": headers, CANARY: ISSUED, "path": seen.path}
            return Reply(body=json.dumps(told).encode())
        error = {"type": CANARY, "reason": headers}
        return Reply(400, json.dumps({"error": error, "status": 400}).encode())

    return answer


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def command_lines() -> str:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        except OSError:
            continue
    return "\n".join(found)


def traces(secret: str, text: str) -> list[str]:
    """Which forms of a secret, or longer pieces of it, a text holds."""
    pieces = [secret[n : n + 12] for n in range(0, max(1, len(secret) - 12), 4)]
    forms = {secret, encoded(secret), quote(secret, safe=""), json.dumps(secret)[1:-1], *pieces}
    return sorted(form for form in forms if form in text)


def texts_below(*folders: Path) -> Iterator[str]:
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                yield f"{path}\n{path.read_bytes().decode('utf-8', 'replace')}"


OPTIONS: dict[str, Callable[[str], list[str]]] = {
    "url": lambda url: ["--target", url.replace("//", f"//ann:{quote(CANARY, safe='')}@")],
    "user": lambda url: ["--target", url, "--user", f"ann:{CANARY}"],
    "api-key": lambda url: ["--target", url, "--api-key", f"some-id:{CANARY}"],
    "encoded-api-key": lambda url: ["--target", url, "--api-key", encoded(f"i:{CANARY}")],
    "bearer": lambda url: ["--target", url, "--bearer", CANARY],
    "header": lambda url: ["--target", url, "--header", f"X-Api-Key: {CANARY}"],
    "environment": lambda url: ["--target", url],
    "file": lambda url: [],
}
HEADERS = {"SPECGEN_USER": "ann", "SPECGEN_PASSWORD": CANARY}


@pytest.mark.parametrize("kind", OPTIONS)
def test_a_secret_is_nowhere(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed: list[str] = []
    places = {"TMPDIR": tmp_path / "tmp", "XDG_CACHE_HOME": tmp_path / "cache"}
    places["XDG_STATE_HOME"] = tmp_path / "state"
    for place in places.values():
        place.mkdir()
    environment = {name: str(place) for name, place in places.items()}
    environment |= HEADERS if kind == "environment" else {}
    environment |= {"PLACE_OF_IT": CANARY} if kind == "file" else {}
    files = {"docs/a.asciidoc": KEYS}
    with Loopback(gossip(listed)) as server:
        if kind == "file":
            table = '[credentials]\nuser = "ann"\npassword = "${PLACE_OF_IT}"\n'
            files["specgen.toml"] = f'target = "{server.url}"\n{table}'
        project = Project(files)
        monkeypatch.setattr("tempfile.tempdir", str(places["TMPDIR"]))
        outputs = ("--out", "out", "--junit", "j.xml", "--json", "r.json", "--record", "r.har")
        secret = OPTIONS[kind](server.url)
        allowed = ("--disposable", "--allow", "security", "-v")
        told = project.run("run", "docs", *allowed, *outputs, *secret, **environment)
        plan = project.run("run", "docs", "--plan", "--json", "-", *secret, **environment)
        if kind not in {"header", "file"}:
            compared = ("compare", "docs", "--target", "embedded", *allowed[:-1], *secret)
            told_too = project.run(*compared, "--json", "c.json", "--html", "c.html", **environment)
            assert "ann" not in told_too.files["c.json"].decode()
        received = "".join(str(seen.headers) for seen in server.seen)
    assert CANARY in received or encoded(f"ann:{CANARY}") in received or "ApiKey" in received
    outcomes = [each["outcome"] for each in json.loads(told.files["r.json"])["results"]]
    assert outcomes == ["failed"] * 6, told.text
    shown = told.text + plan.text + "\n".join(texts_below(project.path, *places.values()))
    assert "***" in told.text
    assert "***" in told.files["r.har"].decode()
    assert "of-the-page" in told.files["out/test_a.py"].decode()
    for text in (told.text, plan.text, *texts_below(project.path, *places.values())):
        assert traces(CANARY, text) == traces(ISSUED, text) == [], text
    assert SHORT not in shown
    assert traces(CANARY, "\n".join(listed)) == []
    assert any("specgen.replay.standby" in each for each in listed)
    assert not [path for path in places["TMPDIR"].rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "command",
    [
        ("drift", "docs", "--update"),
        ("drift", "docs", "--baseline", "b.jsonl", "--write-baseline"),
        ("suggest", "docs", "--write"),
        ("replay", "docs/a.asciidoc::made"),
    ],
    ids=" ".join,
)
def test_a_secret_is_not_in_what_other_commands_tell_or_write(command: tuple[str, ...]) -> None:
    formats = ("json", "html", "markdown", "sarif")
    reports = [each for name in formats for each in (f"--{name}", f"d.{name}")]
    with Loopback(gossip([])) as server:
        project = Project({"docs/a.asciidoc": KEYS})
        target = ("--target", server.url, "--disposable", "--allow", "security")
        options = (*target, "--bearer", CANARY, *(reports if command[0] == "drift" else ()))
        told = project.run(*command, *options)
        assert CANARY in str([seen.headers for seen in server.seen])
    texts = (told.text, *texts_below(project.path))
    assert any("***" in text for text in texts)
    for text in texts:
        assert traces(CANARY, text) == traces(ISSUED, text) == [], text
        assert SHORT not in text


def test_it_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(f"x{ISSUED[20:60]}y")
    (text,) = texts_below(tmp_path)
    assert traces(ISSUED, text)
    assert traces(CANARY, encoded(CANARY))
    assert sys.executable in command_lines()


def test_what_the_page_itself_shows_is_shown() -> None:
    with Loopback(gossip([])) as server:
        project = Project({"docs/a.asciidoc": KEYS})
        options = ("--target", server.url, "--disposable", "--allow", "security")
        findings = project.replay("docs", *options).findings
    made = {each["pointer"]: each for each in findings if each["case"].endswith("made")}
    assert made["/api_key"]["expected"] == "shown-by-the-page"
    assert made["/api_key"]["actual"] == "***"
    assert made["/id"]["actual"] == "i"
    assert not [each for each in findings if each["pointer"] == "/password"]


def test_a_secret_is_not_in_what_a_killed_run_leaves() -> None:
    waiting: list[str] = []

    def slow(seen: Seen) -> Reply:
        if seen.path == "/slow":
            waiting.append(seen.path)
            time.sleep(30)
        return gossip([])(seen)

    text = KEYS + "\n" + asks("GET slow", name="slow")
    with Loopback(slow) as server:
        project = Project({"docs/a.asciidoc": text})
        outputs = ("--junit", "j.xml", "--json", "r.json", "--record", "r.har", "-v")
        process = project.start(
            *("run", "docs", "--target", server.url, "--disposable", "--allow", "security"),
            *outputs,
            SPECGEN_BEARER=CANARY,
        )
        wait_for_it(lambda: bool(waiting))
        os.kill(process.pid, signal.SIGKILL)
        out, err = process.communicate()
    left = project.files()
    assert {"r.json.part", "r.har.part"} <= left.keys()
    shown = out + err + "".join(text.decode() for text in left.values())
    assert "***" in shown
    assert traces(CANARY, shown) == traces(ISSUED, shown) == []


def wait_for_it(held: Callable[[], bool]) -> None:
    ends = time.monotonic() + 20
    while not held():
        assert time.monotonic() < ends
        time.sleep(0.02)


@pytest.mark.parametrize("debug", ["", "1"])
@pytest.mark.parametrize("kind", OPTIONS)
def test_a_defect_shows_no_secret(kind: str, debug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(f"told {CANARY} and {encoded(CANARY)} and {CANARY[:40]}…")

    monkeypatch.setattr("specgen.cli.replaying.rendered_selection", broken)
    files = {"docs/a.asciidoc": KEYS}
    url = "http://127.0.0.1:9"
    if kind == "file":
        table = '[credentials]\nuser = "ann"\npassword = "${PLACE_OF_IT}"\n'
        files["specgen.toml"] = f'target = "{url}"\n{table}'
    environment = HEADERS if kind == "environment" else {"PLACE_OF_IT": CANARY}
    project = Project(files)
    told = project.run("run", "docs", *OPTIONS[kind](url), SPECGEN_DEBUG=debug, **environment)
    assert told.code == 70
    assert "RuntimeError: told ***" in told.err
    assert ("Traceback" in told.err) == bool(debug)
    assert traces(CANARY, told.text) == []


def test_the_key_of_a_client_certificate_is_nowhere(tmp_path: Path) -> None:
    pem = certificate(tmp_path)
    key = (tmp_path / "key.pem").read_text().splitlines()[5]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    context.load_verify_locations(pem)
    context.verify_mode = ssl.CERT_REQUIRED
    listed: list[str] = []
    server = Loopback(gossip(listed))
    server.server.socket = context.wrap_socket(server.server.socket, server_side=True)
    with server:
        url = server.url.replace("http:", "https:")
        table = f'[credentials]\nca-file = "{pem}"\nclient-cert = "{pem}"\n'
        table += f'client-key = "{tmp_path / "key.pem"}"\n'
        project = Project({"docs/a.asciidoc": KEYS, "specgen.toml": f'target = "{url}"\n{table}'})
        outputs = ("--out", "out", "--junit", "j.xml", "--json", "r.json", "--record", "r.har")
        told = project.run("run", "docs", "--disposable", "-v", *outputs)
        assert len(server.seen) > 1
    assert json.loads(told.files["r.json"])["target"]["version"] == "8.15.3"
    assert key in pem.read_text()
    assert key not in told.text + str(told.files) + "\n".join(listed)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (f'password = "{CANARY}"\nuser = "a"', "`credentials.password` holds a secret itself"),
        (f'password = "a${{X}}{CANARY}"', "`credentials.password` holds a secret itself"),
        (f'basic = "ann:{CANARY}"', "`credentials.basic` holds a secret itself"),
        (f'api-key = "{CANARY}"', "`credentials.api-key` holds a secret itself"),
        (f'bearer = "{CANARY}"', "`credentials.bearer` holds a secret itself"),
        (f'passwrd = "{CANARY}"', "there is no key 'passwrd'"),
        ("password = 3", "`credentials.password` must be a text"),
        ('bearer = "${NO_SUCH_VARIABLE}"', "needs the variable NO_SUCH_VARIABLE"),
        ('password = "${PLACE_OF_IT}"', "lack the user"),
        ('bearer = "${PLACE_OF_IT}"\napi-key = "${PLACE_OF_IT}"', "More than one kind"),
    ],
)
def test_what_a_configuration_may_not_say(table: str, told: str) -> None:
    toml = f'target = "http://127.0.0.1:9"\n[credentials]\n{table}\n'
    project = Project({"docs/a.asciidoc": KEYS, "specgen.toml": toml})
    result = project.run("run", "docs", PLACE_OF_IT=CANARY)
    assert result.code == 2
    assert told in result.err
    assert traces(CANARY, result.text) == []


def test_a_password_in_the_target_of_a_configuration_is_refused() -> None:
    toml = f'target = "http://ann:{quote(CANARY, safe="")}@127.0.0.1:9"\n'
    project = Project({"docs/a.asciidoc": KEYS, "specgen.toml": toml})
    result = project.run("run", "docs")
    assert result.code == 2
    assert "`target` holds a secret itself" in result.err
    assert traces(CANARY, result.text) == []


@pytest.mark.parametrize(
    ("table", "environment", "header"),
    [
        ('user = "ann"\npassword = "${PW}"', {"PW": "x"}, f"Basic {encoded('ann:x')}"),
        ('basic = "ann:${PW}"', {"PW": "x"}, f"Basic {encoded('ann:x')}"),
        ('api-key = "id:${PW}"', {"PW": "x"}, f"ApiKey {encoded('id:x')}"),
        ('bearer = "${PW}"', {"PW": "x"}, "Bearer x"),
        ('bearer = "${PW}"', {"PW": "x", "SPECGEN_API_KEY": "id:y"}, f"ApiKey {encoded('id:y')}"),
    ],
)
def test_credentials_of_the_configuration(
    table: str, environment: dict[str, str], header: str
) -> None:
    with Loopback() as server:
        toml = f'target = "{server.url}"\n[credentials]\n{table}\n'
        project = Project({"docs/a.asciidoc": page(asks("GET x")), "specgen.toml": toml})
        project.run("run", "docs", "--read-only", **environment)
        assert {seen.header("authorization") for seen in server.seen} == {header}


def test_credentials_of_the_configuration_go_nowhere_else() -> None:
    with Loopback() as own, Loopback() as other:
        toml = f'target = "{own.url}"\n[credentials]\nbearer = "${{PW}}"\n'
        project = Project({"docs/a.asciidoc": page(asks("GET x")), "specgen.toml": toml})
        project.run("run", "docs", "--read-only", "--target", other.url, PW=CANARY)
        assert {seen.header("authorization") for seen in other.seen} == {None}
        project.run("run", "docs", "--read-only", "--target", own.url, PW=CANARY)
        assert {seen.header("authorization") for seen in own.seen} == {f"Bearer {CANARY}"}


def test_no_variable_is_looked_up_that_nobody_needs() -> None:
    toml = 'target = "http://127.0.0.1:9"\n[credentials]\nbearer = "${NO_SUCH_VARIABLE}"\n'
    project = Project({"docs/a.asciidoc": page(asks("GET _cat")), "specgen.toml": toml})
    assert project.run("check", "docs").code == 0
    assert project.run("run", "docs", "--target", "embedded").code == 0
