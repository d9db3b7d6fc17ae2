"""Java's regular expressions, which pages bring, run by the `regex` package.

A pattern is parsed as Java parses it, written anew in the syntax of `regex`, and run with a
limit of time. What Java refuses, what has no translation and what takes too long are three
different errors, and none of them means "no match".

Differences that remain, all at the far edge: Unicode tables may be newer than Java's; a match
never begins in the middle of a character outside the basic plane (in Java an empty one can);
a group inside something that was tried and given up is forgotten (Java remembers it after
`(?>…)`, `(?=…)` and possessive repetitions); a loop goes on after an empty turn until it has
its smallest count (Java leaves it); `()*` takes the empty text (in Java nothing).
"""

from specgen.dialect.java_regex.errors import (
    JavaRegexError,
    RegexInvalid,
    RegexTimeout,
    RegexUnsupported,
    ReplacementInvalid,
)
from specgen.dialect.java_regex.patience import Patience
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
    "Patience",
    "RegexInvalid",
    "RegexTimeout",
    "RegexUnsupported",
    "ReplacementInvalid",
    "Substitution",
    "compile_java",
]
