"""Python literals for any text: nothing a page says can leave its string.

The literals are written as `ruff format` and Black write them, so that a rendered module is
formatted without a formatter being run.
"""

from __future__ import annotations

import re

__all__ = ["comment_text", "docstring_text", "pystr"]

# What an editor shows as a different text than it is, or not at all, is written as an escape.
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}

# How a comment begins that tools obey.
_ORDERS = re.compile(
    r"(?:type|mypy|pyright|pyre|ruff|flake8|fmt|yapf|isort|pylint|pragma)\s*:|noqa|nosec", re.I
)


def pystr(text: str) -> str:
    """A literal that Python reads as exactly this text, the most readable one there is.

    Several lines become a triple-quoted literal, raw where backslashes would double.
    """
    if "\n" in text.rstrip("\n") or (text.endswith("\n") and len(text) > 1):
        return _block(text)
    return _line(text)


def _line(text: str) -> str:
    quote = "'" if text.count('"') > text.count("'") else '"'
    raw = "\\" in text and _plain(text) and quote not in text
    if raw and not text.endswith("\\") and '\\"' not in text:
        return f"r{quote}{text}{quote}"
    if not (_plain(text) and quote not in text and "\\" not in text):  # mostly there is nothing
        text = "".join([_escaped(character, quote) for character in text])
    return f"{quote}{text}{quote}"


def _block(text: str) -> str:
    quote = "'''" if '"""' in text and "'''" not in text and not text.endswith("'") else '"""'
    plain = _plain(text.replace("\n", ""))
    safe = quote not in text and not text.endswith((quote[0], "\\")) and plain
    if safe and not re.search(r"[ \t]\n", text):
        return f"{quote}{text}{quote}" if "\\" not in text else f"r{quote}{text}{quote}"
    pieces = re.split(rf"({quote[0]}{{3,}}|{quote[0]}\Z)", text)
    # Split with one group: every second piece is made of quotes that would end the literal.
    for index, piece in enumerate(pieces):
        escape = f"\\{quote[0]}" if index % 2 else ""
        pieces[index] = escape * len(piece) or "".join([_escaped(c, "\n") for c in piece])
    body = "".join(pieces)
    body = re.sub(r" (?=\n)", r"\\x20", body)
    return f"{quote}{body}{quote}"


def _plain(text: str) -> bool:
    # Lone surrogates, controls and marks of direction are not printable for Python either.
    return text.isprintable()


def _escaped(character: str, quote: str) -> str:
    if character == quote:
        return character if quote == "\n" else f"\\{character}"
    if character in _ESCAPES:
        return _ESCAPES[character]
    if _plain(character):
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _printable(text: str) -> str:
    return text if _plain(text) else "".join([c if _plain(c) else " " for c in text])


def docstring_text(text: str) -> str:
    """A text as it may stand in a docstring: one line, nothing that could end it."""
    plain = _printable(text)
    plain = plain.replace("\\", "/").replace('"', "'")
    return re.sub(r"\s+", " ", plain).strip()


def comment_text(text: str) -> str:
    """A text as it may stand behind `# `: one line of printable characters, no tool's order."""
    plain = re.sub(r"\s+", " ", _printable(text)).strip()
    return f"- {plain}" if _ORDERS.match(plain) else plain
