"""Holds the verdicts of Hurl on exported cases against those of specgen, case by case.

Needs `hurl` on the path (`cargo install hurl`). Each case is judged on an embedded engine of its
own. Run by hand: `.venv/bin/python benchmarks/hurl_verdicts.py [PAGES [SETUPS]]`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from specgen.target.nodes.lifetime import kept

ROOT = Path(__file__).resolve().parents[1]


def main(pages: str = str(ROOT / "specs"), setups: str = "") -> None:
    """Prints how many verdicts agree, and the cases that do not."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        options = [pages, "--docs-root", pages, *(["--setups", setups] if setups else [])]
        specgen = [sys.executable, "-m", "specgen"]
        export = [*specgen, "export", *options, "--format", "hurl", "--out", str(work / "hurl")]
        subprocess.run(export, check=False, stderr=subprocess.DEVNULL)
        run = [*specgen, "run", *options, "--no-derive", "-q", "--json", str(work / "run.json")]
        subprocess.run(run, check=False, capture_output=True)
        results = json.loads((work / "run.json").read_text(encoding="utf-8"))["results"]
        pairs = Counter[tuple[str, str]]()
        for result in results:
            page, slug = result["id"].split("::")
            file = work / "hurl" / page.removesuffix(".asciidoc") / f"{slug}.hurl"
            if result["outcome"] in {"passed", "failed"} and file.exists():
                verdict = judged(file)
                pairs[result["outcome"], verdict] += 1
                if verdict != result["outcome"]:
                    print(f"{result['id']}: specgen {result['outcome']}, Hurl {verdict}")
    agree = sum(count for (ours, theirs), count in pairs.items() if ours == theirs)
    print(f"{agree} of {pairs.total()} verdicts agree")


def judged(file: Path) -> str:
    """What Hurl says of a case on an engine that is fresh."""
    with kept("embedded", 1, False) as (engine,):
        command = ["hurl", "--path-as-is", "--variable", f"target={engine.url}", str(file)]
        done = subprocess.run(command, check=False, capture_output=True)
    return "failed" if done.returncode else "passed"


if __name__ == "__main__":
    main(*sys.argv[1:])
