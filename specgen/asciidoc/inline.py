"""Converts a title as Asciidoctor does for HTML: escapes, quotes, replacements, macros.

The steps and their order are the "normal substitutions" of the user manual. What is passed
through is taken out first and put back last, so that no step sees it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from specgen.asciidoc.attributes import Attributes
from specgen.asciidoc.catalog import Catalog, Label
from specgen.asciidoc.inline_macros import Macros

__all__ = ["NORMAL", "Conversion", "escape", "subs_named"]

_SPECIAL = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}

# Stand around the number of what was taken out.
_OUT, _BACK = "\x96", "\x97"
_SLOT = re.compile(f"{_OUT}(\\d+){_BACK}")


@dataclass(frozen=True, slots=True)
class _Quote:
    """A pair of marks: what stands between them is put between two others."""

    pattern: re.Pattern[str]
    before: str
    after: str
    constrained: bool

    @property
    def tag(self) -> bool:
        return self.before.startswith("<")


def _constrained(mark: str, before: str, after: str, left: str, right: str, end: str) -> _Quote:
    pattern = rf"(^|[^\w{left}])(?:\[([^\]]+)\])?{mark}(\S|\S.*?\S){end}(?![\w{right}])"
    return _Quote(re.compile(pattern, re.DOTALL), before, after, True)


def _unconstrained(mark: str, before: str, after: str, inside: str = ".+?") -> _Quote:
    pattern = rf"\\?(?:\[([^\]]+)\])?{mark}({inside}){mark}"
    return _Quote(re.compile(pattern, re.DOTALL), before, after, False)


_STRONG = (
    _unconstrained(r"\*\*", "<strong>", "</strong>"),
    _constrained(r"\*", "<strong>", "</strong>", ";:}", "", r"\*"),
)
_OTHERS = (
    _unconstrained("__", "<em>", "</em>"),
    _constrained("_", "<em>", "</em>", ";:}", "", "_"),
    _unconstrained("##", "<mark>", "</mark>"),
    _constrained("#", "<mark>", "</mark>", "&;:}", "", "#"),
    _unconstrained(r"\^", "<sup>", "</sup>", r"\S+?"),
    _unconstrained("~", "<sub>", "</sub>", r"\S+?"),
)
_QUOTES = (
    *_STRONG,
    _constrained('"`', "&#8220;", "&#8221;", ";:}", "", '`"'),
    _constrained("'`", "&#8216;", "&#8217;", ";:`}", "", "`'"),
    _unconstrained("``", "<code>", "</code>"),
    _constrained("`", "<code>", "</code>", ";:\"'`}", "\"'`", "`"),
    *_OTHERS,
)
# How it was before Asciidoctor 1.5: a title underlined in the header asks for it.
_OLD_QUOTES = (
    *_STRONG,
    _constrained("``", "&#8220;", "&#8221;", ";:}", "", "''"),
    _constrained("'", "<em>", "</em>", ";:}", "", "'"),
    _constrained("`", "&#8216;", "&#8217;", ";:}", "", "'"),
    _unconstrained(r"\+\+", "<code>", "</code>"),
    _constrained(r"\+", "<code>", "</code>", ";:}", "", r"\+"),
    *_OTHERS,
)

_REPLACEMENTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\\?\(C\)", "&#169;"),
        (r"\\?\(R\)", "&#174;"),
        (r"\\?\(TM\)", "&#8482;"),
        (r"(?: |\n|^|\\)--(?: |\n|$)", "&#8201;&#8212;&#8201;"),
        (r"(?P<before>\w)\\?--(?=\w)", "&#8212;&#8203;"),
        (r"\\?\.\.\.", "&#8230;&#8203;"),
        (r"\\?`'", "&#8217;"),
        (r"(?P<before>[^\W_])\\?'(?=[^\W\d_])", "&#8217;"),
        (r"\\?-&gt;", "&#8594;"),
        (r"\\?=&gt;", "&#8658;"),
        (r"\\?&lt;-", "&#8592;"),
        (r"\\?&lt;=", "&#8656;"),
        # An entity that the page itself writes is left alone.
        (
            r"\\?(?P<before>&)amp;"
            r"(?P<after>(?:[a-zA-Z][a-zA-Z]+\d{0,2}|#\d\d\d{0,4}|#x[\da-fA-F]{2,5});)",
            "",
        ),
    )
)
# A text without any of these has nothing to quote, or to replace.
_QUOTABLE = re.compile(r"[*_`#^~]")
_OLD_QUOTABLE = re.compile(r"[*'_+#^~]")
_REPLACEABLE = re.compile(r"[&']|--|\.\.\.|\([CRT]M?\)")

_PASS_MACRO = re.compile(
    r"(?:(?P<escape>\\?)\[(?P<attrs>[^\]]+)\])?(?P<escapes>\\{0,2})(?P<mark>\+\+\+?|\$\$)"
    r"(?P<text>.*?)(?P=mark)"
    r"|(?P<escaped>\\?)pass:(?P<subs>[a-z]+(?:,[a-z-]+)*)?\[(?P<raw>|.*?[^\\])\]",
    re.DOTALL,
)
_PASS_PLUS = re.compile(
    r"(?P<before>(?:^|[^\w;:\\])(?=\[|\+)|\\(?=\[)|(?=\\\+))"
    r"(?:\[(?P<code>x-|[^\]]+ x-)\]|(?:\[(?P<attrs>[^\]]+)\])?(?=\\?\+))"
    r"(?P<all>(?P<escape>\\)?(?P<mark>[+`])(?P<text>\S|\S.*?\S)(?P=mark))(?!\w)",
    re.DOTALL,
)
_PASS_OLD = re.compile(
    r"(?P<before>^|[^`\w])(?:\[(?P<attrs>[^\]]+)\])?"
    r"(?P<all>(?P<escape>\\)?`(?P<text>[^`\s]|[^`\s].*?\S)`)(?![`\w])",
    re.DOTALL,
)
_STEM = re.compile(
    r"\\?(?P<kind>stem|latexmath|asciimath):(?P<subs>[a-z]+(?:,[a-z-]+)*)?\[(?P<text>.*?[^\\])\]"
)
_SUBS: dict[str, str] = {
    "a": "attributes",
    "c": "specialchars",
    "m": "macros",
    "n": "normal",
    "p": "post_replacements",
    "q": "quotes",
    "r": "replacements",
    "v": "specialchars",
    "specialcharacters": "specialchars",
    "verbatim": "specialchars",
}
NORMAL = (
    *("specialchars", "quotes", "attributes", "replacements", "macros"),
    "post_replacements",
)


def escape(text: str) -> str:
    """The text with `&`, `<` and `>` as HTML writes them."""
    return re.sub("[&<>]", lambda found: _SPECIAL[found[0]], text)


def subs_named(names: str) -> tuple[str, ...]:
    """The substitutions that `pass:a,q[…]` names, in that order, each once."""
    subs: list[str] = []
    for name in filter(None, names.split(",")):
        known = _SUBS.get(name, name)
        subs += NORMAL if known == "normal" else (known,)
    return tuple(dict.fromkeys(subs))


@dataclass(slots=True)
class Conversion:
    """One text on its way; `out` holds what was taken out of it.

    Attributes:
        attributes: Of the document, as they are now.
        catalog: What it can refer to.
        shown: Converts what it refers to.
    """

    attributes: Attributes
    catalog: Catalog
    shown: Callable[[Label], str]
    out: list[str] = field(default_factory=list)

    @property
    def old(self) -> bool:
        """Whether marks mean what they did before Asciidoctor 1.5."""
        return self.attributes.compat_mode

    def apply(self, text: str, subs: tuple[str, ...]) -> str:
        """The text as HTML, after these substitutions.

        What refers to nothing stays as it is written.
        """
        steps: dict[str, Callable[[str], str]] = {
            "specialchars": escape,
            "quotes": self._quotes,
            "attributes": self.attributes.resolve,
            "replacements": _replacements,
            "macros": Macros(self.attributes, self.catalog, self.shown, self._normal).convert,
            "post_replacements": _hard_break,
        }
        passes = "macros" in subs
        if passes:
            text = self._take_out(text)
        for name in subs:
            if name in steps:
                text = steps[name](text)
        return self._put_back(text) if passes else text

    def _quotes(self, text: str) -> str:
        if not (_OLD_QUOTABLE if self.old else _QUOTABLE).search(text):
            return text
        for quote in _OLD_QUOTES if self.old else _QUOTES:
            text = quote.pattern.sub(partial(_quoted, quote), text)
        return text

    def _take_out(self, text: str) -> str:
        if any(mark in text for mark in ("++", "$$", "ss:")):
            text = _PASS_MACRO.sub(self._passed, text)
        if self.old:
            text = _PASS_OLD.sub(self._passed_single, text)
        elif "+" in text or "-]" in text:
            text = _PASS_PLUS.sub(self._passed_single, text)
        return _STEM.sub(self._formula, text) if "stem:" in text or "math:" in text else text

    def _passed(self, found: re.Match[str]) -> str:
        if not found["mark"]:
            if found["escaped"]:
                return found[0][1:]
            raw = found["raw"].replace("\\]", "]")
            return self._slot(self._inner(raw, subs_named(found["subs"] or "")))
        attrs, mark, text = found["attrs"], found["mark"], found["text"]
        if found["escapes"]:
            lead = f"{found['escape']}[{attrs}]" if attrs else ""
            return f"{lead}{found['escapes'][1:]}{mark}{text}{mark}"
        if self.old and mark == "++":
            lead = f"{found['escape']}[{attrs}]" if attrs else ""
            return f"{lead}++{self._take_out(text)}++"
        inner = text if mark == "+++" else escape(text)
        if not attrs:
            return self._slot(inner)
        if found["escape"]:
            return f"[{attrs}]{self._slot(inner)}"
        return self._slot(self._with_role(attrs, text, inner, mark == "++"))

    def _passed_single(self, found: re.Match[str]) -> str:
        before, attrs, text = found["before"], found["attrs"], found["text"]
        lead = f"[{attrs}]" if attrs else ""
        if found["escape"]:
            return f"{before}{lead}{found['all'][1:]}"
        if self.old:
            if before == "\\":
                return found["all"]
            code = _wrapped(escape(text), attrs or "", "<code>", "</code>")
            return f"{before}{self._slot(code)}"
        if found["code"]:
            return self._old_code(found)
        if not attrs:
            return f"{before}{self._slot(escape(text))}"
        if before == "\\":
            return f"{lead}{self._slot(escape(text))}"
        return f"{before}{self._slot(_wrapped(escape(text), attrs, '', ''))}"

    def _old_code(self, found: re.Match[str]) -> str:
        """`[x-]` before a mark makes it what it was before Asciidoctor 1.5."""
        before, attrs, mark = found["before"], found["code"], found["mark"]
        if before == "\\" and mark == "`":
            return f"{before}[{attrs}]{found['all']}"
        if before == "\\":
            return f"[{attrs}]{self._slot(escape(found['text']))}"
        inner = self._inner(found["text"], NORMAL if mark == "+" else ("specialchars",))
        code = _wrapped(inner, attrs[:-2].rstrip(), "<code>", "</code>")
        return f"{before}{self._slot(code)}"

    def _formula(self, found: re.Match[str]) -> str:
        if found[0][0] == "\\":
            return found[0][1:]
        kind, text = found["kind"], found["text"].replace("\\]", "]")
        if kind == "stem":
            kind = "latexmath" if "tex" in self.attributes.get("stem") else "asciimath"
        before, after = (r"\(", r"\)") if kind == "latexmath" else (r"\$", r"\$")
        inner = self._inner(text, subs_named(found["subs"] or "c"))
        return self._slot(f"{before}{inner}{after}")

    def _with_role(self, attrs: str, text: str, inner: str, may_be_code: bool) -> str:
        if may_be_code and (attrs == "x-" or attrs.endswith(" x-")):
            inner = self._inner(text, NORMAL)
            return _wrapped(inner, attrs[:-2].rstrip(), "<code>", "</code>")
        return _wrapped(inner, attrs, "", "")

    def _inner(self, text: str, subs: tuple[str, ...]) -> str:
        return Conversion(self.attributes, self.catalog, self.shown).apply(text, subs)

    def _normal(self, text: str) -> str:
        return self._inner(text, NORMAL)

    def _slot(self, text: str) -> str:
        self.out.append(text)
        return f"{_OUT}{len(self.out) - 1}{_BACK}"

    def _put_back(self, text: str) -> str:
        def back(found: re.Match[str]) -> str:
            number = int(found[1])
            return self.out[number] if number < len(self.out) else "??pass??"

        # What was taken out can hold what was taken out before it, and only that.
        for _ in self.out:
            if _OUT not in text:
                break
            text = _SLOT.sub(back, text)
        return text


def _quoted(quote: _Quote, found: re.Match[str]) -> str:
    lead = found[1] if quote.constrained else ""
    attrs, text = found.groups()[-2:]
    if found[0].startswith("\\"):
        if not (quote.constrained and attrs):
            return found[0][1:]
        return f"[{attrs}]{quote.before}{text}{quote.after}"
    if not attrs:
        return f"{lead}{quote.before}{text}{quote.after}"
    if quote.before == "<mark>":
        return f"{lead}{_wrapped(text, attrs, '', '')}"
    return f"{lead}{_wrapped(text, attrs, quote.before, quote.after)}"


def _wrapped(text: str, attrs: str, before: str, after: str) -> str:
    """A text in its tags with the id and roles that `[#id.role]` or `[role]` gives it."""
    attrs = attrs.partition(",")[0].strip()
    identity, roles = "", attrs
    if attrs[:1] in {".", "#"}:
        head, _, rest = attrs.partition("#")
        identity, _, more = rest.partition(".")
        roles = f"{head}.{more}".replace(".", " ").strip()
    extra = f' id="{identity}"' if identity else ""
    extra += f' class="{roles}"' if roles else ""
    if before.startswith("<"):
        return f"{before[:-1]}{extra}>{text}{after}"
    return f"<span{extra}>{before}{text}{after}</span>" if extra else f"{before}{text}{after}"


def _hard_break(text: str) -> str:
    return f"{text[:-2]}<br>" if text.endswith(" +") else text


def _replacements(text: str) -> str:
    if not _REPLACEABLE.search(text):
        return text
    for pattern, replacement in _REPLACEMENTS:
        text = pattern.sub(partial(_replaced, replacement), text)
    return text


def _replaced(replacement: str, found: re.Match[str]) -> str:
    if "\\" in found[0]:
        return found[0].replace("\\", "", 1)
    parts = found.groupdict()
    return f"{parts.get('before') or ''}{replacement}{parts.get('after') or ''}"
