"""The attributes of a document while it is read, and the references to them in its text."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from specgen.asciidoc import patterns

__all__ = ["DOCS_ROOT", "MAX_VALUE", "Attributes", "below_root", "whole_number"]

# Where the docs root seems to stand for a page that asks for `{docdir}`.
DOCS_ROOT = "/docs-root"

# Values grow by references to others, texts by references to them: this keeps thirty lines
# from making gigabytes. What is longer is cut, or keeps its references.
MAX_VALUE = 64 * 1024
MAX_TEXT = 1024 * 1024

# Stand in a text where a reference was dropped, and where its line goes with it.
_DROPPED, _LINE_DROPPED = "\x7f", "\x18"

# What Asciidoctor's "Character replacement attributes" stand for; a page can override them.
CHARACTERS: dict[str, str] = {
    "amp": "&",
    "apos": "&#39;",
    "asterisk": "*",
    "backslash": "\\",
    "backtick": "`",
    "blank": "",
    "brvbar": "&#166;",
    "caret": "^",
    "cpp": "C&#43;&#43;",
    "deg": "&#176;",
    "empty": "",
    "endsb": "]",
    "gt": ">",
    "ldquo": "&#8220;",
    "lsquo": "&#8216;",
    "lt": "<",
    "nbsp": "&#160;",
    "plus": "&#43;",
    "pp": "&#43;&#43;",
    "quot": "&#34;",
    "rdquo": "&#8221;",
    "rsquo": "&#8217;",
    "sp": " ",
    "startsb": "[",
    "tilde": "~",
    "two-colons": "::",
    "two-semicolons": ";;",
    "vbar": "|",
    "wj": "&#8288;",
    "zwsp": "&#8203;",
}

# What is set before the first line, when a page is converted to HTML without a safe mode.
INTRINSIC: dict[str, str] = {
    "asciidoctor": "",
    "asciidoctor-version": "2.0.23",
    "embedded": "",
    "max-include-depth": "64",
    "safe-mode-level": "0",
    "safe-mode-name": "unsafe",
    "safe-mode-unsafe": "",
    "user-home": ".",
}
DEFAULTS: dict[str, str] = {
    "appendix-caption": "Appendix",
    "appendix-refsig": "Appendix",
    "attribute-missing": "skip",
    "attribute-undefined": "drop-line",
    "authorcount": "0",
    "backend": "html5",
    "backend-html5": "",
    "backend-html5-doctype-article": "",
    "basebackend": "html",
    "basebackend-html": "",
    "basebackend-html-doctype-article": "",
    "caution-caption": "Caution",
    "chapter-refsig": "Chapter",
    "docdate": "",
    "docdatetime": "",
    "doctime": "",
    "doctype": "article",
    "doctype-article": "",
    "docyear": "",
    "example-caption": "Example",
    "figure-caption": "Figure",
    "filetype": "html",
    "filetype-html": "",
    "htmlsyntax": "html",
    "iconsdir": "./images/icons",
    "important-caption": "Important",
    "last-update-label": "Last updated",
    "localdate": "",
    "localdatetime": "",
    "localtime": "",
    "localyear": "",
    "note-caption": "Note",
    "notitle": "",
    "outfilesuffix": ".html",
    "part-refsig": "Part",
    "prewrap": "",
    "section-refsig": "Section",
    "sectids": "",
    "stylesdir": ".",
    "table-caption": "Table",
    "tip-caption": "Tip",
    "toc-placement": "auto",
    "toc-title": "Table of Contents",
    "untitled-label": "Untitled",
    "version-label": "Version",
    "warning-caption": "Warning",
}
_OTHER_NAMES = {"numbered": "sectnums", "hardbreaks": "hardbreaks-option"}
_NOT_IN_NAMES = re.compile(r"[^\w-]")


@dataclass(slots=True)
class Attributes:
    """The attributes as the lines read so far have set them.

    Attributes:
        values: By name, in lower case.
        locked: Names that a page cannot change.
        counters: The values of counters.
        compat_mode: Whether the header asks for what marks meant before Asciidoctor 1.5.
    """

    values: dict[str, str]
    locked: frozenset[str]
    counters: dict[str, str] = field(default_factory=dict)
    compat_mode: bool = False

    @classmethod
    def starting(cls, page: str, given: Mapping[str, str]) -> Attributes:
        """What is set before the first line of a page.

        Args:
            page: Its name, relative to the docs root.
            given: Set from outside, so that the page cannot change them.
        """
        file = f"{DOCS_ROOT}/{page}"
        folder, _, name = file.rpartition("/")
        stem, suffix = posixpath.splitext(name)
        own = {"docdir": folder, "docfile": file, "docfilesuffix": suffix, "docname": stem}
        fixed = {**INTRINSIC, **own, **given}
        return cls({**DEFAULTS, **fixed}, frozenset(fixed), compat_mode="compat-mode" in given)

    def copy(self) -> Attributes:
        """The same attributes, on which nothing that is set later has an effect."""
        return Attributes(dict(self.values), self.locked, dict(self.counters), self.compat_mode)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def get(self, name: str, default: str = "") -> str:
        """The value of an attribute."""
        return self.values.get(name, default)

    @property
    def level_offset(self) -> int:
        """How much deeper than written the sections are that follow."""
        return whole_number(self.get("leveloffset"))

    def store(self, name: str, value: str | None) -> None:
        """Does what `:name: value` says once references in the value are resolved.

        `name!` or `!name`, and a value of None, take the attribute away.
        """
        if name.startswith("!") or name.endswith("!"):
            name, value = name.removesuffix("!").removeprefix("!"), None
        name = _NOT_IN_NAMES.sub("", name).lower()
        name = _OTHER_NAMES.get(name, name)
        if name in self.locked:
            return
        if value is None:
            self.values.pop(name, None)
            return
        if name == "leveloffset" and value[:1] in {"+", "-"}:
            value = str(self.level_offset + whole_number(value))
        if name == "doctype":
            self._set_doctype(value)
        self.values[name] = value[:MAX_VALUE]

    def resolve(self, text: str, missing: str = "") -> str:
        """The text with references replaced by what they refer to.

        Args:
            text: Any text of the page.
            missing: What becomes of a reference to nothing, `skip`, `drop` or `drop-line`;
                as the document says where it is empty.
        """
        if "{" not in text:
            return text
        missing = missing or self.get("attribute-missing")
        length = len(text)

        def referred(found: re.Match[str]) -> str:
            nonlocal length
            if length > MAX_TEXT:
                return found[0]
            value = self._referred(found, missing)
            length += len(value)
            return value

        resolved = patterns.ATTRIBUTE_REFERENCE.sub(referred, text)
        if _DROPPED not in resolved and _LINE_DROPPED not in resolved:
            return resolved
        return "\n".join(_kept(resolved)).replace(_DROPPED, "")

    def _referred(self, found: re.Match[str], missing: str) -> str:
        if found["escape"] or found["escaped"]:
            return f"{{{found['name']}}}"
        if found["directive"]:
            return self._directed(found["name"].split(":", 2))
        name = found["name"].lower()
        if name in self.values:
            return self.values[name]
        if name in CHARACTERS:
            return CHARACTERS[name]
        return {"drop": _DROPPED, "drop-line": _LINE_DROPPED}.get(missing, found[0])

    def _directed(self, words: list[str]) -> str:
        """What `{set:…}` or `{counter:…}` leaves behind."""
        kind, name, value = words[0], words[1], words[2] if len(words) > 2 else ""
        if kind == "set":
            self.store(name, value)
            taken = name.startswith("!") or name.endswith("!")
            keeps = self.get("attribute-undefined", "drop-line") != "drop-line"
            return _DROPPED if not taken or keeps else _LINE_DROPPED
        counted = self._count(name, value)
        return counted if kind == "counter" else _DROPPED

    def _count(self, name: str, seed: str) -> str:
        current = self.values.get(name) or ""
        locked = name in self.locked and name in self.counters
        following = _next(self.counters[name] if locked else current) if current else seed or "1"
        self.counters[name] = following
        if name not in self.locked:
            self.values[name] = following
        return following

    def _set_doctype(self, value: str) -> None:
        old = self.get("doctype")
        for prefix in ("", "backend-html5-", "basebackend-html-"):
            self.values.pop(f"{prefix}doctype-{old}", None)
            self.values[f"{prefix}doctype-{value}"] = ""


def whole_number(text: str) -> int:
    """The number that a text begins with, as Ruby reads it; 0 if there is none."""
    found = re.match(r"\s*[+-]?\d{1,9}", text)
    return int(found[0]) if found else 0


def _next(value: str) -> str:
    if re.fullmatch(r"-?\d{1,15}", value):
        return str(int(value) + 1)
    return value[:-1] + chr(min(ord(value[-1]) + 1, 0x10FFFF))


def _kept(resolved: str) -> Iterator[str]:
    """The lines that stay: not those that were dropped, nor those that only held a drop."""
    for line in resolved.split("\n"):
        if _LINE_DROPPED not in line and (not line or line.strip(_DROPPED)):
            yield line


def below_root(values: Mapping[str, str], root: Path) -> dict[str, str]:
    """The same with folders below the docs root as pages see them: it stands at `DOCS_ROOT`."""
    folders = {name: Path(value) for name, value in values.items() if value.startswith("/")}
    inside = {
        name: f"{DOCS_ROOT}/{folder.relative_to(root).as_posix()}".removesuffix("/.")
        for name, folder in folders.items()
        if folder.is_relative_to(root)
    }
    return {**values, **inside}
