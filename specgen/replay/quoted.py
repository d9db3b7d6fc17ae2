"""The contents of quoted and of plain scalars: escapes, and lines folded into one.

Source of the rules: YAML 1.1, as SnakeYAML's scanner reads it.
"""

from __future__ import annotations

import re

__all__ = ["BREAK", "fold", "unescape"]

# What ends a line for YAML 1.1.
BREAK = r"(?:\r\n|[\n\r\x85\u2028\u2029])"
FOLD = re.compile(rf"[ \t]*({BREAK})((?:[ \t]*{BREAK})*)[ \t]*")
SPECIAL = re.compile(
    rf"\\{BREAK}(?P<joined>(?:[ \t]*{BREAK})*)[ \t]*"
    r"|\\x(?P<x>[0-9a-fA-F]{2})|\\u(?P<u>[0-9a-fA-F]{4})|\\U(?P<U>[0-9a-fA-F]{8})"
    r"|\\(?P<letter>.)"
    rf"|(?P<space>[ \t]+(?:{BREAK}[ \t]*)*|(?:{BREAK}[ \t]*)+)",
    re.DOTALL,
)
ESCAPES = dict(
    zip(
        '0abtnvfre "\\N_LP',
        '\0\a\b\t\n\v\f\r\x1b "\\\x85\xa0\u2028\u2029',
        strict=True,
    )
)
SURROGATE = re.compile("[\ud800-\udfff]")


def unescape(content: str) -> str:
    """What stands between double quotes, escapes read and lines folded.

    Raises:
        ValueError: An escape that does not exist; its second argument is the offset of
            the escape in `content`.
    """
    if "\\" not in content and not FOLD.search(content):
        return content
    text = SPECIAL.sub(_special, content)
    if SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    return text


def fold(content: str) -> str:
    """Lines made one: a single line end becomes a space, of several the first is dropped."""
    return FOLD.sub(lambda found: _folded(found[1], found[2]), content)


def _special(found: re.Match[str]) -> str:
    if found["space"] is not None:
        return fold(found["space"])
    if found["joined"] is not None:
        return _breaks(found["joined"])
    code = found["x"] or found["u"] or found["U"]
    if code is not None and int(code, 16) <= 0x10FFFF:
        return chr(int(code, 16))
    if found["letter"] in ESCAPES:
        return ESCAPES[found["letter"]]
    raise ValueError(f"there is no escape {found[0][:2]} in double quotes", found.start())


def _folded(first: str, others: str) -> str:
    if _breaks(first) != "\n":
        return first + _breaks(others)
    return _breaks(others) or " "


def _breaks(text: str) -> str:
    return re.sub(r"\r\n|[\r\x85]", "\n", re.sub(r"[ \t]", "", text))
