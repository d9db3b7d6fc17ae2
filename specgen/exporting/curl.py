"""Writes a page's cases as a shell script of curl commands.

curl sends; it does not judge. The script stops at the first request whose status is not the
documented one, and shows each documented body as a comment. Values that a page takes from an
earlier answer (`$body.…`) cannot be sent that way, and are told where they stand.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from specgen.dialect.triple_quotes import converted_if_closed
from specgen.plan.values import (
    Case,
    CheckStep,
    MatchStep,
    NoteStep,
    PagePlan,
    RequestStep,
    SetupStep,
    Step,
    YamlStep,
)
from specgen.render.literals import comment_text
from specgen.render.view import is_end, target_of

__all__ = ["render_curl"]

HEAD = """\
#!/bin/sh
# {title}
# Rendered by specgen from {page}. Change the page, not this file.
# Usage: TARGET=http://localhost:9200 sh {file}
set -eu
: "${{TARGET:?the address of a cluster that may be changed}}"
"""


def render_curl(plan: PagePlan) -> str:
    """The script of a page: for each case its setup, its requests, its teardown."""
    stem = plan.page.rpartition("/")[2].rpartition(".")[0]
    head = HEAD.format(
        title=comment_text(plan.title),
        page=comment_text(plan.page),
        file=comment_text(f"{stem}.sh"),
    )
    return head + "".join("\n" + "\n".join(_case(plan, case)) + "\n" for case in plan.cases)


def _case(plan: PagePlan, case: Case) -> Iterator[str]:
    where = "" if case.file == case.page else f" of {comment_text(case.file)}"
    yield f"# {comment_text(case.name)}, line {case.line}{where}"
    if case.skip or case.blocked:
        yield f"# not run: {comment_text(case.skip or case.blocked)}"
        return
    yield from _steps(plan.setup)
    yield from _steps(sorted(case.steps, key=is_end))
    yield from _steps(plan.teardown)


def _steps(steps: Sequence[Step]) -> Iterator[str]:
    for step in steps:
        if isinstance(step, RequestStep):
            yield from _request(step)
        elif isinstance(step, MatchStep):
            yield "# expected:"
            lines = step.expectation.text.text.rstrip("\n").split("\n")
            yield from (f"#   {comment_text_keeping_indent(line)}".rstrip() for line in lines)
        elif isinstance(step, NoteStep):
            yield f"# {comment_text(step.text.lstrip('#'))}"
        elif isinstance(step, SetupStep):
            yield f"# setup {comment_text(step.setup.name)}"
            yield from _steps(step.steps)
        elif isinstance(step, CheckStep):
            shown = f"{step.check} {step.field} {step.expected}".rstrip()
            yield f"# checked by specgen alone: {comment_text(shown)}"
        elif isinstance(step, YamlStep):
            yield from _steps(step.steps)


def _request(step: RequestStep) -> Iterator[str]:
    request = step.request
    target = quote(target_of(request), safe="%/?&=:,;@!$'()*+~-._[]{}<>|")
    # `_bulk` and its like want a newline at the very end.
    body = "" if request.body is None else converted_if_closed(request.body.text) + "\n"
    if "$" in target.replace("%24", "$") or "${" in body or '"$' in body:
        yield "# the next request takes a value from an answer before, which curl cannot do"
    # Brackets, braces and dots of a path are the page's own, and no order to curl.
    command = "curl -sS --globoff --path-as-is"
    if request.method == "HEAD":
        command += " -I"
    else:
        command += f"{'' if step.catch else ' --fail-with-body'} -X {shlex.quote(request.method)}"
    command += f' "$TARGET"{shlex.quote("/" + target)}'
    if step.catch:
        yield f"# must fail: {comment_text(step.catch)}"
    if request.body is None:
        yield command
        return
    yield f"{command} \\"
    yield "  -H 'Content-Type: application/json' \\"
    # A body that begins with `@` would name a file to `--data-binary`.
    yield f"  --data-raw {shlex.quote(body)}"


def comment_text_keeping_indent(line: str) -> str:
    """A line of an expected body as it may stand in a comment, its indentation kept."""
    stripped = line.lstrip(" ")
    return " " * (len(line) - len(stripped)) + comment_text(stripped)
