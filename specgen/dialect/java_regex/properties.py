r"""Sets of characters that have a name: `\d`, `\w`, `\p{Lu}`, `\p{InThai}`.

What a name stands for is written as the inside of a bracket of the `regex` package, whose
Unicode tables do the rest. They may be newer than Java's: a character that Java does not
know yet can be in a set here. Names of scripts and blocks are taken a little more loosely
than by Java (without `_`, for example).
"""

from __future__ import annotations

from functools import lru_cache

import regex

from specgen.dialect.java_regex.scan import Flags
from specgen.dialect.java_regex.tree import CharSet, Named, Negated

__all__ = ["predefined", "property_named"]

_CATEGORIES = [
    "Cn",
    "Lu",
    "Ll",
    "Lt",
    "Lm",
    "Lo",
    "Mn",
    "Me",
    "Mc",
    "Nd",
    "Nl",
    "No",
    "Zs",
    "Zl",
    "Zp",
    "Cc",
    "Cf",
    "Co",
    "Cs",
    "Pd",
    "Ps",
    "Pe",
    "Pc",
    "Po",
    "Sm",
    "Sc",
    "Sk",
    "So",
    "Pi",
    "Pf",
    "L",
    "M",
    "N",
    "Z",
    "C",
    "P",
    "S",
]

_HORIZONTAL = r" \t\xA0\u1680\u180E\u2000-\u200A\u202F\u205F\u3000"
_VERTICAL = r"\n-\r\x85\u2028\u2029"
_IGNORABLE = r"\x00-\x08\x0E-\x1B\x7F-\x9F\p{Cf}"
_LATER_SPACE = r"[\p{Z}--[\xA0\u2007\u202F]]"
_UNICODE_BLANK = r"\p{Zs}\t"
_VISIBLE = r"[^\p{White_Space}\p{Cc}\p{Cs}\p{Cn}]"

_ASCII_CLASSES = {
    "ASCII": r"\x00-\x7F",
    "Alnum": "a-zA-Z0-9",
    "Alpha": "a-zA-Z",
    "Blank": r" \t",
    "Cntrl": r"\x00-\x1F\x7F",
    "Digit": "0-9",
    "Graph": r"!-~",
    "Lower": "a-z",
    "Print": r"\ -~",
    "Punct": r"!-/:-@\[-`\{-~",
    "Space": r" \t-\r",
    "Upper": "A-Z",
    "XDigit": "0-9a-fA-F",
}

_UNICODE_CLASSES = {
    "Alnum": r"\p{Alphabetic}\p{Nd}",
    "Alpha": r"\p{Alphabetic}",
    "Blank": _UNICODE_BLANK,
    "Cntrl": r"\p{Cc}",
    "Digit": r"\p{Nd}",
    "Graph": _VISIBLE,
    "Lower": r"\p{Lowercase}",
    "Print": rf"{_VISIBLE}\p{{Zs}}",
    "Punct": r"\p{P}",
    "Space": r"\p{White_Space}",
    "Upper": r"\p{Uppercase}",
    "XDigit": r"\p{Nd}\p{Hex_Digit}",
}

_WORD = r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}"

# Names that are known only after `Is`, in any case.
_UNICODE_PROPERTIES = {
    **{name.upper(): text for name, text in _UNICODE_CLASSES.items() if name != "Punct"},
    "ALPHABETIC": r"\p{Alphabetic}",
    "ASSIGNED": r"\P{Cn}",
    "CONTROL": r"\p{Cc}",
    "HEX_DIGIT": r"\p{Nd}\p{Hex_Digit}",
    "HEXDIGIT": r"\p{Nd}\p{Hex_Digit}",
    "IDEOGRAPHIC": r"\p{Ideographic}",
    "JOIN_CONTROL": r"\p{Join_Control}",
    "JOINCONTROL": r"\p{Join_Control}",
    "LETTER": r"\p{L}",
    "LOWERCASE": r"\p{Lowercase}",
    "NONCHARACTER_CODE_POINT": r"\p{Noncharacter_Code_Point}",
    "NONCHARACTERCODEPOINT": r"\p{Noncharacter_Code_Point}",
    "PUNCTUATION": r"\p{P}",
    "TITLECASE": r"\p{Lt}",
    "UPPERCASE": r"\p{Uppercase}",
    "WHITE_SPACE": r"\p{White_Space}",
    "WHITESPACE": r"\p{White_Space}",
    "WORD": _WORD,
}

