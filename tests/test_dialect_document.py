"""What docs/dialect.md tells of markers is what specgen reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from specgen.asciidoc.reader import read_page
from specgen.cli.config import read_config
from specgen.dialect.markers import find_marker
from specgen.dialect.values import Form, MarkerKind, OptionName
from specgen.files import MemoryFiles
from specgen.plan.reading import stages_of

TEXT = (Path(__file__).resolve().parents[1] / "docs/dialect.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```asciidoc\n(.*?)^```", TEXT, re.M | re.S)


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
        assert f"`// {kind.value}" in TEXT
    for option in OptionName:
        assert re.search(rf"`(TESTRESPONSE\[)?{option.value}[`:/\]]", TEXT), option


def test_the_example_of_a_configuration_can_be_read(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```toml\n(.*?)^```", TEXT, re.M | re.S)
    (tmp_path / "specgen.toml").write_text(example, encoding="utf-8")
    search, nodes = read_config(tmp_path).lenient
    assert search.api.leniency.ignore == ("/took", "/_shards")
    assert nodes.holds(tmp_path / "docs/nodes/deep/stats.adoc")
