"""Changes what true pages say, one spot each, and counts what is found and what is mended back.

All changes are made in copies of their own, and replayed in one run on a private cluster. Then
`specgen drift --update` mends the responses, and a person who answers `y` to each question of
`--review` the requests, and the errors that are documented; the bytes are held against those of
the page before.
Run by hand: `.venv/bin/python benchmarks/mending.py [COUNT [SEED [RUNS]]]`; it needs the corpora
beside the repository.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from itertools import repeat
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CORPORA = ROOT.parent / "shared/corpus"
SORTS = ("responses", "errors", "requests")
sys.path.append(str(ROOT / "tests/mending"))

from mutations import OF_ERRORS, Mutation, mutations_of, sample  # noqa: E402
from reviewing import reviewed  # noqa: E402

from specgen.files import DiskFiles  # noqa: E402
from specgen.plan.reading import stages_of  # noqa: E402
from specgen.plan.setups import read_setups  # noqa: E402


def specgen(folder: Path, *arguments: str) -> dict[str, dict[str, Any]]:
    """What a command tells of each case, by its id."""
    results = folder / "results.json"
    command = [sys.executable, "-m", "specgen", *arguments, "--json", str(results)]
    told = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    if told.returncode not in {0, 1, 3}:
        raise RuntimeError(told.stdout + told.stderr)
    document = json.loads(results.read_text(encoding="utf-8"))
    return {each["id"]: each for each in document.get("results", ())}


def changes_in(
    root: Path, setups: Path, green: set[str], with_body: set[str], chance: random.Random
) -> list[Mutation]:
    """Every change of every case that passed, and that a response or a request of it shows.

    Of cases that check no body, only those of errors that are documented.
    """
    files, known = DiskFiles(root), read_setups(setups)
    found: list[Mutation] = []
    for path in sorted((root / "docs").rglob("*.asciidoc")):
        page = path.relative_to(root).as_posix()
        plan = stages_of(files, page, setups=known).plan
        for case in plan.cases:
            if case.id in green:
                whole = case.id in with_body
                found += (
                    each
                    for each in mutations_of(plan, case, chance)
                    if whole or each.kind in {"catch", "gone-catch"}
                )
    return found


def study(corpus: str, target: str, count: int, seed: int, runs: int) -> Counter[str]:
    """Makes so many changes in the pages of a corpus; returns figures."""
    chance, figures = random.Random(seed), Counter[str]()
    with tempfile.TemporaryDirectory() as work:
        root = Path(work)
        shutil.copytree(CORPORA / corpus / "docs", root / "docs")
        setups = root / "setups.json"
        shutil.copy(CORPORA / corpus / "setups.json", setups)
        whole = ("docs", "--docs-root", ".", "--setups", "setups.json", "--target", target)
        first = specgen(root, "run", *whole)
        green = {name for name, each in first.items() if each["outcome"] == "passed"}
        for _ in range(runs):
            again = specgen(root, "run", *whole)
            figures["alarms"] += sum(again[name]["outcome"] != "passed" for name in green)
        with_body = {name for name in green if first[name]["checks"]["body"]}
        chosen = sample(changes_in(root, setups, green, with_body, chance), count, chance)
        places = []
        for number, each in enumerate(chosen):
            copy = root / f"m{number:04}" / each.page.path
            copy.parent.mkdir(parents=True)
            copy.write_bytes(each.data)
            places.append(f"{copy.relative_to(root).as_posix()}:{case_line(each)}")
        options = whole[1:]
        results = specgen(root, "run", *places, *options)
        for number, each in enumerate(chosen):
            count_found(figures, each, of_copy(results, number))
        mend_back(root, chosen, places, options)
        for number, each in enumerate(chosen):
            same = (root / f"m{number:04}" / each.page.path).read_bytes() == each.page.data
            emulated = rests_on_specgen(of_copy(results, number))
            count_back(figures, each, same=same, emulated=emulated)
    return figures


def mend_back(
    root: Path, chosen: Sequence[Mutation], places: Sequence[str], options: Sequence[str]
) -> None:
    """Has `--update` mend the responses, and a person say `y` to all that is proposed."""
    pairs = list(zip(chosen, places, strict=True))
    responses = [at for each, at in pairs if sort_of(each) == "responses"]
    others = [at for each, at in pairs if sort_of(each) != "responses"]
    if responses:
        specgen(root, "drift", *responses, *options, "--update")
    if others:
        reviewed(root, repeat("y"), *others, *options)


def sort_of(change: Mutation) -> str:
    """Whether a change is one of requests, of errors, or of responses."""
    if change.kind == "request":
        return "requests"
    return "errors" if change.kind in OF_ERRORS else "responses"


def rests_on_specgen(told: list[dict[str, Any]]) -> bool:
    """Whether specgen itself gave the answer that differs: it proves nothing."""
    return any(finding["shown"]["emulated"] for each in told for finding in each["findings"])


def count_back(figures: Counter[str], change: Mutation, *, same: bool, emulated: bool) -> None:
    """Counts whether a page says again what it said before the change."""
    what = sort_of(change)
    figures[f"{what}: changed"] += 1
    if emulated:
        figures[f"{what}: emulated, never written"] += 1
        figures[f"{what}: emulated, and written"] += same
        return
    figures[f"{what}: may be written"] += 1
    figures[f"{what}: back byte for byte"] += same
    if not same:
        figures[f"not back: {change.kind}"] += 1
        print("not back:", change.told)


def case_line(mutation: Mutation) -> int:
    """A line of the changed case: where its request or response is changed."""
    if mutation.kind in {"request", *OF_ERRORS}:
        return mutation.line
    return mutation.page.locate(mutation.start).line


def of_copy(results: dict[str, dict[str, Any]], number: int) -> list[dict[str, Any]]:
    """What was told of the cases of one copy."""
    return [each for name, each in results.items() if name.startswith(f"m{number:04}/")]


def count_found(figures: Counter[str], change: Mutation, told: list[dict[str, Any]]) -> None:
    """Counts whether a change was found at its line and pointer."""
    figures["changes"] += 1
    figures[f"with substitutions: {change.substituted}"] += 1
    findings = [finding for each in told for finding in each["findings"]]
    red = [each for each in told if each["outcome"] in {"failed", "error"}]
    here = [each for each in findings if is_about(each, change)]
    if here:
        figures["found in place"] += 1
    elif red:
        figures["found elsewhere"] += 1
        print(
            "elsewhere:", change.told, [(f["line"], f["pointer"], f["message"]) for f in findings]
        )
    else:
        figures[f"not found: {change.kind}"] += 1
        print("not found:", change.told, [each["outcome"] for each in told])


def is_about(finding: dict[str, Any], change: Mutation) -> bool:
    """Whether a finding tells of a change: an item of a list may be told of as its neighbour."""
    if change.kind in OF_ERRORS:
        return bool(finding["kind"] == "status" and finding["line"] == change.line)
    if change.kind == "request":  # it fails, or what it is answered is not as documented
        return bool(finding["line"] >= change.line)
    # A key such as `$node_name` is told as what it stands for.
    parts = (re.escape(part) for part in re.split(r"\$\w+", change.pointer))
    pointer = re.compile("[^/]+".join(parts))
    if change.kind in {"gone-item", "new-item"}:
        pointer = re.compile(pointer.pattern.rpartition("/")[0] + ".*")
        return pointer.fullmatch(finding["pointer"]) is not None
    return finding["line"] == change.line and pointer.fullmatch(finding["pointer"]) is not None


def main(count: int = 500, seed: int = 1, runs: int = 10) -> None:
    """Prints the figures of both corpora."""
    figures = Counter[str]()
    few = count // 10
    for corpus, target, share in (
        ("modern", "embedded", few),
        ("es2018", "embedded", 3 * few),
        ("es2018", "elasticsearch-7.10", count - 4 * few),
    ):
        found = study(corpus, target, share, seed, runs)
        print(f"{corpus} on {target}:", dict(sorted(found.items())))
        figures += found
    for name, number in sorted(figures.items()):
        print(f"{number:5} {name}")
    print(f"alarms: {figures['alarms']} in {runs} runs of unchanged pages")
    for what in SORTS:
        back, all_ = figures[f"{what}: back byte for byte"], figures[f"{what}: may be written"]
        if all_:
            print(f"{what}: {back} of {all_} back byte for byte ({100 * back / all_:.1f} %)")
    back = sum(figures[f"{what}: back byte for byte"] for what in SORTS)
    print(f"back: {back} of {figures['changes']}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
