"""What a session was asked for: options of pytest, and what came through the environment."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from specgen.target.auth import Secrets, credentials_from
from specgen.target.masks import Masks
from specgen.target.opening import TargetSettings
from specgen.target.permission import permissions_of
from specgen.target.recorder import Diary

__all__ = ["diary_in", "settings_of"]


def settings_of(config: pytest.Config) -> TargetSettings:
    """Where to replay, and how to reach it.

    Raises:
        UsageError: A header has no colon.
    """
    headers = []
    # Headers may be secret, so the command line of a private session does not show them.
    inherited = filter(None, os.environ.get("SPECGEN_HEADERS", "").split("\n"))
    for text in (*config.getoption("--specgen-header"), *inherited):
        name, colon, value = text.partition(":")
        if not colon:
            raise pytest.UsageError(f"--specgen-header: expected NAME:VALUE, found {text!r}")
        headers.append((name.strip(), value.strip()))
    url, credentials = credentials_from(config.getoption("--specgen-target"), {}, os.environ)
    return TargetSettings(
        target=url,
        disposable=config.getoption("--specgen-disposable"),
        read_only=config.getoption("--specgen-read-only"),
        scope=config.getoption("--specgen-scope"),
        allow=permissions_of(config.getoption("--specgen-allow")),
        timeout=config.getoption("--specgen-timeout"),
        headers=tuple(headers),
        credentials=credentials,
        ca_file=os.environ.get("SPECGEN_CA_FILE", ""),
        client_cert=os.environ.get("SPECGEN_CLIENT_CERT", ""),
        client_key=os.environ.get("SPECGEN_CLIENT_KEY", ""),
    )


def diary_in(path: Path, secrets: Secrets) -> Diary:
    """Where the exchanges of this session are kept."""
    return Diary(path, Masks(secrets), lambda: datetime.now(UTC), time.perf_counter)
