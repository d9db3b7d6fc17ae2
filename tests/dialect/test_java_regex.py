"""Java patterns beyond the golden table; what each gives was seen in Java 17."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specgen.dialect.java_regex import (
    JavaRegexError,
    RegexInvalid,
    RegexTimeout,
    RegexUnsupported,
    ReplacementInvalid,
    Substitution,
    compile_java,
)

Spans = list[tuple[int, int]]


def spans(pattern: str, text: str, comments: bool = False) -> Spans:
    found = compile_java(pattern, comments=comments).substitutions(text, "")
    return [(start, end) for start, end, _ in found]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"a{2}{3}", "aaa", [(0, 2)]),
        (r"{2}", "a", [(0, 0), (1, 1)]),
        (r"a{0,}+a", "aaa", []),
        (r"^*a", "a", [(0, 1)]),
        (r"(?=a)*a", "a", [(0, 1)]),
        (r"(?:a|ab){2}+", "aba", []),
        (r"(?:a|ab){2}", "aba", [(0, 3)]),
        (r"a|", "ab", [(0, 1), (1, 1), (2, 2)]),
        (r"x*", "axb", [(0, 0), (1, 2), (2, 2), (3, 3)]),
    ],
)
def test_repetition(pattern: str, text: str, expected: Spans) -> None:
    assert spans(pattern, text) == expected


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"(?i)b|c", "C", [(0, 1)]),
        (r"a(?i)b|c", "C B", [(0, 1)]),
        (r"(?:a(?i)b)c", "aBc aBC", [(0, 3)]),
        (r"(?i:a(?-i)b)C", "AbC ABC", [(0, 3)]),
        (r"(?i)straße", "STRAßE", [(0, 6)]),
        (r"(?iu)[j-l]", "K\u212a", [(0, 1), (1, 2)]),
        (r"(?i)[j-l]", "K\u212a", [(0, 1)]),
        (r"(?i)(é|k)\1", "éÉkK", [(2, 4)]),
        (r"(?iu)(é|k)\1", "éÉkK", [(0, 2), (2, 4)]),
        (r"(?i)(\p{L}é?)\1", "éÉkK", [(2, 4)]),
        (r"(?i)\p{Lu}", "aA1", [(0, 1), (1, 2)]),
        (r"(?U)\b\w+\b", "naïve", [(0, 5)]),
        (r"\w+", "naïve", [(0, 2), (3, 5)]),
        (r"(?x) a b (?-x) c", "ab c", [(0, 4)]),
    ],
)
def test_flags(pattern: str, text: str, expected: Spans) -> None:
    assert spans(pattern, text) == expected


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"(?m)^", "", []),
        (r"(?m)^", "a\n", [(0, 0)]),
        (r"(?m)$", "\r\n", [(0, 0), (2, 2)]),
        (r"\Z", "\r\n", [(0, 0), (2, 2)]),
        (r"\G\d", "12a3", [(0, 1), (1, 2)]),
        (r"\G", "ab", [(0, 0)]),
        (r"\b", "e\u0301x", [(0, 0), (3, 3)]),
        (r"\R\n", "\r\n", [(0, 2)]),
        (r"\R{2}", "\r\n\n", [(0, 3)]),
        (r"(?<=a|bc)d", "bcd", [(2, 3)]),
        (r"(?<!a)b", "ab bb", [(3, 4), (4, 5)]),
    ],
)
def test_places(pattern: str, text: str, expected: Spans) -> None:
    assert spans(pattern, text) == expected


@pytest.mark.parametrize(
    ("pattern", "text", "matched"),
    [
        (r"[a-z&&[^bc]&&[a-d]]", "abcde", "ad"),
        (r"[^a-c&&b-d]", "abcde", "ade"),
        (r"[a-z&&[bc]d]", "abcde", "bcd"),
        (r"[^[^a]]", "ab", "a"),
        (r"[]-a]", "]^_`ab", "]^_`a"),
        (r"[^^]", "^a", "a"),
        (r"[a-[b]]", "abc-", "ab-"),
        (r"[\v-\x20]", "\x0b\x1f!", "\x0b\x1f"),
        (r"[\Qa-c\E]", "abc-", "ac-"),
        (r"[\p{L}&&[^\p{Lu}]]", "aÉé1", "aé"),
    ],
)
def test_classes(pattern: str, text: str, matched: str) -> None:
    assert "".join(text[start:end] for start, end in spans(pattern, text)) == matched


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"\x{0041}", "A"),
        (r"\018", "\x018"),
        (r"\0377", "\xff"),
        (r"\0400", " 0"),
        (r"\cA", "\x01"),
        (r"\ud83d\ude00", "\U0001f600"),
        (r"\N{GREEK SMALL LETTER ALPHA}", "\u03b1"),
        (r"\Qa.b\Ec", "a.bc"),
        (r"a\Q.", "a."),
        (r"(a)\1\Q0\E", "aa0"),
        (r"(?<a>x)(?<b>y)\k<a>", "xyx"),
        (r"\p{InGreek}\p{IsGreek}\p{script=Grek}\p{blk=GREEK}", "αβγδ"),
        (r"\p{javaWhitespace}\p{IsWhite_Space}", "\x1c\xa0"),
    ],
)
def test_characters(pattern: str, text: str) -> None:
    assert spans(pattern, text) == [(0, len(text))]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("a#c\nb", "ab", [(0, 2)]),
        ("[a b]", " ", []),
        ("[\\ ]", " ", [(0, 1)]),
        ("a{2 }", "aa", [(0, 2)]),
        ("\\Qa b#\\E", "a b#", [(0, 4)]),
        ("a#\u2028b", "a\u2028b", [(0, 3)]),
    ],
)
def test_comments(pattern: str, text: str, expected: Spans) -> None:
    assert spans(pattern, text, comments=True) == expected


def test_a_match_tells_its_place_and_groups() -> None:
    pattern = compile_java(r"(?<key>\w+)=(\d+)?")
    assert pattern.search("a=1 bc=") == (0, 3, "a", "1")
    assert pattern.search("a=1 bc=", 1) == (4, 7, "bc", None)
    assert pattern.search("-") is None
    assert (pattern.groups, dict(pattern.names)) == (2, {"key": 1})


def test_a_search_from_further_on_still_sees_what_stands_before() -> None:
    assert compile_java(r"(?<=a)b").search("ab", 1) == (1, 2)
    assert compile_java(r"^b").search("ab", 1) is None


def test_a_group_in_a_loop_keeps_what_it_took_last() -> None:
    assert compile_java(r"(?:\1b|(a))+").search("aab") == (0, 3, "a")


def test_substitutions_rebuild_the_text() -> None:
    text = "a=1, b=22"
    found = compile_java(r"(?<k>\w)=(\d+)").substitutions(text, r"$2\=${k}")
    assert found == (Substitution(0, 3, "1=a"), Substitution(5, 9, "22=b"))
    assert compile_java(r"(?<k>\w)=(\d+)").replace_all(text, r"$2\=${k}") == "1=a, 22=b"


def test_a_bad_replacement_does_no_harm_without_a_match() -> None:
    assert compile_java("x").replace_all("abc", "$9") == "abc"
    with pytest.raises(ReplacementInvalid):
        compile_java("b").replace_all("abc", "$9")


@pytest.mark.parametrize(
    ("replacement", "offset"), [("ab$", 2), ("a$2", 1), ("${n", 0), ("a${m}", 1), ("ab\\", 2)]
)
def test_a_bad_replacement_is_told_with_its_place(replacement: str, offset: int) -> None:
    with pytest.raises(ReplacementInvalid) as caught:
        compile_java("(?<n>a)").replace_all("a", replacement)
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    ("pattern", "offset"),
    [
        ("ab*c**", 5),
        ("a(b", 1),
        ("ab)", 2),
        ("a[bc", 2),
        ("[z-a]", 1),
        ("a{,2}", 1),
        ("a{3,2}", 1),
        ("ab\\y", 3),
        ("\\Qab\\E*+*", 8),
        ("\\p{Foo}", 2),
        ("(?<n>a)(?<n>b)", 10),
        ("(?<=(?:ab)+)c", 0),
        ("a{2147483648}", 1),
        ("[&&]", 3),
        ("\\N{NL}", 2),
    ],
)
def test_what_java_refuses_is_told_with_its_place(pattern: str, offset: int) -> None:
    with pytest.raises(RegexInvalid) as caught:
        compile_java(pattern)
    assert caught.value.offset == offset
    assert caught.value.message == str(caught.value)


@pytest.mark.parametrize(
    "pattern",
    [
        r"a\b{g}",
        r"(?<=(a+))b",
        r"(?<=a*+)b",
        r"(?<=a+b+)c",
        r"(?<=\X)c",
        r"[a-c[x]&&]",
        r"[a&&[b]&c]",
        r"(?i)(a)\1(?u)\1",
    ],
)
def test_what_has_no_translation_is_no_mistake_of_the_page(pattern: str) -> None:
    with pytest.raises(RegexUnsupported):
        compile_java(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "(" * 5000 + ")" * 5000,
        "(" * 5000,
        "[" * 5000,
        "(?:a" * 15 + ")+" * 15,
        "(?:(?:(?:a{1000}){1000}){1000}){1000}",
        "a{2147483647}",
        "a" * 300_000,
        "(?iu)" + "é" * 30_000,
        r"\b" * 5000,
        r"\x{" + "0" * 100_000 + "41}" + "a" * 100_000,
    ],
)
def test_a_pattern_that_is_too_large_is_refused(pattern: str) -> None:
    with pytest.raises(RegexUnsupported):
        compile_java(pattern)


def test_a_long_pattern_that_repeats_itself_is_searched_at_once() -> None:
    pattern = compile_java("a" * 5000)
    assert pattern.search("b" + "a" * 5000) == (1, 5001)
    assert not pattern.find("b" + "a" * 4999)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [(r"^(?:a|aa)+$", "a" * 60 + "!"), (r"(a|a)*[bc]", "a" * 60)],
)
def test_taking_too_long_is_not_no_match(pattern: str, text: str) -> None:
    slow = compile_java(pattern, limit=0.05)
    with pytest.raises(RegexTimeout):
        slow.find(text)
    with pytest.raises(RegexTimeout):
        slow.substitutions(text, "")


def test_the_limit_holds_for_all_matches_together() -> None:
    with pytest.raises(RegexTimeout):
        compile_java("", limit=0.01).substitutions("a" * 1_000_000, "")


def test_replacements_that_grow_without_end_are_stopped() -> None:
    with pytest.raises(RegexTimeout, match="grow"):
        compile_java("").substitutions("a" * 100, "b" * 1_000_000)


PIECES = st.sampled_from(
    [
        *"ab1é-&^[](){}?*+|.,\\<>=!:#$ \n\rxipPLQEsdwDbBnNkRXGZ07_",
        *("\\Q", "\\E", "(?", "\\p{", "L}", "&&", "[^", "(?<", "{1,", "2}", "\\x", "(?x)", "(?iu)"),
    ]
)
PATTERNS = st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=8)


@settings(max_examples=400, deadline=None)
@given(PATTERNS, st.text("ab1é \n\r", max_size=8), st.text("$\\{}1na", max_size=4), st.booleans())
def test_only_errors_of_our_own_come_out(
    pattern: str, text: str, replacement: str, comments: bool
) -> None:
    places: list[tuple[int, int, int]]
    try:
        found = compile_java(pattern, comments=comments).substitutions(text, replacement)
    except ReplacementInvalid as problem:
        places = [(0, problem.offset, len(replacement) - 1)]
    except JavaRegexError as problem:
        places = [(0, problem.offset, len(pattern))]
    else:
        places = [(start, end, len(text)) for start, end, _ in found]
    assert all(0 <= low <= middle <= high for low, middle, high in places)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=20))
def test_a_quoted_text_matches_itself_and_nothing_else(text: str) -> None:
    quoted = compile_java("\\Q" + text.replace("\\E", "") + "\\E")
    plain = text.replace("\\E", "")
    assert quoted.search(plain) == (0, len(plain))
    assert not plain or not quoted.find(plain[:-1])


def test_the_interpreter_is_left_as_it_was() -> None:
    before = sys.getrecursionlimit()
    with pytest.raises(RegexUnsupported):
        compile_java("(?:" * 100_000)
    assert sys.getrecursionlimit() == before
