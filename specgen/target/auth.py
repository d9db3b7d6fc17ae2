"""Credentials, where they come from, and how they are kept out of everything that is shown."""

from __future__ import annotations

import html
import json
import re
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, quote_plus, unquote, urlsplit, urlunsplit

from specgen.errors import UsageProblem
from specgen.target.address import without_userinfo

__all__ = [
    "Credentials",
    "Secrets",
    "credentials_from",
    "redact",
    "redact_pieces",
    "secret_headers",
]

Scheme = Literal["basic", "api_key", "bearer"]
MASK = "***"
# How many characters of a secret in a row give it away.
PIECE = 10

_SECRET_HEADER = re.compile(r"auth|token|secret|cookie|passw|credential|api-?key", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who specgen is at a target. Shows nothing secret when printed.

    Attributes:
        scheme: `basic`, `api_key` or `bearer`.
        value: `user:password`, the API key (`id:key` or its encoded form), or the token.
    """

    scheme: Scheme
    value: str = field(repr=False)

    @property
    def header(self) -> str:
        """The value of the Authorization header."""
        if self.scheme == "basic":
            return f"Basic {_base64(self.value)}"
        if self.scheme == "bearer":
            return f"Bearer {self.value}"
        return f"ApiKey {_base64(self.value) if ':' in self.value else self.value}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown; the user's name and the id of a key may be."""
        told = self.value
        if self.scheme == "api_key" and ":" not in told:
            told = _decoded(told)
        public, colon, private = told.partition(":")
        whole = (self.value, self.header.partition(" ")[2], *({told} - {self.value, ""}))
        return (*whole, private) if colon and private and public else whole


@dataclass(frozen=True, slots=True)
class Secrets:
    """Everything that no output may show. Shows nothing of it when printed itself.

    Attributes:
        values: The secrets as they are; their encoded forms are derived.
    """

    values: tuple[str, ...] = field(default=(), repr=False)

    def redact(self, text: str) -> str:
        """The text with every secret in any of its forms replaced by `***`."""
        return redact(text, self.values)

    def redact_pieces(self, text: str) -> str:
        """The text with every secret, and every longer piece of one, replaced by `***`."""
        return redact_pieces(text, self.values)


def redact(text: str, secrets: Iterable[str], mask: str = MASK) -> str:
    """The text with the secrets, plain, in base64 or URL-encoded, replaced by the mask."""
    pattern = _pattern(secrets)
    return pattern.sub(mask, text) if pattern else text


def redact_pieces(text: str, secrets: Iterable[str]) -> str:
    """The text without the secrets, and without any longer piece of one: texts are shortened."""
    secrets = tuple(secrets)
    text = redact(text, secrets)
    # What stands before a colon is the name of a user or the id of a key, and may be shown.
    private = (secret.partition(":")[2] or secret for secret in secrets)
    pieces = {
        secret[start : start + PIECE]
        for secret in private
        for start in range(len(secret) - PIECE + 1)
    }
    if not any(piece in text for piece in pieces):
        return text
    hidden = bytearray(len(text))
    for start in range(len(text) - PIECE + 1):
        if text[start : start + PIECE] in pieces:
            hidden[start : start + PIECE] = b"\1" * PIECE
    shown = "".join("\0" if hide else sign for sign, hide in zip(text, hidden, strict=True))
    return re.sub("\0+", MASK, shown)


def secret_headers(headers: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The values of those headers that carry secrets by their name, scheme word split off."""
    values = [value for name, value in headers if _SECRET_HEADER.search(name)]
    return tuple(part for value in values for part in (value, value.partition(" ")[2]) if part)


def credentials_from(
    url: str, flags: Mapping[str, str], environ: Mapping[str, str]
) -> tuple[str, Credentials | None]:
    """Takes the credentials out of a URL, the flags or the environment.

    What is told with the URL or by flags wins over the environment. A password may stand
    in the environment (`SPECGEN_PASSWORD`) while the user is told openly.

    Args:
        url: The target; `user:password@` is taken out of it.
        flags: Any of `basic` (`user:password`), `user`, `password`, `api_key`, `bearer`.
        environ: The same names in upper case behind `SPECGEN_`.

    Returns:
        The URL without credentials, and the credentials, if there are any.

    Raises:
        UsageProblem: More than one kind is told in one place, or a half of one is missing.
    """
    clean, user, password = _split_userinfo(url)
    told = {name: value for name, value in flags.items() if value}
    if user is not None:
        if told.get("user", user) != user or "basic" in told or (password and "password" in told):
            raise UsageProblem("Credentials are given both in the URL and by options.")
        told["user"] = user
        told |= {"password": password} if password else {}
    behind = {
        name: value
        for name in ("basic", "user", "password", "api_key", "bearer")
        if (value := environ.get(f"SPECGEN_{name.upper()}"))
    }
    if told.keys() - {"password"}:
        extra = {"password": behind["password"]} if "password" in behind else {}
        return clean, _one(extra | told if "user" in told else told, "the command line or URL")
    return clean, _one(behind | told, "the environment")


def _one(told: Mapping[str, str], place: str) -> Credentials | None:
    names = {"user": "basic", "password": "basic"}
    kinds = sorted({names.get(name, name) for name in told})
    if len(kinds) > 1 or ("basic" in told and len(told) > 1):
        named = " and ".join(sorted(told))
        raise UsageProblem(
            f"More than one kind of credentials in {place}: {named}.", "Give one of them."
        )
    if "api_key" in told:
        return Credentials("api_key", told["api_key"])
    if "bearer" in told:
        return Credentials("bearer", told["bearer"])
    if "basic" in told:
        return _basic(told["basic"])
    if not told:
        return None
    missing = {"user", "password"} - told.keys()
    if missing:
        raise UsageProblem(
            f"Basic credentials in {place} lack the {missing.pop()}.",
            "Set SPECGEN_USER and SPECGEN_PASSWORD.",
        )
    return Credentials("basic", f"{told['user']}:{told['password']}")


def _basic(value: str) -> Credentials:
    if ":" not in value:
        raise UsageProblem("Basic credentials must have the form user:password.")
    return Credentials("basic", value)


def _split_userinfo(url: str) -> tuple[str, str | None, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise UsageProblem(f"{without_userinfo(url)} is not a URL.") from None
    userinfo, at, place = parts.netloc.rpartition("@")
    if not at:
        return url, None, ""
    user, _, password = userinfo.partition(":")
    return urlunsplit(parts._replace(netloc=place)), unquote(user), unquote(password)


def _decoded(key: str) -> str:
    """What an encoded API key says, `id:key`; empty if it is none."""
    try:
        return b64decode(key, validate=True).decode()
    except ValueError:
        return ""


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode()


def _forms(secret: str) -> set[str]:
    raw = secret.encode("utf-8", "surrogateescape")
    encoded = {b64encode(raw).decode(), urlsafe_b64encode(raw).decode()}
    quoted = {quote(raw, safe=""), quote(raw), quote_plus(raw)}
    quoted |= {re.sub("%..", lambda code: code[0].lower(), form) for form in quoted}
    escaped = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    shown = {html.escape(secret), html.escape(secret, quote=False)}
    return {secret} | quoted | encoded | {form.rstrip("=") for form in encoded} | escaped | shown


def _pattern(secrets: Iterable[str]) -> re.Pattern[str] | None:
    forms = {form for secret in secrets if secret for form in _forms(secret)}
    if not forms:
        return None
    ordered = sorted(forms, key=lambda form: (-len(form), form))
    return re.compile("|".join(map(_bounded, ordered)))


def _bounded(form: str) -> str:
    """A short word is looked for as a word: a password `elastic` must not eat `elasticsearch`."""
    if len(form) < 8 and form.isalnum():
        return rf"(?<![A-Za-z0-9]){re.escape(form)}(?![A-Za-z0-9])"
    return re.escape(form)
