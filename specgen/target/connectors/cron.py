"""Whether a text is a cron expression of the kind that Elasticsearch's schedules use.

Six or seven fields: second, minute, hour, day of month, month, day of week and, if wanted,
year. It is a check of form and ranges; no times are computed.
"""

from __future__ import annotations

import re

__all__ = ["is_cron"]

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
# Lowest and highest value, the names that stand for values, and whether it is about days.
_FIELDS: tuple[tuple[int, int, tuple[str, ...], bool], ...] = (
    (0, 59, (), False),
    (0, 59, (), False),
    (0, 23, (), False),
    (1, 31, (), True),
    (1, 12, _MONTHS, False),
    (1, 7, _DAYS, True),
    (1970, 2200, (), False),
)
_RANGE = re.compile(r"(\*|[0-9A-Z]+)(?:-([0-9A-Z]+))?(?:/([0-9]+))?", re.ASCII)
# The last day, the last weekday, the weekday nearest to a day, the last or nth such weekday.
_DAY_RULE = re.compile(r"\?|L|LW|L-[0-9]{1,2}|[0-9]{1,2}W|[1-7A-Z]{1,3}(?:L|#[1-5])", re.ASCII)


def is_cron(text: str) -> bool:
    """Tells whether every field can be read and lies in its range."""
    fields = text.upper().split()
    if len(fields) not in (6, 7) or (fields[3] == "?" and fields[5] == "?"):
        return False
    return all(
        _is_item(item, *rule)
        for field, rule in zip(fields, _FIELDS, strict=False)
        for item in field.split(",")
    )


def _is_item(item: str, low: int, high: int, names: tuple[str, ...], days: bool) -> bool:
    if days and _DAY_RULE.fullmatch(item):
        return True
    found = _RANGE.fullmatch(item)
    if found is None:
        return False
    first, last, step = found.groups()
    if first == "*":
        return last is None and step != "0"
    inside = all(_is_value(one, low, high, names) for one in (first, last) if one is not None)
    return inside and step != "0"


def _is_value(text: str, low: int, high: int, names: tuple[str, ...]) -> bool:
    return text in names or (text.isdigit() and len(text) <= 4 and low <= int(text) <= high)