_PLAIN = {
    **{name: rf"\p{{{name}}}" for name in _CATEGORIES},
    **_ASCII_CLASSES,
    "L1": r"\x00-\xFF",
    "LC": r"\p{Lu}\p{Ll}\p{Lt}",
    "LD": r"\p{L}\p{Nd}",
    "all": r"\x00-\U0010FFFF",
    "javaAlphabetic": r"\p{Alphabetic}",
    "javaDefined": r"\P{Cn}",
    "javaDigit": r"\p{Nd}",
    "javaISOControl": r"\p{Cc}",
    "javaIdentifierIgnorable": _IGNORABLE,
    "javaIdeographic": r"\p{Ideographic}",
    "javaJavaIdentifierPart": r"\p{L}\p{Nd}\p{Nl}\p{Mn}\p{Mc}\p{Sc}\p{Pc}" + _IGNORABLE,
    "javaJavaIdentifierStart": r"\p{L}\p{Nl}\p{Sc}\p{Pc}",
    "javaLetter": r"\p{L}",
    "javaLetterOrDigit": r"\p{L}\p{Nd}",
    "javaLowerCase": r"\p{Lowercase}",
    "javaMirrored": r"\p{Bidi_Mirrored}",
    "javaSpaceChar": r"\p{Z}",
    "javaTitleCase": r"\p{Lt}",
    "javaUnicodeIdentifierPart": rf"\p{{ID_Continue}}{_IGNORABLE}",
    "javaUnicodeIdentifierStart": r"\p{ID_Start}",
    "javaUpperCase": r"\p{Uppercase}",
    "javaWhitespace": rf"{_LATER_SPACE}\t-\r\x1C-\x1F",
}

_ANY_CASE = r"\p{Lowercase}\p{Uppercase}\p{Lt}"

# What a name means instead where case does not count.
_CASELESS = {
    **dict.fromkeys(("Lu", "Ll", "Lt"), _PLAIN["LC"]),
    **dict.fromkeys(("Lower", "Upper"), _PLAIN["Alpha"]),
    **dict.fromkeys(("javaLowerCase", "javaUpperCase", "javaTitleCase"), _ANY_CASE),
}
_CASELESS_UNICODE = dict.fromkeys(
    ("LOWER", "UPPER", "LOWERCASE", "UPPERCASE", "TITLECASE"), _ANY_CASE
)

_PREDEFINED = {"d": "Digit", "s": "Space"}


def predefined(letter: str, flags: Flags) -> CharSet | None:
    r"""The set of an escape such as `\d`; None if the letter stands for none."""
    small = letter.lower()
    unicode = Flags.UNICODE_CLASSES in flags
    if small in _PREDEFINED:
        text = (_UNICODE_CLASSES if unicode else _ASCII_CLASSES)[_PREDEFINED[small]]
    elif small == "w":
        text = _WORD if unicode else "a-zA-Z0-9_"
    elif small in ("h", "v"):
        text = _HORIZONTAL if small == "h" else _VERTICAL
    else:
        return None
    return Named(text) if letter == small else Negated(Named(text))


def property_named(name: str, flags: Flags) -> Named | None:
    r"""The set that the name in `\p{name}` stands for; None if Java knows no such name."""
    key, equals, value = name.partition("=")
    if equals:
        text = _keyed(key.lower(), value, flags)
    elif name.startswith("In"):
        text = _block(name[2:])
    elif name.startswith("Is"):
        text = _unicode(name[2:], flags) or _plain(name[2:], flags) or _script(name[2:])
    else:
        posix = Flags.UNICODE_CLASSES in flags and name in _UNICODE_CLASSES
        text = _unicode_class(name, flags) if posix else _plain(name, flags)
    return None if text is None else Named(text)


def _keyed(key: str, value: str, flags: Flags) -> str | None:
    if key in ("sc", "script"):
        return _script(value)
    if key in ("blk", "block"):
        return _block(value)
    return _plain(value, flags) if key in ("gc", "general_category") else None


def _plain(name: str, flags: Flags) -> str | None:
    if Flags.IGNORE_CASE in flags and name in _CASELESS:
        return _CASELESS[name]
    return _PLAIN.get(name)


def _unicode(name: str, flags: Flags) -> str | None:
    name = name.upper()
    if Flags.IGNORE_CASE in flags and name in _CASELESS_UNICODE:
        return _CASELESS_UNICODE[name]
    return _UNICODE_PROPERTIES.get(name)


def _unicode_class(name: str, flags: Flags) -> str | None:
    return _UNICODE_CLASSES[name] if name == "Punct" else _unicode(name, flags)


def _script(name: str) -> str | None:
    return _known(f"\\p{{Script={name}}}") if name.replace("_", "").isalnum() else None


def _block(name: str) -> str | None:
    plain = name.replace("_", "").replace(" ", "").replace("-", "")
    return _known(f"\\p{{Block={name}}}") if plain.isalnum() else None


@lru_cache(maxsize=256)
def _known(text: str) -> str | None:
    try:
        regex.compile(text)
    except regex.error:
        return None
    return text
