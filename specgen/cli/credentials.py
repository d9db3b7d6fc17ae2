"""The table `[credentials]` of the configuration: who specgen is at the target named there.

A file is shared and kept in git, so it may name secrets and never hold one: `${NAME}` is the
value of an environment variable, looked up when a target is named and not before. What stands in
the table goes to the target of the same file and to no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from specgen.errors import UsageProblem
from specgen.nearest import nearest
from specgen.target.auth import Credentials, Secrets, credentials_from, secret_headers

__all__ = [
    "check_target",
    "configured_credentials",
    "expanded",
    "read_credentials",
    "told_secrets",
]

SECRETS = ("basic", "user", "password", "api-key", "bearer")
FILES = ("ca-file", "client-cert", "client-key")
VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
HINT = 'write a variable of the environment in its place: "${ES_PASSWORD}"'


def read_credentials(value: Any, path: Path) -> tuple[tuple[str, str], ...]:
    """Pairs of a key and its text, variables as they stand; files relative to the configuration.

    Raises:
        UsageProblem: It has another form, or holds a secret itself.
    """
    if not isinstance(value, dict):
        raise UsageProblem(f"{path.name}: `credentials` must be a table")
    return tuple((key, _checked(key, text, path)) for key, text in value.items())


def _checked(key: str, value: Any, path: Path) -> str:
    known = (*SECRETS, *FILES)
    if key not in known:
        close = nearest(key, known)
        hint = f"did you mean {close!r}?" if close else f"known: {', '.join(known)}"
        raise UsageProblem(f"{path.name}: `credentials`: there is no key {key!r}", hint)
    if not isinstance(value, str):
        raise UsageProblem(f"{path.name}: `credentials.{key}` must be a text")
    if key in FILES:
        return str(path.parent / value)
    if key != "user" and _holds_secret(key, value):
        raise UsageProblem(f"{path.name}: `credentials.{key}` holds a secret itself", HINT)
    return value


def _holds_secret(key: str, value: str) -> bool:
    """Whether anything but variables stands where the secret does; a name may stand before it."""
    told = VARIABLE.sub("", value)
    named = key in {"basic", "api-key"} and ":" in told
    return bool(told.partition(":")[2] if named else told)


def check_target(value: str, path: Path) -> None:
    """Looks for a password in the URL of a target.

    Raises:
        UsageProblem: There is one.
    """
    try:
        password = urlsplit(value).password
    except ValueError:
        password = None
    if password:
        hint = 'write [credentials] with user = "NAME" and password = "${ES_PASSWORD}"'
        raise UsageProblem(f"{path.name}: `target` holds a secret itself", hint)


def expanded(credentials: Sequence[tuple[str, str]], environ: Mapping[str, str]) -> dict[str, str]:
    """The pairs with the values of variables, keys as options have them.

    Raises:
        UsageProblem: There is no such variable.
    """

    def value(key: str, text: str) -> str:
        for name in VARIABLE.findall(text) if key not in FILES else ():
            if not environ.get(name):
                raise UsageProblem(
                    f"`credentials.{key}` of the configuration needs the variable {name}",
                    "it is not set, or empty",
                )
        return VARIABLE.sub(lambda found: environ[found[1]], text) if key not in FILES else text

    return {key.replace("-", "_"): value(key, text) for key, text in credentials}


def configured_credentials(values: Mapping[str, str]) -> Credentials | None:
    """Who the configuration says that specgen is, variables put in.

    Raises:
        UsageProblem: It says it in more than one way, or in half of one.
    """
    try:
        return credentials_from("", {}, {f"SPECGEN_{k.upper()}": v for k, v in values.items()})[1]
    except UsageProblem as trouble:
        message = trouble.message.replace("the environment", "the configuration")
        raise UsageProblem(message, "see `credentials` there") from None


def told_secrets(
    arguments: Sequence[str],
    environ: Mapping[str, str],
    configured: Sequence[tuple[str, str]] = (),
) -> Secrets:
    """Every secret that a command was told in any way, for what is shown when it failed.

    Args:
        arguments: The command line.
        environ: The environment.
        configured: The credentials of the configuration.
    """
    return Secrets(tuple(_told(arguments, environ, configured)))


def _told(
    arguments: Sequence[str],
    environ: Mapping[str, str],
    configured: Sequence[tuple[str, str]],
) -> Iterator[str]:
    joined = (each.split("=", 1) if each.startswith("--") else [each] for each in arguments)
    words = [word for pair in joined for word in pair]
    for flag, word in pairwise(words):
        name = flag.removeprefix("--").replace("-", "_")
        yield from _secrets_of("basic" if name == "user" else name, word)
    for variable, value in environ.items():
        if variable.startswith("SPECGEN_"):
            yield from _secrets_of(variable.removeprefix("SPECGEN_").lower(), value)
    for _, text in configured:
        yield from (environ[name] for name in VARIABLE.findall(text) if environ.get(name))


def _secrets_of(name: str, value: str) -> Iterator[str]:
    if name in {"basic", "api_key", "bearer"}:
        yield from Credentials(name, value).secrets  # type: ignore[arg-type]
    elif name == "password":
        yield value
    elif name in {"header", "headers"}:
        pairs = (line.partition(":") for line in value.split("\n"))
        yield from secret_headers((name, text.strip()) for name, _, text in pairs)
    elif name in {"target", "specgen_target"}:
        try:
            _, who = credentials_from(value, {}, {})
        except UsageProblem:
            yield value.rpartition("@")[0]
        else:
            yield from who.secrets if who else ()
