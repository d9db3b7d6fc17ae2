r"""What stands after a backslash where it is one character, such as `\n`, `\x41`, `\0101`."""

from __future__ import annotations

import string
import unicodedata

from specgen.dialect.java_regex.properties import property_named
from specgen.dialect.java_regex.scan import Scanner
from specgen.dialect.java_regex.tree import CharSet, Negated

__all__ = ["read_char", "read_property"]

_SIMPLE = {"a": "\a", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_OCTAL = frozenset(string.octdigits)
_HEX = frozenset(string.hexdigits)
_LETTERS = frozenset(string.ascii_letters + string.digits)


def read_char(scan: Scanner, letter: str) -> str:
    """Reads the rest of an escape whose first letter was taken.

    Raises:
        RegexInvalid: No character is written so.
    """
    if letter in _SIMPLE:
        return _SIMPLE[letter]
    if letter in _READERS:
        return _READERS[letter](scan)
    if letter in _LETTERS:
        raise scan.error(f"there is no escape \\{letter}", scan.at - 1)
    if not letter:
        raise scan.error("a backslash at the end")
    return letter


def read_property(scan: Scanner, letter: str) -> CharSet:
    r"""Reads the name of a property after `\p` or `\P`, which was taken.

    Raises:
        RegexInvalid: There is no such property, or the name does not end.
    """
    start = scan.at
    name = scan.take()
    if name == "{":
        name = _braced(scan, "the name of the property")
    found = property_named(name, scan.flags) if name else None
    if found is None:
        raise scan.error(f"there is no property {name!r}", start)
    return Negated(found) if letter == "P" else found


def _braced(scan: Scanner, what: str) -> str:
    scan.peek()
    start = scan.at
    while (char := scan.take()) != "}":
        if not char:
            raise scan.error(f"{what} does not end", start)
    return scan.text(start, scan.at - 1)


def _hex(scan: Scanner) -> str:
    start = scan.at
    first = scan.take()
    if first == "{" and scan.peek() in _HEX:
        code = 0
        while (char := scan.take()) in _HEX:
            code = code * 16 + int(char, 16)
            if code > 0x10FFFF:
                raise scan.error("there is no such code point", start)
        if char != "}":
            raise scan.error("\\x{…} does not end", start)
        return chr(code)
    digits = first + scan.take()
    if len(digits) != 2 or not _HEX.issuperset(digits):
        raise scan.error("\\x needs two hexadecimal digits", start)
    return chr(int(digits, 16))


def _unicode(scan: Scanner) -> str:
    code = _four_digits(scan)
    back = scan.at
    if 0xD800 <= code < 0xDC00 and scan.take() == "\\" and scan.take() == "u":
        low = _four_digits(scan)
        if 0xDC00 <= low < 0xE000:
            return chr(0x10000 + ((code - 0xD800) << 10) + low - 0xDC00)
    scan.at = back
    return chr(code)


def _four_digits(scan: Scanner) -> int:
    start = scan.at
    digits = "".join(scan.take() for _ in range(4))
    if len(digits) != 4 or not _HEX.issuperset(digits):
        raise scan.error("\\u needs four hexadecimal digits", start)
    return int(digits, 16)


def _octal(scan: Scanner) -> str:
    start = scan.at
    digits = scan.take()
    if digits not in _OCTAL:
        raise scan.error("\\0 needs octal digits", start)
    if scan.peek() in _OCTAL:
        digits += scan.take()
        if digits[0] in "0123" and scan.peek() in _OCTAL:
            digits += scan.take()
    return chr(int(digits, 8))


def _control(scan: Scanner) -> str:
    char = scan.take()
    if not char:
        raise scan.error("\\c needs a character")
    return chr(ord(char) ^ 64)


def _name(scan: Scanner) -> str:
    start = scan.at
    if scan.take() != "{":
        raise scan.error("\\N needs a name in braces", start)
    name = _braced(scan, "the name of the character")
    try:
        char = unicodedata.lookup(name)
    except KeyError:
        char = ""
    # Python also takes aliases and names of sequences.
    if len(char) != 1 or unicodedata.name(char, "") != name.upper():
        raise scan.error(f"there is no character {name!r}", start)
    return char


_READERS = {"x": _hex, "u": _unicode, "0": _octal, "c": _control, "N": _name}
