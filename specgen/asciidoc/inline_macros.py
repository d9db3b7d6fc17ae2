"""Converts the inline macros of a title: links, anchors, cross references, images, footnotes.

It sees the title after its special characters were escaped, so `<<` is `&lt;&lt;` here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from specgen.asciidoc.attribute_lists import Attrs, parse_attribute_list
from specgen.asciidoc.attributes import Attributes

__all__ = ["convert_macros"]

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
CROSS_REFERENCE = re.compile(
    r"\\?(?:&lt;&lt;(?P<id>[\w#/.:{].*?)&gt;&gt;"
    r"|xref:(?P<named>[\w#/.:{].*?)\[(?:\]|(?P<text>.*?[^\\])\]))"
)
FOOTNOTE = re.compile(r"\\?footnote:(?P<id>[\w-]+)?\[(?P<text>|.*?[^\\])\]")


def convert_macros(text: str, attributes: Attributes) -> str:
    """The text with macros as HTML."""
    brackets, colon = "[" in text, ":" in text
    refers = partial(_cross_reference, "compat-mode" in attributes)
    steps: tuple[tuple[bool, re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
        (brackets and colon, IMAGE, lambda found: _image(found, attributes)),
        ("((" in text or "dexterm" in text, INDEX_TERM, _index_term),
        ("://" in text, LINK, lambda found: _link(found, attributes)),
        (brackets and colon, LINK_MACRO, lambda found: _link_macro(found, attributes)),
        ("@" in text, EMAIL, _email),
        (brackets, ANCHOR, _anchor),
        ("&lt;&lt;" in text or "xref:" in text, CROSS_REFERENCE, refers),
        ("footnote:" in text, FOOTNOTE, lambda found: _footnote(found, attributes)),
    )
    for applies, pattern, convert in steps:
        if applies:
            text = pattern.sub(convert, text)
    return text


def _image(found: re.Match[str], attributes: Attributes) -> str:
    if found[0][0] == "\\":
        return found[0][1:]
    kind, target = found["kind"], found["target"]
    attrs = parse_attribute_list(found["text"].replace("\\]", "]"))
    name = target.rpartition("/")[2].rpartition(".")
    plain = re.sub("[_-]", " ", name[0] or name[2])
    alt = (attrs.get("alt") or (kind == "image" and attrs.get(1)) or plain).replace('"', "&quot;")
    if kind == "icon":
        return f'<span class="icon">[{alt}&#93;</span>'
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


def _link(found: re.Match[str], attributes: Attributes) -> str:
    before, scheme = found["before"], found["scheme"]
    if found["angle"] and found["text"] is None:
        if before[0] == "\\":
            return found[0][1:]
        if scheme[0] == "\\":
            return before + found[0][len(before) + 1 :]
        if found["inside"] is None:
            return found[0]
        target = scheme + found["inside"]
        return f'<a href="{target}" class="bare">{_shown(target, attributes)}</a>'
    if scheme[0] == "\\":
        return before + found[0][len(before) + 1 :]
    if found["text"] is not None:
        lead = "" if before == "link:" else before
        return lead + _anchor_of(scheme + found["target"], found["text"], attributes)
    if before in {"link:", '"', "'"}:
        return found[0]
    target, suffix = scheme + found["bare"], ""
    if target[-1] in ";:":
        target, suffix = target[:-1], target[-1]
        if target.endswith(")"):
            target, suffix = target[:-1], f"){suffix}"
        if target == scheme:
            return found[0]
    return f'{before}<a href="{target}" class="bare">{_shown(target, attributes)}</a>{suffix}'


def _link_macro(found: re.Match[str], attributes: Attributes) -> str:
    if found[0][0] == "\\":
        return found[0][1:]
    target, text = found["target"], found["text"]
    if found["mail"]:
        shown = text.replace("\\]", "]").partition(",")[0] or target
        return f'<a href="mailto:{target}">{shown}</a>'
    return _anchor_of(target, text, attributes)


def _anchor_of(target: str, text: str, attributes: Attributes) -> str:
    text, attrs = text.replace("\\]", "]"), Attrs()
    if "=" in text:
        written = parse_attribute_list(text)
        first = written.get(1)
        if first != text:
            text, attrs = first or "", written
    window = attrs.get("window")
    if text.endswith("^"):
        text, window = text[:-1], window or "_blank"
    roles = " ".join(filter(None, ["" if text else "bare", attrs.get("role")]))
    extra = f' id="{attrs["id"]}"' if attrs.get("id") else ""
    extra += f' class="{roles}"' if roles else ""
    extra += f' title="{attrs["title"]}"' if attrs.get("title") else ""
    if window:
        extra += f' target="{window}"' + (' rel="noopener"' if window == "_blank" else "")
    return f'<a href="{target}"{extra}>{text or _shown(target, attributes)}</a>'


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


def _cross_reference(old: bool, found: re.Match[str]) -> str:
    if found[0][0] == "\\":
        return found[0][1:]
    if found["id"] is not None:
        name, _, text = found["id"].partition(",")
        text = text.lstrip()
    else:
        name, text = found["named"], (found["text"] or "").replace("\\]", "]")
    if old:
        return f'<a href="#{name}">{text or f"[{name}]"}</a>'
    path, mark, fragment = name.partition("#")
    macro = found["named"] is not None
    if mark and path:
        bare = re.sub(r"\.(?:adoc|asciidoc|asc|ad|txt)$", "", path)
        other = path if macro and not path.endswith(".adoc") and "." in path else f"{bare}.html"
        target = f"{other}#{fragment}" if fragment else other
        return f'<a href="{target}">{text or other}</a>'
    if macro and name.endswith(".adoc"):
        other = f"{name.removesuffix('.adoc')}.html"
        return f'<a href="{other}">{text or other}</a>'
    name = fragment if mark else name
    return f'<a href="#{name}">{text or f"[{name}]"}</a>'


def _footnote(found: re.Match[str], attributes: Attributes) -> str:
    if found[0][0] == "\\":
        return found[0][1:]
    if not found["text"]:
        return found[0]
    number = attributes.resolve("{counter:footnote-number}")
    identity = f' id="_footnote_{found["id"]}"' if found["id"] else ""
    return (
        f'<sup class="footnote"{identity}>[<a id="_footnoteref_{number}" class="footnote"'
        f' href="#_footnotedef_{number}" title="View footnote.">{number}</a>]</sup>'
    )
