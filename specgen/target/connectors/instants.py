"""Points in time as Elasticsearch reads and prints them: ISO 8601, UTC, `Z`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from specgen.target.connectors.errors import Refused

__all__ = ["read_instant", "write_instant"]

# `2024-11-09T15:13:08.231Z`: seconds must be there, up to nine digits may follow, and the
# zone may be an offset.
_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{0,9}))?(?:Z|([+-])(\d\d):?(\d\d)?)", re.ASCII
)


def read_instant(text: str) -> str:
    """Reads an instant and gives it back as Elasticsearch prints it.

    Raises:
        Refused: It is none.
    """
    found = _INSTANT.fullmatch(text)
    if found is None:
        raise _unreadable(text)
    seconds, fraction, sign, hours, minutes = found.groups()
    shift = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        moment = datetime.fromisoformat(seconds) - (-shift if sign == "-" else shift)
    except (ValueError, OverflowError) as trouble:
        raise _unreadable(text) from trouble
    return _printed(moment, fraction or "")


def write_instant(moment: datetime) -> str:
    """Prints a moment that knows its zone: `2024-11-09T15:13:08.231Z`."""
    return _printed(moment.astimezone(UTC), f"{moment.microsecond:06}")


def _printed(moment: datetime, fraction: str) -> str:
    # Three digits at least, and no zeros after them that say nothing.
    digits = fraction.rstrip("0").ljust(3, "0")
    return f"{moment:%Y-%m-%dT%H:%M:%S}".rjust(19, "0") + f".{digits}Z"


def _unreadable(text: str) -> Refused:
    return Refused(
        400, "date_time_parse_exception", f"Text '{text}' could not be parsed as an instant"
    )
