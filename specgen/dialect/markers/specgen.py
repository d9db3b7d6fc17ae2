"""`// SPECGEN[options]`: what the reference's markers cannot say; invisible to every other tool.

It stands last of a snippet's markers, so that the reference, which does not know it, has read
all of its own before. Above the first snippet it speaks for all responses of the page.
"""

from __future__ import annotations

import re

from specgen.dialect.markers.syntax import MarkerSyntax, OptionSyntax
from specgen.dialect.values import MarkerKind, OptionName

__all__ = ["SYNTAX"]

# JSON pointers, separated by commas; one to the whole body cannot be told from none.
POINTERS = r"(?:/[^\s,\]]*)(?:,/[^\s,\]]*)*"
END = r"(?= |$)"


def _pointers(name: OptionName) -> OptionSyntax:
    pattern = re.compile(rf"{name.value}:({POINTERS}){END}")
    return OptionSyntax(name, pattern, f"{name.value}:/pointer,/another")


def _whole_or_pointers(name: OptionName) -> OptionSyntax:
    pattern = re.compile(rf"{name.value}(?:$|(?= )|:(?={POINTERS}{END}))((?<=:){POINTERS}|){END}")
    return OptionSyntax(name, pattern, f"{name.value}:/pointer,/another")


SYNTAX = MarkerSyntax(
    MarkerKind.SPECGEN,
    re.compile(r"// *SPECGEN\[(?P<options>.+)\] *"),  # without options it would say nothing
    (
        _pointers(OptionName.IGNORE),
        _whole_or_pointers(OptionName.SHAPE),
        _pointers(OptionName.UNORDERED),
        _whole_or_pointers(OptionName.AT_LEAST),
        OptionSyntax(
            OptionName.SET, re.compile(rf"set:([A-Za-z_]\w*=/[^\s\]]+){END}"), "set:name=/pointer"
        ),
        OptionSyntax(
            OptionName.EVENTUALLY,
            re.compile(rf"eventually:(\d{{1,4}}(?:\.\d{{1,3}})?(?:ms|s)){END}"),
            "eventually:5s",
        ),
        OptionSyntax(OptionName.REQUIRES, re.compile(r"requires:(\S.*)"), "requires:version>=8.12"),
        OptionSyntax(OptionName.NOT_A_TEST, re.compile(r"not-a-test:(\S.*)"), "not-a-test:reason"),
    ),
)
