"""What a case asks of its target before anything is sent: its version, its kind, an API."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from specgen.target.values import TargetInfo

__all__ = ["NOT_APPLICABLE", "unmet"]

OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        ">=": operator.ge,
        "<=": operator.le,
        "==": operator.eq,
        ">": operator.gt,
        "<": operator.lt,
    }
)
NOT_APPLICABLE = "not applicable to"
"""How the reason of a case begins that is about another target."""

REQUIREMENT = re.compile(r"(?P<what>version|distribution|api)(?P<how>[<>=]=|[<>=])(?P<value>.+)")


def unmet(requirements: Sequence[str], info: TargetInfo, knows: Callable[[str], bool]) -> str:
    """Why a case is not applicable to a target; empty if it is.

    Args:
        requirements: `version>=8.12`, `distribution=elasticsearch`, `api=_connector`.
        info: What is known of the target.
        knows: Asks the target whether it has an API.
    """
    for text in requirements:
        found = REQUIREMENT.fullmatch(text)
        if found is None or not _holds(found["what"], found["how"], found["value"], info, knows):
            return f"{NOT_APPLICABLE} {info.distribution} {info.version}: requires {text}"
    return ""


def _holds(what: str, how: str, value: str, info: TargetInfo, knows: Callable[[str], bool]) -> bool:
    if what == "api":
        return knows(value.strip("/"))
    if what == "distribution":
        return info.distribution.lower() == value.lower()
    compare = OPERATORS.get(how)
    return compare is not None and _compared(compare, _numbers(info.version), _numbers(value))


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers of `8.15.3-SNAPSHOT`, without what follows them."""
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def _compared(
    compare: Callable[[Any, Any], bool], mine: tuple[int, ...], asked: tuple[int, ...]
) -> bool:
    """Compares versions where 8.12 is 8.12.0: the shorter one is filled with zeros."""
    length = max(len(mine), len(asked))
    padded = [each + (0,) * (length - len(each)) for each in (mine, asked)]
    return compare(*padded)
