"""From the options of a command to the settings of a target."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from specgen.cli.config import Config
from specgen.cli.credentials import configured_credentials, expanded
from specgen.errors import UsageProblem
from specgen.target.auth import credentials_from
from specgen.target.opening import RECORDING, TargetSettings
from specgen.target.permission import check_scope, permissions_of

__all__ = ["check_secrets", "settings_of"]


def settings_of(config: Config, options: Mapping[str, Any]) -> TargetSettings:
    """The target that flags, environment and configuration ask for, in this order.

    Raises:
        UsageProblem: They contradict each other, a header has no colon, or a recording is
            not there.
    """
    flags = {
        "basic": options["user"] or "",
        "api_key": options["api_key"] or "",
        "bearer": options["bearer"] or "",
    }
    wanted = options["target"] or config.target or "embedded"
    scope = _scope(config, options, wanted)
    url, credentials = credentials_from(wanted, flags, os.environ)
    # What the configuration knows is for its own target, never for one named elsewhere.
    own = wanted == config.target and "://" in wanted
    configured = expanded(config.credentials, os.environ) if own else {}
    if credentials is None:
        credentials = configured_credentials(configured)
    return TargetSettings(
        target=_absolute(url) if url.startswith(RECORDING) else url,
        disposable=options["disposable"],
        read_only=options["read_only"],
        scope=scope,
        allow=_allowed(options, scope),
        timeout=options["timeout"],
        headers=tuple(map(_header, options["header"])),
        credentials=credentials,
        ca_file=options["ca_file"] or configured.get("ca_file", ""),
        client_cert=options["client_cert"] or configured.get("client_cert", ""),
        client_key=options["client_key"] or configured.get("client_key", ""),
    )


def _scope(config: Config, options: Mapping[str, Any], target: str) -> str:
    """The scope of the command line, else that of the configuration, which is for URLs alone."""
    if options["scope"] is not None:
        return check_scope(options["scope"])
    return check_scope(config.scope) if "://" in target else ""


def _allowed(options: Mapping[str, Any], scope: str) -> frozenset[str]:
    allow = permissions_of(options["allow"])
    if allow and (scope or options["read_only"]):
        raise UsageProblem(
            "--allow is for a cluster whose data may be lost",
            "it adds nothing to --read-only and --scope",
        )
    return allow


def check_secrets(targets: Sequence[str], settings: Sequence[TargetSettings]) -> None:
    """Refuses to tell one cluster the credentials of another.

    Raises:
        UsageProblem: They would go to several clusters.
    """
    urls = [each for each in zip(targets, settings, strict=True) if "://" in each[0]]
    told = {of.target for name, of in urls if of.headers or (of.credentials and "@" not in name)}
    if len(told) > 1:
        raise UsageProblem(
            "credentials and headers would go to each of several clusters",
            "name one cluster at a time, or put the credentials of each into its URL",
        )


def _absolute(target: str) -> str:
    """A recording by its absolute path: it is opened in another folder."""
    path = Path(target.removeprefix(RECORDING))
    if not path.is_file():
        raise UsageProblem(
            f"--target: there is no recording {str(path)!r}",
            "`specgen run --record FILE` writes one",
        )
    return f"{RECORDING}{path.absolute()}"


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise UsageProblem(f"--header: expected NAME:VALUE, found {text!r}")
    return name.strip(), value.strip()
