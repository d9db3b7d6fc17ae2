from __future__ import annotations

import base64
import json
import traceback
from pathlib import Path
from urllib.parse import quote

import pytest
from loopback import Loopback, Reply

from specgen.errors import SpecgenError, UsageProblem
from specgen.target.auth import Credentials, Secrets, credentials_from, redact
from specgen.target.opening import TargetSettings, open_target
from specgen.target.values import Call

PASSWORD = 'p@ss/w:rd"{é'
URL = f"http://ann:{quote(PASSWORD, safe='')}@127.0.0.1:9200/base"
CLEAN = "http://127.0.0.1:9200/base"


def test_credentials_in_the_url_are_taken_out_of_it() -> None:
    assert credentials_from(URL, {}, {}) == (CLEAN, Credentials("basic", f"ann:{PASSWORD}"))


@pytest.mark.parametrize(
    ("flags", "environ", "expected"),
    [
        ({}, {}, None),
        ({}, {"SPECGEN_USER": "ann", "SPECGEN_PASSWORD": "x:y"}, ("basic", "ann:x:y")),
        ({}, {"SPECGEN_BASIC": "ann:xy"}, ("basic", "ann:xy")),
        ({}, {"SPECGEN_API_KEY": "id:key"}, ("api_key", "id:key")),
        ({}, {"SPECGEN_BEARER": "tok"}, ("bearer", "tok")),
        ({"bearer": "flag"}, {"SPECGEN_BEARER": "env"}, ("bearer", "flag")),
        ({"api_key": "flag"}, {"SPECGEN_BASIC": "ann:xy"}, ("api_key", "flag")),
        ({"user": "bob"}, {"SPECGEN_PASSWORD": "xy"}, ("basic", "bob:xy")),
        ({"api_key": "flag"}, {"SPECGEN_PASSWORD": "xy"}, ("api_key", "flag")),
    ],
)
def test_where_credentials_come_from(
    flags: dict[str, str], environ: dict[str, str], expected: tuple[str, str] | None
) -> None:
    url, found = credentials_from(CLEAN, flags, environ)
    assert url == CLEAN
    assert (found and (found.scheme, found.value)) == expected


@pytest.mark.parametrize(
    ("url", "flags", "environ", "told"),
    [
        (CLEAN, {"api_key": "aa11", "bearer": "bb22"}, {}, "api_key and bearer"),
        (CLEAN, {}, {"SPECGEN_BASIC": "ann:cc33", "SPECGEN_API_KEY": "aa11"}, "api_key and basic"),
        (URL, {"api_key": "aa11"}, {}, "More than one kind"),
        (URL, {"basic": "ann:cc33"}, {}, "both in the URL"),
        (URL, {"user": "bob"}, {}, "both in the URL"),
        (CLEAN, {"user": "ann"}, {}, "lack the password"),
        (CLEAN, {}, {"SPECGEN_PASSWORD": "cc33"}, "lack the user"),
        (CLEAN, {"basic": "cc33"}, {}, "user:password"),
    ],
)
def test_credentials_that_contradict_each_other(
    url: str, flags: dict[str, str], environ: dict[str, str], told: str
) -> None:
    with pytest.raises(UsageProblem, match=told) as problem:
        credentials_from(url, flags, environ)
    shown = problem.value.message + problem.value.hint
    assert not any(secret in shown for secret in ("aa11", "bb22", "cc33", PASSWORD))


@pytest.mark.parametrize(
    ("credentials", "header"),
    [
        (Credentials("basic", "ann:xy"), "Basic YW5uOnh5"),
        (Credentials("api_key", "id:key"), "ApiKey aWQ6a2V5"),
        (Credentials("api_key", "aWQ6a2V5"), "ApiKey aWQ6a2V5"),
        (Credentials("bearer", "tok"), "Bearer tok"),
    ],
)
def test_the_header_reaches_the_target(credentials: Credentials, header: str) -> None:
    with Loopback() as server:
        settings = TargetSettings(server.url, disposable=True, credentials=credentials)
        open_target(settings).close()
        assert [seen.header("authorization") for seen in server.seen] == [header]


