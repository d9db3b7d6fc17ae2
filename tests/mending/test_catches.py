"""`catch` in markers: written as the page writes them, and nothing else changed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specgen.dialect.values import OptionName, Snippet
from specgen.files import MemoryFiles
from specgen.mending.catches import catch_edits
from specgen.mending.page_bytes import edited_bytes
from specgen.plan.reading import PageStages, stages_of
from specgen.plan.values import RequestStep

PAGE = "page.adoc"
REST = """
[source,console]
----
GET gulls
----
"""


def stages(data: bytes) -> PageStages:
    return stages_of(MemoryFiles({PAGE: data}), PAGE)


def page_of(markers: str, before: str = "", language: str = "console") -> bytes:
    source = f"[source,{language}]\n----\nGET kites\n----"
    return f"= Kites\n\n{before}\n{source}\n{markers}".encode()


def snippet_of(read: PageStages) -> Snippet:
    return next(each for each in read.reading.snippets if "GET kites" in each.contents.text)


def said(data: bytes, catch: str) -> bytes:
    """A page whose snippet documents this error."""
    read = stages(data)
    snippet = snippet_of(read)
    edits = catch_edits(snippet, read.reading.snippets, catch)
    return edited_bytes(snippet.closing.source, edits)


APART = REST + "// TEST[continued]\n// TEST[setup:sky]\n"
TOGETHER = REST + "// TEST[continued setup:sky]\n"


@pytest.mark.parametrize(
    ("markers", "before", "catch", "wanted"),
    [
        ("\n", "", "missing", "// TEST[catch:missing]\n\n"),
        ("", "", "missing", "// TEST[catch:missing]\n"),
        ("// TEST[setup:sky]\n", "", "missing", "// TEST[setup:sky catch:missing]\n"),
        ("// TEST[setup:sky]\n", TOGETHER, "missing", "// TEST[setup:sky catch:missing]\n"),
        (
            "// TEST[setup:sky]\n",
            APART,
            "missing",
            "// TEST[setup:sky]\n// TEST[catch:missing]\n",
        ),
        (
            "// TEST[s/a/b/]\n// TEST[setup:sky]\n",
            "",
            "missing",
            "// TEST[s/a/b/]\n// TEST[setup:sky]\n// TEST[catch:missing]\n",
        ),
        ("// TEST\n", "", "conflict", "// TEST[catch:conflict]\n"),
        ("//TEST[setup:sky]\n", APART, "missing", "//TEST[setup:sky]\n//TEST[catch:missing]\n"),
        ("\n", f"{REST}//   TEST[setup:sky]\n", "missing", "//   TEST[catch:missing]\n\n"),
        (
            "// TEST[warning:old words]\n",
            "",
            "missing",
            "// TEST[catch:missing warning:old words]\n",
        ),
        (
            "// SPECGEN[set:/_id=id]\n",
            "",
            "missing",
            "// TEST[catch:missing]\n// SPECGEN[set:/_id=id]\n",
        ),
        ("// TEST[catch:missing]\n", "", "conflict", "// TEST[catch:conflict]\n"),
        (
            "// TEST[catch:/no such/ setup:sky]\n",
            "",
            "missing",
            "// TEST[catch:missing setup:sky]\n",
        ),
        (
            "// TEST[catch:missing]\n// TEST[catch: conflict]\n",
            "",
            "bad_request",
            "// TEST[catch:missing]\n// TEST[catch: bad_request]\n",
        ),
        ("// TEST[catch:missing]\nMore.\n", "", "", "More.\n"),
        ("// TEST[setup:sky]\n// TEST[catch:missing]", "", "", "// TEST[setup:sky]"),
        ("// TEST[catch:missing setup:sky]\n", "", "", "// TEST[setup:sky]\n"),
        ("// TEST[setup:sky catch:missing]\n", "", "", "// TEST[setup:sky]\n"),
        (
            "// TEST[setup:sky catch:missing continued]\n",
            "",
            "",
            "// TEST[setup:sky continued]\n",
        ),
        ("// TEST[catch:missing catch:conflict setup:sky]\n", "", "", "// TEST[setup:sky]\n"),
    ],
)
def test_an_error_is_written_as_the_page_writes_its_markers(
    markers: str, before: str, catch: str, wanted: str
) -> None:
    assert said(page_of(markers, before), catch).decode() == page_of(wanted, before).decode()


@pytest.mark.parametrize(
    ("language", "markers", "wanted"),
    [
        ("js", "// TEST[catch:missing]\n", "// TEST\n"),
        ("js", "// CONSOLE\n// TEST[catch:missing]\n", "// CONSOLE\n"),
    ],
)
def test_a_test_stays_a_test_without_its_error(language: str, markers: str, wanted: str) -> None:
    before = page_of(markers, language=language)
    after = said(before, "")
    assert after == page_of(wanted, language=language)
    assert [each.role for each in stages(after).plan.roles] == ["test"]


MARKERS = st.lists(
    st.sampled_from(
        [
            "// TEST[setup:sky]",
            "// TEST[s/a/b/ skip_shard_failures]",
            "//TEST[s/c/d/]",
            "// TEST",
            "// SPECGEN[set:/_id=id]",
        ]
    ),
    max_size=4,
    unique=True,
)


@settings(max_examples=200, deadline=None)
@given(MARKERS, MARKERS, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_an_error_put_in_is_read_back_and_goes_without_a_trace(
    own: list[str], others: list[str], end: str, closed: bool
) -> None:
    before = REST + "".join(f"{each}\n" for each in others)
    text = page_of("\n".join(own) + "\n" * closed, before).decode().rstrip(" ")
    data = b"\xff" + text.replace("\n", end).encode()
    if not closed and not own:
        data = data.removesuffix(end.encode())
    with_catch = said(data, "missing")
    read = stages(with_catch)
    step = read.plan.cases[-1].steps[-1]
    option = snippet_of(read).option(OptionName.CATCH)
    assert option is not None
    assert option.value == "missing"
    assert not isinstance(step, RequestStep) or step.catch == "missing"
    # A bare `// TEST` says nothing that another marker does not say, too.
    if "// TEST" not in own:
        assert said(with_catch, "") == data
    assert said(said(with_catch, "conflict"), "missing") == with_catch
