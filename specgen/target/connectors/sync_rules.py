"""Changes to a connector's filtering: the draft, its validation, and putting it into force."""

from __future__ import annotations

from typing import Any

from specgen.target.connectors.changes import Asked
from specgen.target.connectors.documents import default_rule, new_validation
from specgen.target.connectors.errors import bad_status
from specgen.target.connectors.store import Document

__all__ = ["activate_draft", "set_draft", "set_validation"]

_SAME_RULE = ("field", "id", "policy", "rule", "value")


def set_draft(document: Document, asked: Asked) -> None:
    """Sets the rules or the snippet of the draft, which must then be validated again.

    A body with `filtering` replaces everything, what is in force included.
    """
    body, moment = asked.body, asked.moment
    if "filtering" in body:
        document["filtering"] = [_domain(one, moment) for one in body["filtering"]]
        return
    draft = _draft(document)
    if "advanced_snippet" in body:
        draft["advanced_snippet"] = _stamped(body["advanced_snippet"], moment)
    if "rules" in body:
        rules = [_stamped(rule, moment) for rule in body["rules"]]
        draft["rules"] = _default_last(rules, moment)
    draft["validation"] = new_validation("edited")


def set_validation(document: Document, asked: Asked) -> None:
    """Notes what the connector service found out about the draft."""
    _draft(document)["validation"] = asked.body["validation"]


def activate_draft(document: Document, asked: Asked) -> None:
    """Puts the draft into force if it is valid."""
    draft = _draft(document)
    state = draft["validation"]["state"]
    if state != "valid":
        raise bad_status(
            "Filtering draft needs to be validated by the connector service before activation."
            f" Current filtering draft validation state [{state}] is not equal to [valid]."
        )
    document["filtering"][0]["active"] = draft


def _draft(document: Document) -> Document:
    if not document["filtering"]:
        raise bad_status("The connector has no filtering.")
    # A connector has one domain; a second can only come with a whole `filtering`.
    draft: Document = document["filtering"][0]["draft"]
    return draft


def _domain(given: Document, moment: str) -> Document:
    return {
        "active": _whole(given["active"], moment),
        "domain": given.get("domain", "DEFAULT"),
        "draft": _whole(given["draft"], moment),
    }


def _whole(given: Document, moment: str) -> Document:
    return {
        "advanced_snippet": _stamped(given["advanced_snippet"], moment),
        "rules": [_stamped(rule, moment) for rule in given["rules"]],
        "validation": given["validation"],
    }


def _stamped(given: Document, moment: str) -> Document:
    return dict(sorted({"created_at": moment, "updated_at": moment, **given}.items()))


def _default_last(rules: list[Any], moment: str) -> list[Any]:
    """Orders the rules, and puts the one that takes everything last, given or not."""
    default = [rule for rule in rules if _is_default(rule)]
    others = sorted((rule for rule in rules if not _is_default(rule)), key=_order)
    order = _order(others[-1]) + 1 if others else 0
    return [*others, default_rule(order, default[0]["created_at"] if default else moment)]


def _is_default(rule: Document) -> bool:
    model = default_rule(0, "")
    return all(rule[name] == model[name] for name in _SAME_RULE)


def _order(rule: Document) -> int:
    order: int = rule["order"]
    return order
