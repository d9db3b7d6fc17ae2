from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest_plugins = ("pytester",)

CONFTEST = Path(__file__).resolve().parent / "conftest.py"

USES_ONE = """
def test_text(golden):
    golden("a/text.txt", "one\\r\\ntwo\\n")
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    for name in ("CI", "SPECGEN_NO_SKIP", "PYTEST_XDIST_WORKER", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    tests = pytester.mkdir("tests")
    shutil.copy(CONFTEST, tests)
    pytester.makeini("[pytest]\ntestpaths = tests\n")
    return pytester


def given(project: pytest.Pytester, test: str, goldens: dict[str, str]) -> None:
    (project.path / "tests/test_it.py").write_text(test, encoding="utf-8")
    for name, text in goldens.items():
        path = project.path / "tests/golden" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def run(project: pytest.Pytester, *arguments: str) -> tuple[int, str]:
    result = project.runpytest_inprocess(*arguments)
    return int(result.ret), result.stdout.str() + result.stderr.str()


def test_a_text_that_equals_its_golden_passes(project: pytest.Pytester) -> None:
    given(project, USES_ONE, {"a/text.txt": "one\r\ntwo\n"})
    assert run(project)[0] == 0


@pytest.mark.parametrize("stored", ["one\ntwo\n", "one\r\ntwo", ""])
def test_a_text_that_differs_in_a_line_end_fails(project: pytest.Pytester, stored: str) -> None:
    given(project, USES_ONE, {"a/text.txt": stored})
    code, shown = run(project)
    assert code == 1
    assert "differs from tests/golden/a/text.txt" in shown


def test_a_golden_that_is_missing_fails(project: pytest.Pytester) -> None:
    given(project, USES_ONE, {})
    code, shown = run(project)
    assert code == 1
    assert "there is no golden a/text.txt" in shown


@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n", "2")])
def test_a_golden_that_no_test_uses_fails_a_full_run(
    project: pytest.Pytester, workers: tuple[str, ...]
) -> None:
    given(project, USES_ONE, {"a/text.txt": "one\r\ntwo\n", "b.txt": ""})
    code, shown = run(project, *workers)
    assert code == 1
    assert "golden that no test uses: b.txt" in shown
    assert "no test uses: a" not in shown


@pytest.mark.parametrize("part", [("tests/test_it.py",), ("-k", "text")])
def test_a_part_of_the_tests_may_leave_goldens_unused(
    project: pytest.Pytester, part: tuple[str, ...]
) -> None:
    given(project, USES_ONE, {"a/text.txt": "one\r\ntwo\n", "b.txt": ""})
    assert run(project, *part)[0] == 0


def test_updating_writes_what_differs_and_removes_what_is_unused(project: pytest.Pytester) -> None:
    given(project, USES_ONE, {"a/text.txt": "old", "b.txt": ""})
    assert run(project, "--update-golden")[0] == 0
    assert (project.path / "tests/golden/a/text.txt").read_bytes() == b"one\r\ntwo\n"
    assert not (project.path / "tests/golden/b.txt").exists()


def test_goldens_are_not_written_in_ci_nor_by_workers(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(project, USES_ONE, {"a/text.txt": "old"})
    code, shown = run(project, "--update-golden", "-p", "xdist", "-n", "2")
    assert code == pytest.ExitCode.USAGE_ERROR
    assert "not written by workers" in shown
    monkeypatch.setenv("CI", "true")
    code, shown = run(project, "--update-golden")
    assert code == pytest.ExitCode.USAGE_ERROR
    assert "not written in CI" in shown
    assert (project.path / "tests/golden/a/text.txt").read_text(encoding="utf-8") == "old"


SKIPS = """
import pytest

def test_skips():
    pytest.skip("no data")

@pytest.mark.skip(reason="not here")
def test_is_marked():
    pass

@pytest.mark.xfail
def test_fails_as_expected():
    assert False
"""


def test_skips_are_failures_where_nothing_may_be_missing(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(project, SKIPS, {})
    assert run(project)[0] == 0
    monkeypatch.setenv("SPECGEN_NO_SKIP", "1")
    code, shown = run(project, "-rf")
    assert code == 1
    assert "1 failed, 1 xfailed, 1 error" in shown
    assert "(SPECGEN_NO_SKIP): no data" in shown
    assert "(SPECGEN_NO_SKIP): not here" in shown
