"""Every regular expression that reads AsciiDoc, named, each with a sample line.

All but the inline ones are matched against a whole line without its end (`fullmatch`).
"""

from __future__ import annotations

import re

__all__ = [
    "ANCHOR",
    "ANCHORS",
    "ANY_ITEM",
    "ATTRIBUTE_ENTRY",
    "ATTRIBUTE_LIST",
    "ATTRIBUTE_REFERENCE",
    "BLOCK_ANCHOR",
    "BLOCK_ATTRIBUTES",
    "BLOCK_MACRO",
    "BLOCK_TITLE",
    "BULLET_ITEM",
    "CALLOUT_ITEM",
    "COMPARISON",
    "CONDITIONAL",
    "DELIMITER",
    "DIRECTIVE",
    "INCLUDE",
    "INDENTED_BREAK",
    "INLINE_ANCHOR",
    "INLINE_CODE",
    "LABELED_ITEM",
    "LAYOUT_BREAK",
    "LEADING_ANCHOR",
    "LINE_COMMENT",
    "NAMED_ANCHORS",
    "NUMBERED_ITEM",
    "ORDERED_ITEM",
    "PASS_VALUE",
    "SECTION",
    "SOURCE_STYLE",
    "TABLE_DELIMITER",
    "TAG",
    "TERM_ITEM",
    "TERM_SIBLINGS",
    "TITLE_ANCHOR",
    "UNORDERED_ITEM",
    "URI",
]

# [[check-in-example]]   [[check-in-example,Check in]]
ANCHOR = re.compile(r"\[\[(?P<id>[^\s\],]+)(?:,[^\]]*)?\]\]\s*")

# [source,console]   [#check-in.role%option]   [role="xpack"]
ATTRIBUTE_LIST = re.compile(r"\[(?P<attributes>[^\[\]].*|)\]\s*")

# .A title above a block
BLOCK_TITLE = re.compile(r"\.(?P<title>\.?[^ \t.].*)")

# ----   ....   ====   ****   ____   ++++   ////   --   ```console
DELIMITER = re.compile(r"(?P<mark>-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|--|```\S*)\s*")

# |===   ,===   :===   !===
TABLE_DELIMITER = re.compile(r"(?P<mark>[|,:!]={3,})\s*")

# // a comment (but //// opens a block)
LINE_COMMENT = re.compile(r"//(?!//+\s*$).*")

# == A section   ===== A deep one
SECTION = re.compile(r"(?P<level>={1,6})\s+(?P<title>\S.*?)(?:\s+\1)?\s*")

# [source,console,id=check-in]   [source.role,js]   [source]
SOURCE_STYLE = re.compile(r"source(?:[.#%][^,]*)?")

# `connector_id`::   `source_include`::: (Optional, array) text   plain words;; text
LABELED_ITEM = re.compile(
    r"[ \t]*(?!//|:)(?P<label>\S.*?)(?P<marker>:{2,4}|;;)(?:[ \t]+(?P<text>.*))?"
)

# * an item   ** a nested one   - another way to write it
BULLET_ITEM = re.compile(r"[ \t]*(?P<marker>-|\*{1,5})[ \t]+(?P<text>\S.*)")

# . an item   .. a nested one   1. with a number   <1> what a callout says
NUMBERED_ITEM = re.compile(r"[ \t]*(?P<marker>\.{1,5}|\d+\.|<(?:\d+|\.)>)[ \t]+(?P<text>\S.*)")

# include::shared.asciidoc[tag=index]   ifdef::has-cloud[]   endif::[]
DIRECTIVE = re.compile(r"(?:include|ifdef|ifndef|ifeval|endif)::\S*\[.*\]\s*")

# [[an-anchor]]`field`   (searched for inside a line)
INLINE_ANCHOR = re.compile(r"\[\[[^\[\]]*\]\]")

# `index`   `+GET /+`   (searched for inside a line)
INLINE_CODE = re.compile(r"`(?P<plus>\+?)(?P<code>[^`]+?)(?P=plus)`")

# :name: value   :!name:   :name!:   :Long Name: value
ATTRIBUTE_ENTRY = re.compile(r":(?P<name>!?\w[^:]*):(?:[ \t]+(?P<value>.*))?")

# {name}   \{name}   {set:name:value}   {counter:name:1}   (searched for inside a text)
ATTRIBUTE_REFERENCE = re.compile(
    r"(?P<escape>\\)?\{(?P<name>\w[\w-]*|(?P<directive>set|counter2?):[^\n}]+?)(?P<escaped>\\)?\}"
)

# pass:[a value]   pass:a,q[a value]   (the whole value of an attribute)
PASS_VALUE = re.compile(r"pass:(?P<subs>[a-z]+(?:,[a-z-]+)*)?\[(?P<text>.*)\]", re.DOTALL)

# ifdef::name[]   ifndef::a,b[]   ifeval::["{name}" == "x"]   endif::name[]   \ifdef::name[]
CONDITIONAL = re.compile(
    r"(?P<escape>\\)?(?P<name>ifdef|ifndef|ifeval|endif)::(?P<target>[^\s\[]*)\[(?P<text>.+)?\]"
)

