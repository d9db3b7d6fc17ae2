"""What pages and clusters say, as text that Markdown takes for nothing else."""

from __future__ import annotations

import re

from specgen.messages import printable

__all__ = ["inert", "plain_markdown"]

# What Markdown, HTML or GitHub would make something of: markup, names, issues, addresses.
SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~&$@]|:(?=//)|(?<=www)\.")


def plain_markdown(text: str) -> str:
    """One line of plain text: no markup, no mention, no link, no element."""
    return inert(" ".join(text.split()))


def inert(text: str) -> str:
    """The same with its spaces as they are."""
    return SPECIAL.sub(lambda found: f"&#{ord(found[0])};", printable(text))
