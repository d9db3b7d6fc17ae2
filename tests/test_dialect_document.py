"""What docs/reference/markers.asciidoc tells of markers is what specgen reads."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from documented import ROOT

from specgen.asciidoc.reader import read_page
from specgen.cli.config import read_config
from specgen.dialect.markers import find_marker
from specgen.dialect.values import Form, MarkerKind, OptionName
from specgen.files import MemoryFiles
from specgen.plan.reading import stages_of

TEXT = (ROOT / "docs/reference/markers.asciidoc").read_text(encoding="utf-8")
INDENTED = re.findall(r"^\[source,asciidoc,indent=0\]\n\.{4}\n(.*?)^\.{4}$", TEXT, re.M | re.S)
EXAMPLES = [textwrap.dedent(each) for each in INDENTED]


def markers_in(text: str) -> Iterator[str]:
    yield from re.findall(r"^// [A-Z].*$", text, re.M)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_marker_of_an_example_can_be_read(example: str) -> None:
    for marker in markers_in(example):
        page = read_page(MemoryFiles({"page.adoc": marker}), "page.adoc")
        found = find_marker(page.lines[0], Form.MODERN)
        assert found is not None, marker
        assert found[1] == (), marker


@pytest.mark.parametrize(
    "example", [each for each in EXAMPLES if each.startswith("[source,console]")]
)
def test_every_example_of_requests_can_be_planned(example: str) -> None:
    whole = "[source,console]\n----\nPUT /tides\n----\n\n" + example
    stages = stages_of(MemoryFiles({"page.adoc": whole}), "page.adoc")
    assert stages.plan.problems == ()
    assert stages.plan.cases


def test_every_marker_and_option_is_told() -> None:
    for kind in MarkerKind:
        assert f"`+// {kind.value}" in TEXT
    for option in OptionName:
        assert re.search(rf"`\+?(TESTRESPONSE\[)?{option.value}[`+:/\]]", TEXT), option


def test_the_example_of_a_configuration_can_be_read(tmp_path: Path) -> None:
    (example,) = re.findall(r"^\[source,toml\]\n----\n(.*?)^----$", TEXT, re.M | re.S)
    (tmp_path / "specgen.toml").write_text(example, encoding="utf-8")
    search, nodes = read_config(tmp_path).lenient
    assert search.api.leniency.ignore == ("/took", "/_shards")
    assert nodes.holds(tmp_path / "docs/nodes/deep/stats.adoc")
