"""Java's regular expressions, which pages bring, run by the `regex` package.

A pattern is parsed as Java parses it, written anew in the syntax of `regex`, and run with a
limit of time. What Java refuses, what has no translation and what takes too long are three
different errors, and none of them means "no match".

Differences that remain: Unicode tables may be newer than Java's; a match never begins in
the middle of a character outside the basic plane (in Java an empty one can).
"""

from specgen.dialect.java_regex.errors import (
    JavaRegexError,
    RegexInvalid,
    RegexTimeout,
    RegexUnsupported,
    ReplacementInvalid,
)
from specgen.dialect.java_regex.pattern import (
    TIME_LIMIT,
    JavaPattern,
    Substitution,
    compile_java,
)

__all__ = [
    "TIME_LIMIT",
    "JavaPattern",
    "JavaRegexError",
    "RegexInvalid",
    "RegexTimeout",
    "RegexUnsupported",
    "ReplacementInvalid",
    "Substitution",
    "compile_java",
]
