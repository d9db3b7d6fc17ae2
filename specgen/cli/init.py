"""`specgen init`: the first files in an existing repository."""

from __future__ import annotations

from importlib.metadata import distribution
from pathlib import Path

import click

from specgen.errors import ExitCode, UsageProblem
from specgen.files import write_below
from specgen.messages import counted, printable
from specgen.starting.looking import look_at
from specgen.starting.origin import requirement_of
from specgen.starting.planning import new_files
from specgen.starting.values import NewFile, Repository

__all__ = ["command"]


@click.command("init")
@click.argument(
    "folder", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
def command(folder: Path, dry_run: bool) -> int:
    """Prepares the repository in FOLDER: a configuration, a first page, checks in CI.

    It asks nothing and changes no file that is there: what it cannot see stands as a proposal in
    the configuration. A first page is written only where no page has an example.
    """
    repository = look_at(folder)
    source = distribution("specgen").read_text("direct_url.json")
    files = new_files(repository, requirement_of(source))
    for line in _seen(repository):
        click.echo(line)
    for file in files:
        if not dry_run:
            _write(folder, file)
        click.echo(f"{'would write' if dry_run else 'wrote'} {file.path}: {file.what}")
        if dry_run:
            click.echo("".join(f"    {line}\n" for line in file.text.splitlines()).rstrip("\n"))
    if not files:
        click.echo("nothing to write: all is there already")
    for todo in (f"{file.path}: {each}" for file in files for each in file.todo):
        click.echo(f"to do: {todo}")
    click.echo("next: `specgen run`; `specgen drift` tells what is red by its causes")
    return int(ExitCode.TRUE)


def _seen(repository: Repository) -> list[str]:
    told = counted(len(repository.pages), "page has", "pages have")
    lines = [f"{told} examples, below {printable(repository.root)}"] if repository.pages else []
    if repository.configured:
        lines.append(f"{repository.configured} configures specgen already")
    lines += [f"{path} is there already, and stays" for path in sorted(repository.files)]
    return lines


def _write(folder: Path, file: NewFile) -> None:
    try:
        write_below(folder, file.path, file.text)
    except OSError as trouble:
        raise UsageProblem(f"{file.path} cannot be written: {trouble.strerror}") from trouble
