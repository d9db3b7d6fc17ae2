"""The options that more than one marker, or only one of them, may carry."""

from __future__ import annotations

import re

from specgen.dialect.markers.syntax import OptionSyntax
from specgen.dialect.values import Form, OptionName

__all__ = [
    "CATCH",
    "CONTINUED",
    "NON_JSON",
    "NON_JSON_OLD",
    "SETUP",
    "SKIP",
    "SKIP_MODERN",
    "SKIP_SHARD_FAILURES",
    "SUBSTITUTE",
    "TEARDOWN",
    "WARNING",
]

MODERN = frozenset({Form.MODERN})
OLD = frozenset({Form.OLD})

# A slash inside is written `\/`; the pattern may not be empty, the replacement may.
SUBSTITUTE = OptionSyntax(
    OptionName.SUBSTITUTE,
    re.compile(r"s/((?:\\/|[^/])+?)/((?:\\/|[^/])*?)/"),
    "s/pattern/replacement/",
)
CATCH = OptionSyntax(OptionName.CATCH, re.compile(r"catch:\s*(/[^/]+/|[^ \]]+)"), "catch:missing")
SKIP = OptionSyntax(OptionName.SKIP, re.compile(r"skip:([^\]]+)"), "skip:reason")
SKIP_MODERN = OptionSyntax(OptionName.SKIP, SKIP.pattern, SKIP.written, MODERN)
CONTINUED = OptionSyntax(OptionName.CONTINUED, re.compile(r"(continued)"), "continued")
SETUP = OptionSyntax(OptionName.SETUP, re.compile(r"setup:([^ \]]+)"), "setup:name")
TEARDOWN = OptionSyntax(
    OptionName.TEARDOWN, re.compile(r"teardown:([^ \]]+)"), "teardown:name", MODERN
)
WARNING = OptionSyntax(OptionName.WARNING, re.compile(r"warning:(.+)"), "warning:text")
SKIP_SHARD_FAILURES = OptionSyntax(
    OptionName.SKIP_SHARD_FAILURES,
    re.compile(r"(skip_shard_failures)"),
    "skip_shard_failures",
    MODERN,
)
NON_JSON = OptionSyntax(OptionName.NON_JSON, re.compile(r"(non_json)"), "non_json", MODERN)
NON_JSON_OLD = OptionSyntax(OptionName.NON_JSON, re.compile(r"(_cat)"), "_cat", OLD)
