"""The command `specgen`: finds the subcommand, and turns what ends a run into an exit code."""

from __future__ import annotations

import gc
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from specgen.cli.completing import with_completion
from specgen.errors import ExitCode, SpecgenError
from specgen.messages import printable_lines
from specgen.nearest import nearest

__all__ = ["main"]

# One module a command; a module is imported only when its command is called for.
COMMANDS = {
    "check": "reads pages and tells what is wrong with them",
    "cluster": "starts clusters to try things on, ends and lists them",
    "compare": "replays pages on several targets and tells where these differ",
    "coverage": "tells what of the prose of pages a case touches",
    "doctor": "tells what this machine has of what specgen can use",
    "drift": "replays pages and tells what is untrue by its causes",
    "explain": "tells what a word in brackets means, and what to do about it",
    "export": "writes the cases for other tools: YAML REST tests, curl, Hurl",
    "generate": "renders pytest modules from pages",
    "init": "prepares a repository: a configuration, a first page, checks in CI",
    "merge": "makes one report of the results of several runs",
    "parse": "shows what each stage sees in pages",
    "replay": "repeats one case with all that is sent, answered and compared",
    "run": "replays pages against a cluster",
    "skips": "lists what pages ask nobody to check, why, and since when",
    "suggest": "proposes the markers that make pages steady and true",
    "watch": "replays a page as soon as it is saved",
}


class _Commands(click.Group):
    """A group whose commands are loaded by name, so that starting stays fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"specgen.cli.{cmd_name}")
        return with_completion(module.command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            close = nearest(args[0], COMMANDS)
            hint = f" Did you mean {close!r}?" if close else ""
            raise click.UsageError(f"no such command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.command(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "SPECGEN"},
)
@click.version_option(package_name="specgen", prog_name="specgen")
def cli() -> None:
    """Keeps API documentation true.

    specgen reads AsciiDoc pages, renders their examples as pytest modules, and replays these
    against a live cluster. A page that no longer tells the truth fails, on its own line.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and ends the process with its exit code."""
    # Pages become very many small values without cycles, and the process is a short one:
    # looking for cycles as often as Python does by default costs a tenth of its time.
    gc.set_threshold(200_000, 50, 50)
    # A polite request to end is taken like Ctrl-C: what is known is kept, the target is ended.
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(run(arguments))


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit code (`errors.py` lists them)."""
    try:
        result: Any = cli.main(args=arguments, prog_name="specgen", standalone_mode=False)
    except click.exceptions.Exit as over:
        return over.exit_code
    except click.ClickException as wrong:
        wrong.show()
        return int(ExitCode.USAGE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return int(ExitCode.INTERRUPTED)
    except SpecgenError as trouble:
        _show(trouble)
        return int(trouble.exit_code)
    except BrokenPipeError:
        # Whoever read the output has gone; that is no defect, and there is nobody to tell.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
        return int(ExitCode.TRUE)
    except Exception as defect:
        return _show_defect(defect, sys.argv[1:] if arguments is None else arguments)
    return int(result or 0)


def _show(trouble: SpecgenError) -> None:
    click.secho("error: ", fg="red", bold=True, nl=False, err=True)
    click.echo(printable_lines(trouble.message), err=True)
    if trouble.hint:
        click.echo(f"  help: {printable_lines(trouble.hint)}", err=True)


def _show_defect(defect: Exception, arguments: Sequence[str]) -> int:
    """Anything that is no `SpecgenError` is a defect of specgen; it shows no secret."""
    from specgen.cli.config import Config, read_config
    from specgen.cli.credentials import told_secrets

    try:
        config = read_config(Path.cwd())
    except (SpecgenError, OSError):
        config = Config()
    hide = told_secrets(arguments, os.environ, config.credentials).redact_pieces
    click.secho("defect: ", fg="magenta", bold=True, nl=False, err=True)
    told = printable_lines(hide(str(defect)))
    click.echo(f"specgen failed with {type(defect).__name__}: {told}", err=True)
    if os.environ.get("SPECGEN_DEBUG"):
        click.echo(hide("".join(traceback.format_exception(defect))), err=True)
        return int(ExitCode.DEFECT)
    click.echo("  help: this is not your fault; SPECGEN_DEBUG=1 shows where it happened", err=True)
    return int(ExitCode.DEFECT)


if __name__ == "__main__":
    main()
