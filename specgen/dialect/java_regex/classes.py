"""Character classes: `[a-z]`, `[^a-c[x]]`, `[a-z&&[^x]]`.

`[` opens a nested class anywhere, `&&` takes all that follows up to the closing bracket as
its right side, `]` is plain where nothing stands before it, and `^` negates the whole class,
`&&` and all.
"""

from __future__ import annotations

from specgen.dialect.java_regex.errors import RegexUnsupported
from specgen.dialect.java_regex.escapes import read_char, read_property
from specgen.dialect.java_regex.properties import predefined
from specgen.dialect.java_regex.scan import Scanner
from specgen.dialect.java_regex.tree import Both, CharSet, Negated, Range, Union

__all__ = ["MAX_DEPTH", "read_class"]

# Far more than anybody writes; the `regex` package recurses over what we hand it.
MAX_DEPTH = 40


def read_class(scan: Scanner, depth: int = 0) -> CharSet:
    """Reads a class whose opening bracket was taken, with its closing bracket.

    Raises:
        RegexInvalid: It does not end, is empty, or holds what cannot stand in a class.
        RegexUnsupported: It is nested too deeply, or a plain `&` follows an `&&`.
    """
    if depth > MAX_DEPTH:
        raise RegexUnsupported("classes are nested too deeply", scan.offset())
    # Only right after the bracket, also where white space is skipped.
    negative = scan.raw() == "^"
    if negative:
        scan.at += 1
    body = _body(scan, depth)
    scan.take()
    return Negated(body) if negative else body


def _body(scan: Scanner, depth: int) -> CharSet:
    """Reads up to the closing bracket."""
    start = scan.at
    parts: list[CharSet] = []
    while (char := scan.peek()) != "]" or not parts:
        if not char:
            raise scan.error("the class does not end", start)
        if char == "&" and _second_ampersand(scan):
            parts = [_intersection(scan, parts, depth)]
        elif char == "[":
            scan.at += 1
            parts.append(read_class(scan, depth + 1))
        else:
            parts.append(_item(scan))
    return parts[0] if len(parts) == 1 else Union(tuple(parts))


def _second_ampersand(scan: Scanner) -> bool:
    """Takes `&&` if the next two characters are that."""
    start = scan.at
    scan.at += 1
    if scan.peek() == "&":
        scan.at += 1
        return True
    if scan.at != start + 1:
        raise RegexUnsupported("white space after a single & in a class", scan.offset(start))
    scan.at = start
    return False


def _intersection(scan: Scanner, before: list[CharSet], depth: int) -> CharSet:
    """Reads what follows `&&`: nested classes, then perhaps all the rest of the class."""
    start = scan.at
    right: list[CharSet] = []
    while (char := scan.peek()) not in ("]", "&"):
        if char == "[":
            scan.at += 1
            right.append(read_class(scan, depth + 1))
        else:
            right.append(_body(scan, depth + 1))
    if (char == "&" and scan.raw(1) != "&") or (len(before) > 1 and not right):
        # What Java makes of it depends on how it stores what came before.
        raise RegexUnsupported("a class that Java itself muddles", scan.offset(start))
    left = _joined(before)
    if left is None and not right:
        raise scan.error("&& stands between nothing", start)
    both = [part for part in (left, _joined(right)) if part is not None]
    return both[0] if len(both) == 1 else Both(*both)


def _joined(parts: list[CharSet]) -> CharSet | None:
    if len(parts) < 2:
        return parts[0] if parts else None
    return Union(tuple(parts))


def _item(scan: Scanner) -> CharSet:
    r"""Reads a character, a range or a set such as `\d`."""
    start = scan.at
    low = _end_of_range(scan)
    if not isinstance(low, str):
        return low
    if scan.peek() != "-" or scan.raw(1) in ("[", "]"):
        return Range(ord(low), ord(low), scan.flags.fold)
    scan.at += 1
    high = _end_of_range(scan, last=True)
    if not isinstance(high, str) or ord(high) < ord(low):
        raise scan.error("the range runs backwards", start)
    return Range(ord(low), ord(high), scan.flags.fold)


def _end_of_range(scan: Scanner, last: bool = False) -> str | CharSet:
    if not scan.peek():
        raise scan.error("the class does not end")
    if scan.raw() != "\\":
        return scan.take_raw()
    scan.at += 1
    letter = scan.take_raw()
    if letter in ("p", "P") and not last:
        return read_property(scan, letter)
    if letter == "v" and (last or scan.raw() == "-"):
        # At the end of a range it is the one character it was before Java 8.
        return "\v"
    return predefined(letter, scan.flags) or read_char(scan, letter)
