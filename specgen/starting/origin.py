"""Where others get the specgen that runs here: what pip wrote down when it was installed."""

from __future__ import annotations

import json
import re

__all__ = ["requirement_of"]

# What pip takes as a URL that others reach too, and no shell or YAML has a meaning of its own for.
SHARED = re.compile(r"(?:https|ssh)://[\w.~:/@%+-]+")


def requirement_of(direct_url: str | None) -> str:
    """What pip installs the same from, on any machine; empty if nobody can tell.

    Args:
        direct_url: The text of `direct_url.json` (PEP 610), which pip writes unless an index was
            asked. Which one that was is written nowhere, and the public one has another project
            under this name.
    """
    try:
        document = json.loads(direct_url or "{}")
    except ValueError:
        return ""
    url, vcs = str(document.get("url", "")), document.get("vcs_info") or {}
    if not SHARED.fullmatch(url):
        return ""
    if vcs.get("vcs") == "git" and vcs.get("commit_id"):
        return f"specgen @ git+{url}@{vcs['commit_id']}"
    return f"specgen @ {url}" if "archive_info" in document else ""