def test_no_netrc_and_no_proxy_of_the_environment_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login ann password xy\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with Loopback() as server:
        open_target(TargetSettings(server.url, disposable=True)).close()
        assert [seen.header("authorization") for seen in server.seen] == [None]


def test_settings_and_credentials_show_nothing_secret() -> None:
    settings = TargetSettings(
        URL,
        headers=(("X-Auth-Token", "hunter22"),),
        credentials=Credentials("api_key", "id:key77"),
    )
    for shown in (repr(settings), str(settings), repr(settings.secrets), f"{settings!r}"):
        assert not any(secret in shown for secret in (PASSWORD, quote(PASSWORD), "hunter22"))
        assert "key77" not in shown
    text = f"{PASSWORD} hunter22 key77"
    assert settings.secrets.redact(text) == "*** *** ***"


@pytest.mark.parametrize("reply", [Reply(401), Reply(500), Reply(hang_up=True), Reply(302)])
def test_errors_show_nothing_secret(reply: Reply) -> None:
    with Loopback(lambda seen: reply) as server:
        url = server.url.replace("//", f"//ann:{quote(PASSWORD, safe='')}@")
        headers = (("X-Api-Key", "hunter22"),)
        with pytest.raises(SpecgenError) as problem:
            open_target(TargetSettings(url, headers=headers))
        assert server.seen[0].header("authorization") is not None
    shown = "".join(traceback.format_exception(problem.value)) + problem.value.hint
    basic = base64.b64encode(f"ann:{PASSWORD}".encode()).decode()
    for secret in (PASSWORD, quote(PASSWORD, safe=""), basic, "hunter22"):
        assert secret not in shown


@pytest.mark.parametrize(
    "url",
    [
        "http://ann:zqx#zqx@127.0.0.1:9200",
        "http://ann:zqx/zqx@127.0.0.1:9200",
        "http://ann:zqx?zqx@127.0.0.1:9200",
        "ann:zqxzqx@127.0.0.1:9200",
        "http://ann:zqxzqx@127.0.0.1:port",
        "http://ann:zqxzqx@[::1",
        "http://ann:zqxzqx@127.0.0.1:9200/?q",
    ],
)
def test_a_malformed_url_is_not_shown_with_its_password(url: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        open_target(TargetSettings(url))
    shown = "".join(traceback.format_exception(problem.value)) + problem.value.hint
    assert "zqx" not in shown


def test_every_form_of_a_secret_is_redacted() -> None:
    raw = PASSWORD.encode()
    forms = [
        PASSWORD,
        base64.b64encode(raw).decode(),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
        quote(PASSWORD, safe=""),
        quote(PASSWORD, safe="").lower(),
        json.dumps(PASSWORD)[1:-1],
        Credentials("basic", f"ann:{PASSWORD}").header.split()[1],
    ]
    secrets = Secrets(Credentials("basic", f"ann:{PASSWORD}").secrets)
    for form in forms:
        assert secrets.redact(f"before {form} after") == "before *** after"


def test_a_short_word_as_password_does_not_eat_longer_words() -> None:
    text = 'elasticsearch "elastic" elastic:elastic@host'
    assert redact(text, ["elastic"]) == 'elasticsearch "***" ***:***@host'
    assert redact("nothing to hide", []) == "nothing to hide"
    assert redact("nothing to hide", [""]) == "nothing to hide"


def test_a_page_may_bring_its_own_authorization() -> None:
    with Loopback() as server:
        settings = TargetSettings(
            server.url, disposable=True, credentials=Credentials("bearer", "tok")
        )
        with open_target(settings) as target:
            target.send(Call("GET", "x", headers=(("authorization", "Bearer mine"),)))
        assert server.seen[-1].header("authorization") == "Bearer mine"
