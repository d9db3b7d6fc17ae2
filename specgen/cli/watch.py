"""`specgen watch`: a page is saved, and its cases are replayed at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from specgen.asciidoc.attributes import below_root
from specgen.asciidoc.dependencies import depends_on
from specgen.cli.config import Config
from specgen.cli.console import console_for
from specgen.cli.options import (
    configuration,
    defined_values,
    derive_option,
    page_options,
    selected_pages,
    target_options,
)
from specgen.cli.rendering import RenderedSelection, no_cache_option, rendered_selection
from specgen.cli.targets import settings_of
from specgen.cli.whole_reports import report_of
from specgen.drift.report.terminal import Terminal
from specgen.drift.results import collect
from specgen.errors import ExitCode, SpecgenError
from specgen.files import DiskFiles
from specgen.messages import counted, printable
from specgen.render.fresh import render_sources
from specgen.replay.events import CaseFinished, Event
from specgen.replay.run import Replayed, replay_cases
from specgen.replay.runner import ReplayOptions
from specgen.replay.standby import Standby, standing_by
from specgen.selection import SUFFIXES, Selection
from specgen.target.opening import TargetSettings

__all__ = ["command"]

# What is imported now is not waited for when a page is saved.
WARM = (render_sources,)
# How long to wait for more of what an editor writes at once, and how often to look for a change,
# in milliseconds.
DEBOUNCE, STEP = 40, 10
# How often the watcher tells that nothing has changed, in milliseconds.
IDLE = 200


@click.command("watch")
@page_options
@target_options
@derive_option
@no_cache_option
@click.option("--verbose", "-v", is_flag=True, help="Show a line for each case.")
def command(**options: Any) -> int:
    """Replays the cases of a page as soon as it is saved.

    A page is replayed, too, if a file that it includes is saved. Ctrl-C ends it.
    """
    config = configuration()
    settings = settings_of(config, options)
    selection = selected_pages(config, options)
    console = console_for()
    with _Warm(settings) as warm:
        pages = counted(len(selection.pages), "page")
        ready = f"watching {pages} below {printable(selection.shown('.'))}; Ctrl-C ends it"
        for changed in _changes(selection.root, lambda: console.print(ready)):
            _replay(_selected(config, options, selection, changed), changed, warm, console, options)
            warm.prepare()
    return int(ExitCode.TRUE)


def _changes(root: Path, begun: Callable[[], None]) -> Iterator[frozenset[Path]]:
    """The files below a folder that were saved together, again and again until Ctrl-C.

    Args:
        root: The folder.
        begun: Is told once that nothing will be missed any more.
    """
    from watchfiles import Change, watch

    found = watch(root, debounce=DEBOUNCE, step=STEP, rust_timeout=IDLE, yield_on_timeout=True)
    for number, changes in enumerate(found):
        if number == 0:
            begun()
        paths = (Path(path) for change, path in changes if change is not Change.deleted)
        if saved := frozenset(path for path in paths if path.is_file()):
            yield saved


def _selected(
    config: Config, options: Mapping[str, Any], selection: Selection, changed: frozenset[Path]
) -> RenderedSelection | None:
    """The pages that have to be replayed; none if no page is made of what was saved."""
    root = selection.root.resolve()
    names = {path.resolve().relative_to(root).as_posix() for path in changed if _below(path, root)}
    files, values = DiskFiles(selection.root), defined_values(config, options)
    attributes = below_root(values, selection.root)
    # Most saves are of a page itself; only for other files all pages are asked what they include.
    others = any(not name.endswith(SUFFIXES) for name in names)
    known = {choice.name for choice in selection.pages}
    chosen = [
        name
        for name in sorted(known)
        if name in names or (others and depends_on(files, name, attributes) & names)
    ]
    chosen += sorted(
        name for name in names - known if name.endswith(SUFFIXES) and _is_new(selection, name)
    )
    if not chosen:
        return None
    paths = tuple(str(selection.root / name) for name in chosen)
    wanted = {**options, "pages": paths, "docs_root": selection.root, "changed_since": None}
    return rendered_selection(config, wanted)


def _below(path: Path, root: Path) -> bool:
    return path.resolve().is_relative_to(root)


def _is_new(selection: Selection, name: str) -> bool:
    """Whether a page that was not there stands in a folder that is watched as a whole."""
    folders = {choice.name.rpartition("/")[0] for choice in selection.pages}
    return len(selection.pages) != 1 and name.rpartition("/")[0] in folders


@dataclass(slots=True)
class _Warm:
    """A session that has imported all it needs, and waits to be told what to run."""

    settings: TargetSettings
    standbys: tuple[Standby, ...] = ()
    stack: ExitStack = field(default_factory=ExitStack)

    def prepare(self) -> None:
        """Puts a fresh one in the place of one that was used."""
        self.stack.close()
        self.standbys = self.stack.enter_context(standing_by(self.settings))

    def __enter__(self) -> _Warm:
        self.prepare()
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()


def _replay(
    pages: RenderedSelection | None,
    changed: Iterable[Path],
    warm: _Warm,
    console: Console,
    options: Mapping[str, Any],
) -> None:
    if pages is None:
        return
    saved = max((path.stat().st_mtime for path in changed if path.exists()), default=time.time())
    cases = pages.cases()
    terminal = Terminal(
        console, {case.id: case for case in cases}, pages.selection.shown, False, options["verbose"]
    )
    replayed = Replayed(collected=set())

    def listen(event: Event) -> None:
        if isinstance(event, CaseFinished):
            terminal.case_finished(event.result)

    console.rule(time.strftime("%H:%M:%S"), style="dim")
    terminal.begin()
    try:
        if cases:
            replayed = replay_cases(
                pages.pages,
                cases,
                pages.root,
                warm.settings,
                ReplayOptions(),
                listen,
                standbys=warm.standbys,
            )
    except SpecgenError as trouble:  # the next save may find it mended
        console.print(f"error: {printable(trouble.message)}", style="red")
        return
    finally:
        if terminal.progress is not None:
            terminal.progress.stop()
    ended = collect(cases, replayed.results, replayed.why_not)
    seconds = max(0.0, time.time() - saved)
    terminal.end(report_of(pages, ended, warm.settings, replayed, seconds))
    if replayed.interrupted:
        raise KeyboardInterrupt
