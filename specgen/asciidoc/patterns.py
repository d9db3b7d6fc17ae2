"""Every regular expression that reads AsciiDoc, named, each with a sample line.

All but the inline ones are matched against a whole line without its end (`fullmatch`).
"""

from __future__ import annotations

import re

__all__ = [
    "ANCHOR",
    "ATTRIBUTE_LIST",
    "BLOCK_TITLE",
    "BULLET_ITEM",
    "DELIMITER",
    "DIRECTIVE",
    "INLINE_ANCHOR",
    "INLINE_CODE",
    "LABELED_ITEM",
    "LINE_COMMENT",
    "NUMBERED_ITEM",
    "SECTION",
    "SOURCE_STYLE",
    "TABLE_DELIMITER",
]

# [[check-in-example]]   [[check-in-example,Check in]]
ANCHOR = re.compile(r"\[\[(?P<id>[^\s\],]+)(?:,[^\]]*)?\]\]\s*")

# [source,console]   [#check-in.role%option]   [role="xpack"]
ATTRIBUTE_LIST = re.compile(r"\[(?P<attributes>[^\[\]].*|)\]\s*")

# .A title above a block
BLOCK_TITLE = re.compile(r"\.(?P<title>[^\s.].*)")

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
