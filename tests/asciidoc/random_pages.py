"""Makes random pages that use most of what AsciiDoc has, well-formed or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

__all__ = ["random_files"]

Lines = list[str]

WORDS = (
    *("alpha", "beta gamma", "{es}", "{one}", "see <<ref>>", "`code` here", "text:", "naïve“x”"),
    *("[[mid]]text", "an [[spot,A spot]]anchor", "anchor:named[Name *d*]", "footnote:[a note]"),
    *("trailing ", "tab\tinside", "NOTE: that", "a | b", "kbd:[F1]", "ends with + +", "\u3000wide"),
    *("(((index,term)))", '"quoted', "-- credit", "coming[7.0]", "x\u2028y", "::", "a;; b"),
)
CODE = (
    *("code {one}", "GET /_search <1>", "  indented", "", "\ttab", "// comment", "== no title"),
    *("* no list", "a:: b", "+", "[x]", "'''", '{ "a": 1 }', "|===", "ends  ", "\u00a0nbsp"),
    *(r"\include::inc/p0.adoc[]", "ifdef::flag[]", "endif::[]", "a // <1>", ":one: no entry"),
    "ifdef::flag[on a line]",
)
ABOVE = (
    *("[source,js]", "[source]", "[listing]", '[source,console,id="a"]', "[NOTE]", "[[anchor]]"),
    *("[#id.role]", "[discrete]", "[float]", ".Title", "// comment", "[quote]", "[verse]"),
    *("[literal]", "[example]", "[sidebar]", "[abstract]", "[appendix]", "[comment]", "[normal]"),
    *("[source%linenums,ruby,indent=2]", "[,js]", "[source,language=yaml]", '["source","js"]'),
    *("[.role]", "[indent=0]", "[]", "[horizontal]", "[source, text ]", "[unknown]", "[pass]"),
    *("[[titled,Its text]]", "[[far]]", "[role='*r*']", "[source,'_js_']", "[quote,'a',b]"),
    *("[reftext=Referred]", "[%collapsible]", "[subs=attributes]", "[abstract#x]", "[glossary]"),
    *("[source, js , linenums]", "[#one,id=two]", "[source%nowrap.role#sid]", "[ x]", "[x ] "),
    *("[source,js,tabsize=2]", "[listing,indent=1,tabsize=8]", "[partintro]", "[index]"),
    *("[preface]", "[TIP]", "[stem]", "[example%open]", "[[not an id]]", "[[a,]]", "[,]", "['']"),
    *("[open]", "[{one}]", "[source,{one}]", "[listing,foo]", "[sect2]", '[role="a",source]'),
)
TITLES = (
    *("Title", "With `code`", "A _b_ and *c*", "It's (C) -> here...", "{es} & <b>", "{one} title"),
    *("x [[inline]]", "[[lead]]Title", "A -- b", "``x``y", "+pass+ +++<u>+++", "#mark# ^a^ ~b~"),
    *("http://a.b[L]", "Foo == bar ==", "\"`q`\" '`s`'", "<<r,Text>>", "((term)) a", "\\{one}"),
    *("C++ and {cpp}", "`+a+`", "a@b.com", "$$<x>$$", "pass:[<b>]", "e &amp; f &copy;"),
    *(
        "<<far>>",
        "<<titled>>",
        "<<spot>>",
        "<<Title>>",
        "<<With `code`>>",
        "xref:far[]",
        "<<_title>>",
    ),
    *("xref:far[see,role=r]", "footnote:[n]", "footnote:id[n]", "footnote:id[]", "kbd:[Ctrl+T]"),
    *("btn:[OK]", "menu:A[B > C]", '"A > B"', "{author} {email}", "{revnumber} {authorcount}"),
    *("{docname} {docfilesuffix}", "<<other.adoc#x>>", "<<named>>", "<<li>>", "Text [[own,Own]]"),
    *("Title", "Title", "Ünï-çode. x", "T {set:one:5}", "icon:x[]", "image:a.png[b]", "it's 'q'"),
    *("[[lead,L]]Title", "A+B", "a `+b+` c", "x:: y", "indexterm:[a] b", "{empty}", "*", "a + "),
    *("[.r]#x#", "__u__n", "**b**", "link:a[b]", "\\*x*", "{counter:c}", "<x> => <- <="),
)
ENTRIES = (
    *(":one: 1", ":one: two \\\n  three", ":!one:", ":source-language: js", ":leveloffset: +1"),
    *(":x: pass:q[*b*]", ":one: pass:a,q[_{x}_]", ":one: pass:c[<x>]", ":!sectids:", ":sectids:"),
    *(":idprefix: id-", ":idprefix:", ":idseparator: -", ":experimental:", ":doctype: book"),
    *(
        ":attribute-missing: drop",
        ":attribute-missing: drop-line",
        ":compat-mode:",
        ":one: a +",
        "b",
    ),
    *(":source-indent: 1", ":!source-language:", ":One Two: 3", ":leveloffset: -1", ":icons: font"),
    *(":one: {one}{set:flag}", ":hide-uri-scheme:", ":imagesdir: img", ":attribute-missing: warn"),
    *(":leveloffset!:", ":flag:", ":flag!:", ":two: {one}b", ":tabsize: 4", ":one: <x> pass"),
)
CONDITIONS = (
    *("ifdef::flag[]", "ifndef::flag[]", "ifdef::one,flag[]", "ifdef::one+flag[]"),
    *("ifndef::one,flag[]", "ifndef::one+flag[]", 'ifeval::["{one}" == "1"]'),
    *("ifeval::[{one} > 0]", "ifdef::flag[single]", "ifndef::flag[== Single]"),
    *('ifeval::["{backend}" == "html5"]', "ifdef::docname[]", "ifdef::author,one[x]"),
    *('ifeval::["{one}" > "0"]', "ifeval::[{one} != 1.0]", "ifndef::flag,x[]", "ifeval::[1 < 2]"),
    *(r"\ifdef::flag[]", "ifdef::FLAG[]", "ifdef::one[include::inc/p2.adoc[]]", "ifeval::[x]"),
)
TARGETS = (
    *("inc/p0.adoc", "inc/p1.adoc", "inc/p2.adoc", "inc/p3.adoc", "inc/raw.json"),
    *(
        "missing.adoc",
        "{one}.adoc",
        "inc/tags.adoc",
        "inc/tags.rb",
        "inc/open.adoc",
        "inc/tags.xml",
    ),
    *(
        "{docdir}/inc/p1.adoc",
        "./inc/../inc/p2.adoc",
        "inc/empty.adoc",
        "inc/crlf.adoc",
        "inc/list.adoc",
    ),
)
OPTIONS = (
    *("", "", "", "leveloffset=+1", "leveloffset=1", "lines=1..2", "lines=2;4..-1", 'lines="1,3"'),
    *("tag=a", "tags=a;b", "tags=*", "tags=**", "tags=!a", "tags=**;!b", "tag=none", "tags=*;!a"),
    *('tags="a,!b"', "tags=!*", "tags=!**;a", "indent=0", "indent=2", "opts=optional", "lines=3.."),
    *(
        "lines=-1",
        "lines=0",
        "lines=5..2",
        "lines=1;",
        "tags=b;!c",
        "tag=**",
        'tags="*;!b"',
        "tag=!b",
    ),
    *(
        "indent=3,tabsize=4",
        "leveloffset=-1",
        "leveloffset={one}",
        "tags=a,b",
        "opts=optional,tag=z",
    ),
    *(
        "depth=0",
        "depth=2",
        "lines={one}",
        "encoding=utf-8",
        "indent=",
        "tag=",
        "lines=",
        "%optional",
    ),
    *("tag=b,indent=0", "lines=9..12", "depth=1", "lines=1..3;5..6,leveloffset=+1", "tags=**;*"),
)
HEADER = (
    *(":flag:", ":one: 1", ":doctype: book", ":doctype: manpage", ":doctitle: Set *it*", "// c"),
    *(":author: A B", ":authors: A B; C D", ":author_1: C", ":compat-mode:", ":experimental:"),
    *(":!sectids:", "[[top,Top]]", ":language: js", ":revnumber: 9", "////\nx\n////", ".Above"),
    *(":email: a@b.org", "{one}", ":attribute-missing: drop-line", ":leveloffset: 1", "[abstract]"),
)
AUTHORS = (
    *("Jane Writer", "Jane Q. Writer <jane@example.org>", "A_B C; D E <d@e.org>", "x, y", "Ünï C"),
    *("A B C D", "{one} writes", "http://a.b", "Jane <a>b>", ";A"),
)
REVISIONS = (
    "v1.0",
    "v1.0, 2020-01-01",
    "1.0, d: remark <x>",
    "2020-01-01: r",
    ":x y",
    "v{one},",
    "d",
)
MARKERS = ("*", "-", ".", "1.", "a.", "**", "..", "i)", "***")
TERMS = ("::", ":::", "::::", ";;")
DEEPEST = 3


class Pages:
    """A source of random pages.

    Attributes:
        random: Decides everything.
    """

    def __init__(self, random: Random) -> None:
        self.random = random

    def one(self, choices: Sequence[str]) -> str:
        return self.random.choice(choices)

    def some(self, choices: Sequence[str], most: int) -> Lines:
        return [self.one(choices) for _ in range(self.random.randint(0, most))]

    def likely(self, chance: float) -> bool:
        return self.random.random() < chance

    def title(self) -> Lines:
        text = self.one(TITLES)
        if self.likely(0.2):
            return [text, self.one("=-~^+") * max(1, len(text) + self.random.randint(-2, 2))]
        marks = self.one("====#") * self.random.randint(1, 5)
        return [f"{marks} {text}" + (f" {marks}" if self.likely(0.1) else "")]

    def delimited(self, mark: str, inside: Lines) -> Lines:
        line = mark if mark in {"--", "```"} else mark * (4 + self.random.choice((0, 0, 1)))
        info = self.one(("", "js", "ruby,x", " yaml")) if mark == "```" else ""
        return [line + info, *inside, *([line] if self.likely(0.95) else ())]

    def include(self, _: int) -> Lines:
        line = f"include::{self.one(TARGETS)}[{self.one(OPTIONS)}]"
        return (
            self.delimited("-", [*self.code(), line, *self.code()]) if self.likely(0.5) else [line]
        )

    def code(self) -> Lines:
        return self.some(CODE, 4)

    def paragraph(self, _: int = 0) -> Lines:
        return [self.one(WORDS), *self.some(WORDS, 2)]

    def verbatim(self, _: int) -> Lines:
        return self.delimited(self.one(("-", "-", "-", ".", "+", "/", "```")), self.code())

    def compound(self, depth: int) -> Lines:
        return self.delimited(self.one(("=", "*", "_", "--", "--")), self.body(depth + 1))

    def conditional(self, depth: int) -> Lines:
        end = self.one(("endif::[]", "endif::flag[]", "endif::[]", ""))
        return [self.one(CONDITIONS), *self.body(depth + 1), end]

    def bullets(self, depth: int) -> Lines:
        lines, marker = [], self.one(MARKERS)
        for _ in range(self.random.randint(1, 3)):
            lines += [f"{self.one(('', ' ', ''))}{marker} {self.one(WORDS)}", *self.attached(depth)]
            marker = self.one(MARKERS) if self.likely(0.2) else marker
        return lines

    def terms(self, depth: int) -> Lines:
        lines, marker = [], self.one(TERMS)
        for _ in range(self.random.randint(1, 3)):
            lines += [f"term{marker}{self.one(('', ' text'))}", *self.attached(depth)]
            marker = self.one(TERMS) if self.likely(0.2) else marker
        return lines

    def table(self, depth: int) -> Lines:
        mark = self.one(("|===", "|===", ",===", "|====", "!==="))
        cells = [self.one(("|a", "a|", "|b |c", "2+|d", "h|e", ",f", "")) for _ in range(3)]
        inside = [line for cell in cells for line in (cell, *self.some(CODE + WORDS, 2))]
        return [*self.some(('[cols="1,1a"]', "[options=header]"), 1), mark, *inside, mark]

    def across(self, depth: int) -> Lines:
        """A block that is opened in an included file."""
        return ["include::inc/open.adoc[]", *self.body(depth + 1), self.one(("////", "----", ""))]

    def callouts(self, _: int) -> Lines:
        return ["<1> one", *self.one(("", "+\n----\nx\n----")).splitlines(), "<2> two"]

    def small(self, _: int) -> Lines:
        breaks = ("'''", "---", "***", "<<<", "image::a.png[]", " literal", "> quoted", "+")
        return [self.one(ENTRIES) if self.likely(0.5) else self.one(breaks)]

    def attached(self, depth: int) -> Lines:
        lines = []
        for _ in range(self.random.choice((0, 0, 1, 1, 2, 3))):
            lines += self.random.choice((["", "+"], ["+"], ["+"], ["", "", "+"], [], [""]))
            make = self.random.choice((self.block, self.block, self.paragraph, self.verbatim))
            lines += make(depth + 1)
        return lines

    def block(self, depth: int) -> Lines:
        flat = (self.verbatim, self.paragraph, self.small)
        nested = (self.compound, self.bullets, self.bullets, self.terms, self.conditional)
        every: tuple[Callable[[int], Lines], ...] = flat
        if depth < DEEPEST:
            every = (*flat, *nested, self.include, self.callouts, self.table, self.across)
        return [*self.some(ABOVE, 2), *self.random.choice(every)(depth)]

    def body(self, depth: int) -> Lines:
        lines = []
        for _ in range(self.random.randint(0, 3)):
            lines += [*self.block(depth), *self.random.choice(([""], [""], [], ["", ""]))]
        return lines

    def header(self) -> Lines:
        title = self.one(("= Document", "= Document", "Document\n========", "= D {one}", "= x(1)"))
        above, below = self.some(HEADER, 1), self.some(HEADER, 3)
        name = ["", "== Name", "", self.one(("x - does it", "{one}"))] if self.likely(0.1) else []
        return [*above, title, *self.some(AUTHORS, 1), *self.some(REVISIONS, 1), *below, *name, ""]

    def page(self) -> str:
        lines = self.header() if self.likely(0.4) else self.some(HEADER, 1)
        for _ in range(self.random.randint(1, 6)):
            lines += self.title() if self.likely(0.3) else self.block(0)
            lines += self.random.choice(([""], [""], [], ["", ""]))
        return self.one(("\n", "\n", "\n", "\r\n")).join([*lines, ""])


def random_files(seed: int, pages: int) -> dict[str, str]:
    """A folder of pages `0.adoc`, `1.adoc`, … with the files that they include in `inc/`."""
    make = Pages(Random(seed))
    tags = "first\n# tag::a[]\n  a1\n# tag::b[]\n  b1\n# end::b[]\na2\n# end::a[]\nmid\n"
    files = {
        "inc/raw.json": '{ "a": 1 }  \ninclude::p1.adoc[]\nifdef::x[]\n\n',
        "inc/tags.adoc": tags.replace("#", "//") + "== After\n",
        "inc/open.adoc": make.one(
            ("text\n\n////\nx", "----\nx", "--\n\nx", "* a\n+", "ifdef::x[]")
        ),
        "inc/empty.adoc": "",
        "inc/crlf.adoc": "== Part\r\n\r\n----\r\n a  \r\n----\r\n",
        "inc/list.adoc": "* [[li,An item]] a\n** b\n+\n----\nx\n----\n\n. c\n",
        "inc/tags.xml": "<!-- tag::a[] -->\n <a/>\n<!-- end::a[] -->\n<!--tag::b[]-->\n<b/>\n",
        "inc/tags.rb": f"{tags}# tag::c[]\n\tc1\n# end::c[]\nlast",
    }
    for number in range(4):
        deeper = f"\ninclude::p{number + 1}.adoc[]\n" if number < 3 else ""
        files[f"inc/p{number}.adoc"] = "\n".join(make.body(1)) + deeper
    return files | {f"{number}.adoc": make.page() for number in range(pages)}
