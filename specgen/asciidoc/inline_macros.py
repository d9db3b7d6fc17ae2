"""Converts the inline macros of a title: links, anchors, index terms, images.

It sees the title after its special characters were escaped, so `<<` is `&lt;&lt;` here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote_plus

from specgen.asciidoc.attribute_lists import Attrs, parse_attribute_list, text_and_attributes
from specgen.asciidoc.attributes import Attributes
from specgen.asciidoc.catalog import Catalog, Label

__all__ = ["Macros"]

_SCHEME = r"(?:https?|file|ftp|irc)://"
_ID = r"(?:[^\W\d_]|[_:])[\w\-:.]*"

IMAGE = re.compile(
    r"\\?(?P<kind>image|icon):(?P<target>[^:\s\[](?:[^\n\[]*[^\s\[])?)\[(?P<text>|.*?[^\\])\]"
)
INDEX_TERM = re.compile(
    r"\\?(?:(?P<macro>indexterm2?):\[(?P<text>.*?[^\\])\]|\(\((?P<term>.+?)\)\)(?!\)))"
)
LINK = re.compile(
    r"(?P<before>^|link:|[ \t]|(?P<angle>\\?&lt;)|[>()\[\];\"'])(?P<scheme>\\?" + _SCHEME + r")"
    r"(?:(?P<target>[^\s\[\]]+)\[(?P<text>|.*?[^\\])\]"
    r"|(?(angle)(?P<inside>\S+?)&gt;|(?!))"
    r"|(?P<bare>[^\s\[\]<]*[^\s,.?!\[\]<)]))"
)
LINK_MACRO = re.compile(
    r"\\?(?:link|(?P<mail>mailto)):(?P<target>|[^:\s\[][^\s\[]*)\[(?P<text>|.*?[^\\])\]"
)
EMAIL = re.compile(
    r"(?P<before>[\\>:/])?\w(?:&amp;|[\w\-.%+])*@[^\W_][\w\-.]*\.[a-zA-Z]{2,5}(?a:\b)"
)
ANCHOR = re.compile(
    rf"(?P<escape>\\)?(?:\[\[(?P<id>{_ID})(?:, *.+?)?\]\]"
    rf"|anchor:(?P<named>{_ID})\[(?:\]|.*?[^\\]\]))"
)


@dataclass(frozen=True, slots=True)
class Macros:
    """Converts the macros of one text.

    Attributes:
        attributes: Of the document, as they are now.
        catalog: What can be referred to.
        shown: Converts the label of what is referred to.
        normal: Converts a text in single quotes.
    """

    attributes: Attributes
    catalog: Catalog
    shown: Callable[[Label], str]
    normal: Callable[[str], str]

    def convert(self, text: str) -> str:
        """The text with macros as HTML."""
        attributes, brackets, colon = self.attributes, "[" in text, ":" in text
        if "experimental" in attributes:
            # Few pages need this, or references: they are imported here to start fast.
            from specgen.asciidoc.user_interface import convert_user_interface

            text = convert_user_interface(text, attributes.get("icons") == "font")
        steps: tuple[tuple[bool, re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
            (brackets and colon, IMAGE, lambda found: _image(found, attributes)),
            ("((" in text or "dexterm" in text, INDEX_TERM, _index_term),
            ("://" in text, LINK, self._link),
            (brackets and colon, LINK_MACRO, self._link_macro),
            ("@" in text, EMAIL, _email),
            (brackets, ANCHOR, _anchor),
        )
        for applies, pattern, convert in steps:
            if applies:
                text = pattern.sub(convert, text)
        return self._with_references(text)

    def _with_references(self, text: str) -> str:
        if "&lt;&lt;" not in text and "xref:" not in text and "tnote" not in text:
            return text
        from specgen.asciidoc.references import References

        references = References(self.attributes, self.catalog, self.shown, self.normal)
        return references.convert_all(text)

    def _link(self, found: re.Match[str]) -> str:
        before, scheme = found["before"], found["scheme"]
        if found["angle"] and found["text"] is None:
            if before[0] == "\\":
                return found[0][1:]
            if scheme[0] == "\\":
                return before + found[0][len(before) + 1 :]
            if found["inside"] is None:
                return found[0]
            target = scheme + found["inside"]
            return f'<a href="{target}" class="bare">{_shown(target, self.attributes)}</a>'
        if scheme[0] == "\\":
            return before + found[0][len(before) + 1 :]
        if found["text"] is not None:
            lead = "" if before == "link:" else before
            return lead + self._anchor_of(scheme + found["target"], found["text"])
        if before in {"link:", '"', "'"}:
            return found[0]
        target, suffix = scheme + found["bare"], ""
        if target[-1] in ";:":
            target, suffix = target[:-1], target[-1]
            if target.endswith(")"):
                target, suffix = target[:-1], f"){suffix}"
            if target == scheme:
                return found[0]
        shown = _shown(target, self.attributes)
        return f'{before}<a href="{target}" class="bare">{shown}</a>{suffix}'

    def _link_macro(self, found: re.Match[str]) -> str:
        if found[0][0] == "\\":
            return found[0][1:]
        target, text = found["target"], found["text"]
        if not found["mail"]:
            return self._anchor_of(target, text)
        address, mailto = target, f"mailto:{target}"
        text, attrs = self._attributes_in(text, ",")
        if subject := attrs.get(2):
            mailto += f"?subject={quote_plus(subject)}"
            if body := attrs.get(3):
                mailto += f"&amp;body={quote_plus(body)}"
        return self._tag(mailto, text, attrs, address)

    def _anchor_of(self, target: str, text: str) -> str:
        return self._tag(target, *self._attributes_in(text, "="))

    def _attributes_in(self, text: str, mark: str) -> tuple[str, Attrs]:
        """The text of a link, and what else its brackets hold if there is a mark of that."""
        text = text.replace("\\]", "]")
        if mark in text and not self.attributes.compat_mode:
            return text_and_attributes(text, self.normal)
        return text, Attrs()

    def _tag(self, target: str, text: str, attrs: Attrs, instead: str = "") -> str:
        """A link; without a text it shows its target, or what is to be shown instead."""
        window = attrs.get("window")
        if text.endswith("^"):
            text, window = text[:-1], window or "_blank"
        bare = not (text or instead)
        roles = " ".join(filter(None, ["bare" if bare else "", attrs.get("role")]))
        extra = f' id="{attrs["id"]}"' if attrs.get("id") else ""
        extra += f' class="{roles}"' if roles else ""
        extra += f' title="{attrs["title"]}"' if attrs.get("title") else ""
        if window:
            extra += f' target="{window}"' + (' rel="noopener"' if window == "_blank" else "")
        shown = text or instead or _shown(target, self.attributes)
        return f'<a href="{target}"{extra}>{shown}</a>'


def _image(found: re.Match[str], attributes: Attributes) -> str:
    if found[0][0] == "\\":
        return found[0][1:]
    kind, target = found["kind"], found["target"]
    attrs = parse_attribute_list(found["text"].replace("\\]", "]"))
    name = target.rpartition("/")[2].rpartition(".")
    plain = re.sub("[_-]", " ", name[0] or name[2])
    alt = (attrs.get("alt") or (kind == "image" and attrs.get(1)) or plain).replace('"', "&quot;")
    if kind == "icon":
        return f'<span class="icon">{_icon(target, alt, attrs, attributes)}</span>'
    folder = attributes.get("imagesdir")
    source = f"{folder.rstrip('/')}/{target}" if folder and "://" not in target else target
    source = source.replace(" ", "%20")
    sizes = "".join(
        f' {name}="{value}"'
        for name, position in (("width", 2), ("height", 3), ("title", 0))
        if (value := attrs.get(name) or attrs.get(position))
    )
    image = f'<img src="{source}" alt="{alt}"{sizes}>'
    if link := attrs.get("link"):
        image = f'<a class="image" href="{link}">{image}</a>'
    roles = " ".join(filter(None, ["image", attrs.get("float"), attrs.get("role")]))
    return f'<span class="{roles}">{image}</span>'


def _icon(target: str, alt: str, attrs: Attrs, attributes: Attributes) -> str:
    title = f' title="{attrs["title"]}"' if attrs.get("title") else ""
    if attributes.get("icons") == "font":
        turned = [f"{name}-{attrs[name]}" for name in ("flip", "rotate") if attrs.get(name)][:1]
        classes = [target, *filter(None, [attrs.get("size") or attrs.get(1)]), *turned]
        return f'<i class="fa {" ".join(f"fa-{each}" for each in classes)}"{title}></i>'
    if "icons" not in attributes:
        return f"[{alt}&#93;"
    source = f"{attributes.get('iconsdir')}/{target}.{attributes.get('icontype', 'png')}"
    sizes = "".join(f' {name}="{attrs[name]}"' for name in ("width", "height") if attrs.get(name))
    return f'<img src="{source}" alt="{alt}"{sizes}{title}>'


def _index_term(found: re.Match[str]) -> str:
    escaped = found[0][0] == "\\"
    if found["macro"]:
        if escaped:
            return found[0][1:]
        return found["text"].strip() if found["macro"] == "indexterm2" else ""
    term, before, after, visible = found["term"], "", "", True
    if term.startswith("(") and term.endswith(")"):
        term = term[1:-1]
        visible = escaped
        before, after = ("(", ")") if escaped else ("", "")
    elif escaped:
        return found[0][1:]
    elif term.startswith("("):
        term, before = term[1:], "("
    elif term.endswith(")"):
        term, after = term[:-1], ")"
    return f"{before}{term.strip() if visible else ''}{after}"


def _shown(target: str, attributes: Attributes) -> str:
    hides = "hide-uri-scheme" in attributes
    return re.sub(r"^\w[\w.+-]+:/{0,2}", "", target) or target if hides else target


def _email(found: re.Match[str]) -> str:
    if found["before"]:
        return found[0][1:] if found["before"] == "\\" else found[0]
    return f'<a href="mailto:{found[0]}">{found[0]}</a>'


def _anchor(found: re.Match[str]) -> str:
    if found["escape"]:
        return found[0][1:]
    return f'<a id="{found["id"] or found["named"]}"></a>'