# include::shared.asciidoc[tag=index]   \include::not-included.asciidoc[]
INCLUDE = re.compile(
    r"(?P<escape>\\)?include::(?P<target>[^\s\[](?:[^\[]*[^\s\[])?)\[(?P<attributes>.+)?\]"
)

# == in "{name}" == "x"   (searched for inside an expression, from its second character)
COMPARISON = re.compile(r"[=!><]=(?=.)|[><](?=.)")

# tag::name[]   end::name[]   (searched for inside a word that ends with [])
TAG = re.compile(r"\b(?:tag|(?P<end>e)nd)::(?P<name>\S+)\[\]$")

# https://example.com/x   file:///etc/passwd   (matched against the start of an include's target)
URI = re.compile(r"[^\W\d_](?:[^\W_]|[.+-])+:/{0,2}")

# [[check-in-example]]   [[check-in-example, Check in]]   [[]]
BLOCK_ANCHOR = re.compile(r"\[\[(?:|(?P<id>(?:[^\W\d_]|[_:])[\w\-:.]*)(?:, *(?P<text>.+))?)\]\]")

# [source,console]   [#check-in.role%option]   ["quoted"]   []
BLOCK_ATTRIBUTES = re.compile(r"\[(?P<attributes>|[\w.#%{,\"'].*)\]")

# A title [[an-id]]   A title [[an-id, Text]]   (searched for inside a title that ends with ]])
TITLE_ANCHOR = re.compile(
    r" (?P<escape>\\)?\[\[(?P<id>(?:[^\W\d_]|[_:])[\w\-:.]*)(?:, *(?P<text>.+))?\]\]$"
)

# [[an-id]]A title   [[an-id, Text]]A title   (matched against the start of a title)
LEADING_ANCHOR = re.compile(r"\[\[(?P<id>(?:[^\W\d_]|[_:])[\w\-:.]*)(?:, *(?P<text>.+?))?\]\]")

# * an item   ** a nested one   - another way to write it
UNORDERED_ITEM = re.compile(r"[ \t]*(?P<marker>-|\*+|\u2022)[ \t]+(?P<text>.*)")

# . an item   .. a nested one   1. with a number   a. with a letter   iv) in Roman
ORDERED_ITEM = re.compile(
    r"[ \t]*(?P<marker>\.+|[0-9]+\.|[a-zA-Z]\.|[IVXivx]+\))[ \t]+(?P<text>.*)"
)

# a term:: what it is   a term:::   a term;; what it is
TERM_ITEM = re.compile(
    r"(?!//[^/])[ \t]*(?P<term>[^ \t].*?)(?P<marker>:::{0,2}|;;)(?:[ \t]+(?P<text>.*))?"
)

# another term of the same list, by its marker: text of other markers belongs to the term
TERM_SIBLINGS = {
    marker: re.compile(
        rf"(?!//[^/])[ \t]*(?P<term>{term})(?P<marker>{marker})(?:[ \t]+(?P<text>.*))?"
    )
    for marker, term in (
        ("::", r"[^ \t].*?[^:]|[^ \t:]"),
        (":::", r"[^ \t].*?[^:]|[^ \t:]"),
        ("::::", r"[^ \t].*?[^:]|[^ \t:]"),
        (";;", r"[^ \t].*?"),
    )
}

# <1> what a callout says   <.> numbered by itself
CALLOUT_ITEM = re.compile(r"<(?P<marker>[0-9]+|\.)>[ \t]+(?P<text>.*)")

# the start of any list item   (matched against the start of a line)
ANY_ITEM = re.compile(
    r"[ \t]*(?:-|\*+|\.+|\u2022|[0-9]+\.|[a-zA-Z]\.|[IVXivx]+\))[ \t]"
    r"|(?!//[^/])[ \t]*[^ \t].*?(?::::{0,2}|;;)(?:$|[ \t])"
    r"|<(?:[0-9]+|\.)>[ \t]"
)

# '''   <<<   ---   * * *
LAYOUT_BREAK = re.compile(r"'{3,}|<{3,}|(?P<mark>[-*_])(?P<gap> *)(?P=mark)(?P=gap)(?P=mark)")

# the same, indented: only the three that Markdown knows
INDENTED_BREAK = re.compile(r" {0,3}(?P<mark>[-*_])(?P<gap> *)(?P=mark)(?P=gap)(?P=mark)")

# image::diagram.png[]   video::tour.mp4[width=300]   toc::[]
BLOCK_MACRO = re.compile(r"(?:image|video|audio)::\S(?:.*?\S)?\[.*\]|toc::\[.*\]")

_NAMED_ANCHOR = (
    r"(?:^|[^\\])anchor:(?P<named>(?:[^\W\d_]|[_:])[\w\-:.]*)\[(?:\]|(?P<label>.*?[^\\])\])"
)

# [[an-id]]   [[an-id, Text]]   anchor:an-id[Text]   (searched for inside a line)
ANCHORS = re.compile(
    r"(?:^|[^\\\[])\[\[(?P<id>(?:[^\W\d_]|[_:])[\w\-:.]*)(?:, *(?P<text>.+?))?\]\]"
    r"|" + _NAMED_ANCHOR
)

# anchor:an-id[Text]   (searched for inside a line; the first groups are those of the other form)
NAMED_ANCHORS = re.compile(r"(?P<id>)(?P<text>)" + _NAMED_ANCHOR)
