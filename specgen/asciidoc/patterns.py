"""Every regular expression that reads AsciiDoc, named, each with a sample line.

All are matched against a whole line without its end (`fullmatch`).
"""

from __future__ import annotations

import re

__all__ = [
    "ANCHOR",
    "ATTRIBUTE_LIST",
    "BLOCK_TITLE",
    "DELIMITER",
    "LINE_COMMENT",
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
