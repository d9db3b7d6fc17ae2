"""Tries what the guide names as threats, and prints each with its test and what came of it.

`make threats`, or `.venv/bin/python tests/threats.py [WORDS OF PYTEST...]`.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from junitparser import Error, Failure, JUnitXml, Skipped, TestSuite

__all__ = ["DOCUMENT", "ROOT", "Threat", "results_of", "threats_in"]

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs/reference/threats.asciidoc"
ROW = re.compile(r"\|(?P<threat>[^|]+) \|`\+?(?P<path>[^`|+]+)::(?P<name>test_\w+)\+?`")


class Threat(NamedTuple):
    """A row of the table.

    Attributes:
        what: In words.
        path: The file of its test.
        name: The function.
    """

    what: str
    path: str
    name: str


def threats_in(text: str) -> Iterator[Threat]:
    """The rows of the tables.

    Raises:
        ValueError: A row is no threat with a test.
    """
    for line in text.splitlines():
        if line.startswith("|") and not (line == "|===" or line.endswith(" |test")):
            found = ROW.fullmatch(line)
            if not found:
                raise ValueError(f"no threat and test: {line}")
            yield Threat(found["threat"], found["path"], found["name"])


def results_of(report: JUnitXml) -> dict[tuple[str, str], Counter[str]]:
    """How often each function passed, failed, was skipped, by its file and name."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for suite in report:
        for case in suite if isinstance(suite, TestSuite) else ():
            kinds = {type(each) for each in case.result}
            failed = bool(kinds & {Error, Failure})
            outcome = "failed" if failed else "skipped" if Skipped in kinds else "passed"
            path = f"{(case.classname or '').replace('.', '/')}.py"
            name = (case.name or "").partition("[")[0]
            found.setdefault((path, name), Counter())[outcome] += 1
    return found


def main(options: Sequence[str]) -> int:
    """Runs the tests; returns 1 if one of them did not pass."""
    threats = list(threats_in(DOCUMENT.read_text(encoding="utf-8")))
    tests = dict.fromkeys(f"{each.path}::{each.name}" for each in threats)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "junit.xml"
        pytest = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *options]
        subprocess.run([*pytest, *tests], cwd=ROOT, check=False, stdout=sys.stderr)
        results = results_of(JUnitXml.fromfile(str(report)))
    red = 0
    for each in threats:
        counted = results.get((each.path, each.name), Counter({"not run": 1}))
        told = ", ".join(f"{number} {outcome}" for outcome, number in sorted(counted.items()))
        red += set(counted) != {"passed"}
        sys.stdout.write(f"{each.what} | {each.path}::{each.name} | {told}\n")
    sys.stdout.write(f"{len(threats)} threats, {len(threats) - red} green\n")
    return int(red > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
