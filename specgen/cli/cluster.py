"""`specgen cluster`: clusters to try things on, for any client."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from specgen.cli.options import write_json
from specgen.errors import TargetUnreachable, UsageProblem
from specgen.nearest import nearest
from specgen.target.opening import TARGETS

if TYPE_CHECKING:  # what starts nodes takes long to import
    from specgen.target.nodes.running import Node

__all__ = ["command"]

json_option = click.option(
    "--json", "json_file", metavar="FILE", help="Write the nodes as JSON; `-` for stdout."
)


@click.group("cluster")
def command() -> None:
    """Starts clusters to try things on: `up`, `down`, `list`.

    `specgen cluster up NAME` starts one and keeps it until Ctrl-C or until its caller is gone;
    with --detach it stays until `specgen cluster down NAME`. --count starts several, each on
    its own. NAME is embedded (with the connector APIs that specgen emulates), elasticsearch-7.10,
    opensearch-3.8, or osmem.
    """


@command.command("up")
@click.argument("name")
@click.option(
    "--count",
    metavar="N",
    type=click.IntRange(1, 32),
    default=1,
    show_default=True,
    help="How many, independent of each other.",
)
@click.option("--detach", is_flag=True, help="Return once they answer; `down` ends them.")
@click.option("--detached", is_flag=True, hidden=True)
@json_option
def up(name: str, count: int, detach: bool, detached: bool, json_file: str | None) -> int:
    """Starts NAME and tells its URL once it answers."""
    _check_name(name)
    if detach:
        _show(_detach(name, count), json_file)
        return 0
    from specgen.target.nodes.lifetime import kept, wait
    from specgen.target.nodes.running import Node

    parent = None if detached else os.getppid()
    with contextlib.suppress(KeyboardInterrupt), kept(name, count, detached) as started:
        _show([Node(name, each.url, each.pid) for each in started], json_file)
        if json_file is None:
            click.echo("Ctrl-C ends it.", err=True)
        wait(started, parent)
    return 0


@command.command("down")
@click.argument("name")
@json_option
def down(name: str, json_file: str | None) -> int:
    """Ends every NAME that `up` started and that still runs."""
    _check_name(name)
    from specgen.target.nodes.running import end, running

    found = running()
    chosen = [cluster for cluster in found if cluster.name == name]
    if not chosen:
        others = ", ".join(sorted({cluster.name for cluster in found}))
        hint = f"These run: {others}." if others else "Nothing runs that `up` started."
        raise UsageProblem(f"No {name} runs here.", hint)
    for cluster in chosen:
        end(cluster)
    _show([node for cluster in chosen for node in cluster.nodes], json_file)
    return 0


@command.command("list")
@json_option
def list_running(json_file: str | None) -> int:
    """Lists what `up` started and still runs."""
    from specgen.target.nodes.running import running

    _show([node for cluster in running() for node in cluster.nodes], json_file)
    return 0


def _check_name(name: str) -> None:
    if name not in TARGETS:
        close = nearest(name.lower(), TARGETS)
        hint = f"Did you mean {close}?" if close else f"Known: {', '.join(TARGETS)}."
        raise UsageProblem(f"{name!r} is no cluster that specgen can start.", hint)


def _show(nodes: Iterable[Node], json_file: str | None) -> None:
    if json_file is not None:
        document = {"schema": 1, "nodes": [asdict(node) for node in nodes]}
        write_json(json.dumps(document), json_file)
        return
    for node in nodes:
        click.echo(f"{node.name}  {node.url}  pid {node.pid}")


def _detach(name: str, count: int) -> list[Node]:
    """Has a process of its own keep the nodes; returns them once they answer."""
    from specgen.target.nodes.process import new_log
    from specgen.target.nodes.running import Node

    log = new_log(f"cluster-{name}")
    command = [sys.executable, "-m", "specgen", "cluster", "up", name, "--count", str(count)]
    with log.open("wb") as errors:
        keeper = subprocess.Popen(
            [*command, "--detached", "--json", "-"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
            text=True,
        )
    assert keeper.stdout is not None
    try:
        answer = keeper.stdout.readline()
    except BaseException:
        keeper.terminate()
        raise
    if not answer:
        keeper.wait()
        raise _told_in(log.read_text(encoding="utf-8", errors="replace"))
    return [Node(**node) for node in json.loads(answer)["nodes"]]


def _told_in(text: str) -> TargetUnreachable:
    """What ended the process that should keep the nodes, as it told on its standard error."""
    message, _, hint = text.strip().partition("\n  help: ")
    return TargetUnreachable(message.removeprefix("error: ") or "It ended and said nothing.", hint)
