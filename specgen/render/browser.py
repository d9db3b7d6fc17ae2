"""Reports for a browser: one file each, which brings and allows nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from importlib.metadata import version

from specgen.render.templates import fill

__all__ = ["browser_report"]


def browser_report(template: str, view: object, style: str, script: str = "") -> str:
    """The report of a template that extends `report.html.j2`.

    Its content security policy allows the one style sheet and the one script that specgen put
    in, and nothing else whatever: nothing that a page says could run, even if it got in.

    Args:
        template: Its name.
        view: What is called `view` there; it is escaped.
        style: The template of the style sheet, which follows the one that all reports share.
        script: The template of the script; empty for none.
    """
    css = f"{fill('report.css', None)}{fill(style, None)}"
    code = fill(script, None) if script else ""
    allowed = [f"style-src '{_digest(css)}'"]
    if code:
        allowed.append(f"script-src '{_digest(code)}'")
    policy = "; ".join(["default-src 'none'", *allowed, "base-uri 'none'", "form-action 'none'"])
    return fill(template, view, style=css, script=code, policy=policy, version=version("specgen"))


def _digest(text: str) -> str:
    """As a content security policy names a style sheet or a script."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
