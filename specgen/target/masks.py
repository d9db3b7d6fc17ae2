"""Hides secrets in what is recorded, so that a replay can still tell them apart.

A secret that stands in a field known for secrets gets a mask with a number, `***1***`, the
same wherever it comes again. A replay learns from the requests that a page sends what a
number stands for there, and what it does not learn stays masked. What specgen itself was
given to log in is masked as everywhere else, by `***`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from specgen.target.auth import Secrets, redact, secret_headers

__all__ = ["MASKED", "Masks", "issued_by"]

MASKED = re.compile(r"\*{3}(?:(\d+)\*{3})?")
"""A mask; its group is the number, if it has one."""

_SECURITY = "(?:_xpack/|_plugins/_|_opendistro/_|_)security/"
# What an answer has to hold for a look at its fields to be worth it.
_HINT = re.compile("encoded|key|pass|secret|token|value")

# Names of JSON fields that hold a secret, by what the path of the request begins with.
# Source: the request and response bodies of Elasticsearch's security, connector, watcher,
# snapshot and reindex APIs.
FIELDS = (
    (
        "",
        "api_key|encoded_api_key|access_token|refresh_token|client_secret|private_key"
        "|kerberos_authentication_response_token|password|password_hash|passphrase"
        "|secure_settings_password|secret_key|secret_access_key|session_token"
        "|http_ca_key|transport_key",
    ),
    (f"{_SECURITY}", "encoded|token"),
    (f"{_SECURITY}(?:service|enroll)/", "value"),
    ("_connector/_secret", "value"),
)
# A shorter one is hidden where it stands only: it could be a word of any text.
SHORTEST = 8


@dataclass(slots=True)
class Masks:
    """What is hidden in one recording.

    Attributes:
        secrets: What specgen was given to log in.
        numbers: The secrets found so far, with the number that stands for each.
        issued: Those that a target made, in the order they came: hidden everywhere.
    """

    secrets: Secrets
    numbers: dict[str, int] = field(default_factory=dict)
    issued: list[str] = field(default_factory=list)

    def learn(self, path: str, answer: str) -> None:
        """Looks for secrets that an answer hands out: no later text shows them either."""
        for found in _fields(path).finditer(answer):
            value = _value(found["value"])
            if value not in self.numbers and len(value) >= SHORTEST:
                self.issued.append(value)
            self._mask(value)

    def hide(self, path: str, text: str) -> str:
        """The text of a request to `path`, or of its answer, without secrets."""
        text = _fields(path).sub(
            lambda found: f"{found['before']}{self._mask(_value(found['value']))}", text
        )
        return self.hide_known(text)

    def hide_known(self, text: str) -> str:
        """A text without the secrets that are known by now."""
        for value in self.issued:
            text = redact(text, (value,), self._mask(value))
        return self.secrets.redact(text)

    def header(self, name: str, value: str) -> str:
        """The value of a header, masked if its name says that it is secret."""
        secret = secret_headers(((name, value),))
        return "***" if secret else self.hide_known(value)

    def _mask(self, value: str) -> str:
        return f"***{self.numbers.setdefault(value, len(self.numbers) + 1)}***"


def issued_by(path: str, answer: str) -> frozenset[str]:
    """The secrets that an answer hands out: API keys, tokens, passwords.

    Args:
        path: Of the request.
        answer: The body, as text.
    """
    if not _HINT.search(answer):
        return frozenset()
    return frozenset(_value(found["value"]) for found in _fields(path).finditer(answer))


def _fields(path: str) -> re.Pattern[str]:
    path = path.removeprefix("/")
    names = "|".join(names for start, names in FIELDS if re.match(start, path))
    # The name without quotes is YAML.
    before = rf'(?<![\w.-])"?(?:{names})"?\s*:\s*(?:\{{\s*"value"\s*:\s*)?"'
    return re.compile(rf'(?P<before>{before})(?P<value>(?:[^"\\]|\\.)+)(?=")')


def _value(text: str) -> str:
    """What stands between the quotes of a JSON string."""
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:  # no JSON after all: its text is as secret
        return text
