r"""JSON values as text of a page: digits as they came, strings in the way the old one was written.

What is written must read back as the value: a double-quoted string is YAML's here, a `<1>` is a
callout, and a string that refers to the stash is none.
"""

from __future__ import annotations

import json
import re

from specgen.dialect.triple_quotes import TRIPLE
from specgen.mending.style import Style
from specgen.mending.values import NotMendable, Reason
from specgen.replay.numbers import Double
from specgen.replay.scalars import plain_value
from specgen.replay.stash import refers
from specgen.replay.values import Json

__all__ = ["key_text", "new_value", "scalar_text"]

# What may not stand in a page as it is, or would be taken for something else.
ESCAPED = re.compile(
    r"[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff\ufeff]|<(?=\d+>)|\[(?=\^\d+\])"
)
WORD = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
# Lines that the line reader takes for something else than content, and ends of lines that go.
NO_CONTENT = re.compile(r"^(?:-{4}|//|\[|\+$)|[^\S\n]$", re.MULTILINE)


def new_value(value: Json, indent: str, key: str, style: Style, *, inline: bool) -> str:
    """A value that has no place in the page yet.

    Args:
        value: What the cluster said.
        indent: The white space before the line that it begins on.
        key: Its key, or `[]`; empty for none.
        style: How the page writes.
        inline: Whether all around it stands on one line.
    """
    if not isinstance(value, list | dict):
        return scalar_text(value)
    if not value:
        return "[]" if isinstance(value, list) else "{}"
    inline = inline or style.on_one_line(key, value)
    deeper = indent + style.step
    parts = []
    if isinstance(value, list):
        parts = [new_value(each, deeper, "[]", style, inline=inline) for each in value]
    else:
        for name, each in value.items():
            written = new_value(each, deeper, name, style, inline=inline)
            parts.append(f"{key_text(name, style)}{style.colon_of(name)}{written}")
    left, right = "[]" if isinstance(value, list) else "{}"
    if inline:
        pad, gap = style.pads[isinstance(value, list)], style.gaps[isinstance(value, list)]
        return f"{left}{pad}{f',{gap}'.join(parts)}{pad}{right}"
    lines = f",\n{deeper}".join(parts)
    return f"{left}\n{deeper}{lines}\n{indent}{right}"


def key_text(key: str, style: Style) -> str:
    """A key as the page writes keys."""
    _check_reference(key)
    return key if style.bare and _is_word(key) else _quoted(key)


def scalar_text(value: Json, old: str = "") -> str:
    """A value that is no container.

    Args:
        value: What the cluster said.
        old: What stood in its place, as the page writes it; empty for nothing.

    Raises:
        NotMendable: It would be looked up in the stash.
    """
    if not isinstance(value, str):
        return value.raw if isinstance(value, Double) else json.dumps(value)
    _check_reference(value)
    if old.startswith(TRIPLE) and (triple := _triple(value)):
        return triple
    if old.startswith("'") and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    if _is_word(old) and _is_word(value):
        return value
    return _quoted(value)


def _check_reference(text: str) -> None:
    if refers(text):
        words = f"{text!r} would be looked up as a value of the stash"
        raise NotMendable(Reason.STASH, words, "write a substitution that says $body.$_path")


def _is_word(text: str) -> bool:
    return bool(WORD.fullmatch(text)) and plain_value(text) == text


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _triple(text: str) -> str:
    """The text between three quotes, lines as they are; empty if it cannot stand there."""
    if TRIPLE in text or text.startswith('"') or text.endswith('"') or NO_CONTENT.search(text):
        return ""
    lines = (_quoted(line)[1:-1].replace('\\"', '"') for line in text.split("\n"))
    return f"{TRIPLE}{chr(10).join(lines)}{TRIPLE}"
