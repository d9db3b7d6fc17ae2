"""The options that several commands share, and what they become."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from specgen.cli.config import INCLUDES, Config, read_config
from specgen.dialect.form import Form
from specgen.errors import PageUnreadable, UsageProblem
from specgen.files import DiskFiles, Files, write_whole
from specgen.selection import Selection, select_pages

if TYPE_CHECKING:  # `read_pages` imports what reads pages: not every command calls it
    from specgen.plan.reading import PageStages
    from specgen.plan.values import Case

__all__ = [
    "Pages",
    "configuration",
    "defined_values",
    "derive_option",
    "includes_of",
    "is_deriving",
    "page_options",
    "read_pages",
    "read_selected",
    "reading_options",
    "selected_pages",
    "target_options",
    "write_json",
]

Command = TypeVar("Command", bound=Callable[..., Any])

ATTRIBUTE_LINE = re.compile(r":(?P<name>[\w-]+): +(?P<value>.*\S)\s*")


@dataclass(frozen=True, slots=True)
class Pages:
    """The selected pages after all stages that need no cluster.

    Attributes:
        selection: Which pages, below which root.
        stages: What each stage saw, in page order.
        unreadable: Pages that could not be read at all, with the reason.
    """

    selection: Selection
    stages: tuple[PageStages, ...]
    unreadable: tuple[tuple[str, str], ...]

    def cases(self) -> tuple[Case, ...]:
        """The cases that were selected, those of a named line alone where one was named."""
        lines = {choice.name: choice.line for choice in self.selection.pages}
        return tuple(
            case
            for each in self.stages
            for case in each.plan.cases
            if _holds(case, lines[each.plan.page])
        )


def _holds(case: Case, line: int | None) -> bool:
    """Whether a case holds a line of its page; every case does if none is named."""
    if line is None:
        return True
    held = case.in_page
    return held.line <= line <= held.source.locate(held.end).line


def page_options(command: Command, *, other_forms: Sequence[str] = ()) -> Command:
    """Adds PAGES and the options that say which, and how pages are read.

    Args:
        command: The command.
        other_forms: What --form takes besides; the command makes something of it.
    """
    changed = click.option(
        "--changed-since",
        metavar="REF",
        help="Only pages that changed in git since REF, their includes counted.",
    )
    return click.argument("pages", nargs=-1)(_with_options(command, other_forms, changed))


def reading_options(command: Command) -> Command:
    """Adds the options that say how pages are read."""
    return _with_options(command, ())


def _with_options(
    command: Command, other_forms: Sequence[str], *which: Callable[[Command], Command]
) -> Command:
    options: tuple[Callable[[Command], Command], ...] = (
        click.option(
            "--docs-root",
            metavar="DIR",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help="Name pages relative to DIR and read nothing outside it.",
        ),
        click.option(
            "--define",
            metavar="NAME=VALUE",
            multiple=True,
            help="Put VALUE in place of {NAME}; may be given several times.",
        ),
        click.option(
            "--attributes",
            metavar="FILE",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="Define what the `:name: value` lines of FILE say.",
        ),
        click.option(
            "--setups",
            metavar="PATH",
            type=click.Path(exists=True, path_type=Path),
            help="A folder or JSON file of named setups.",
        ),
        click.option(
            "--includes",
            metavar="HOW",
            type=click.Choice(INCLUDES),
            help="`follow`: examples of included files count too; `ignore`: not even their "
            "prose does.",
        ),
        *which,
        click.option(
            "--form",
            type=click.Choice([*(form.value for form in Form), *other_forms]),
            help="The form of the dialect; by default each page tells its own.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def target_options(command: Command, *, several: bool = False) -> Command:
    """Adds the options that name a target and say who specgen is there.

    Args:
        command: The command.
        several: Whether --target may be given several times, and is a tuple.
    """
    for option in reversed(
        (
            click.option(
                "--target",
                metavar="NAME|URL",
                envvar="SPECGEN_TARGET",
                multiple=several,
                help="Where: `embedded` (default), the URL of a cluster, `recording:FILE`"
                + ("; may be given several times." if several else "."),
            ),
            click.option(
                "--disposable",
                is_flag=True,
                help="The cluster holds nothing of value: pages may change anything there.",
            ),
            click.option(
                "--read-only", is_flag=True, help="Run only the cases that read; skip the others."
            ),
            click.option(
                "--timeout",
                metavar="SECONDS",
                type=click.FloatRange(min=0, min_open=True),
                default=30.0,
                show_default=True,
                help="How long a request may take.",
            ),
            click.option(
                "--header",
                metavar="NAME:VALUE",
                multiple=True,
                help="Send a header with every request; may be given several times.",
            ),
            click.option("--user", metavar="NAME:PASSWORD", help="Basic credentials."),
            click.option("--api-key", metavar="KEY", help="An API key, `id:key` or encoded."),
            click.option("--bearer", metavar="TOKEN", help="A bearer token."),
            *_certificate_options(),
        )
    ):
        command = option(command)
    return command


def _certificate_options() -> tuple[Callable[[Command], Command], ...]:
    return (
        click.option(
            "--ca-file",
            metavar="FILE",
            default="",
            envvar="SPECGEN_CA_FILE",
            help="Trust the authorities in FILE.",
        ),
        click.option(
            "--client-cert",
            metavar="FILE",
            default="",
            envvar="SPECGEN_CLIENT_CERT",
            help="A client certificate.",
        ),
        click.option(
            "--client-key",
            metavar="FILE",
            default="",
            envvar="SPECGEN_CLIENT_KEY",
            help="Its private key.",
        ),
    )


def derive_option(command: Command) -> Command:
    """Adds the option that the prose has cases, too."""
    return click.option(
        "--derive/--no-derive",
        default=None,
        help="Make cases, too, of what the prose promises: 404 for what does not exist, 400 for "
        "a malformed body, and no code that is not documented.",
    )(command)


def is_deriving(config: Config, options: Mapping[str, Any]) -> bool:
    """Whether the prose has cases, too: what the command line says, else the configuration."""
    wanted = options["derive"]
    return config.derive if wanted is None else bool(wanted)


def read_pages(config: Config, options: Mapping[str, Any], *, follow: bool = False) -> Pages:
    """Takes the selected pages through all stages; one that cannot be read stops no other.

    Args:
        config: The configuration.
        options: What `page_options` read from the command line.
        follow: Whether prose is read with what the pages include where nobody says otherwise.
    """
    selection = selected_pages(config, options)
    return read_selected(config, options, selection, DiskFiles(selection.root), follow=follow)


def read_selected(
    config: Config,
    options: Mapping[str, Any],
    selection: Selection,
    files: Files,
    *,
    follow: bool = False,
) -> Pages:
    """`read_pages` of pages that were selected before, and are read from `files`."""
    from specgen.asciidoc.attributes import below_root  # these take longest to import
    from specgen.contract.topics import STANDARD, titles_with
    from specgen.dialect.contents import attribute_substitutions
    from specgen.plan.lenient_pages import lenient_in
    from specgen.plan.reading import stages_of
    from specgen.plan.setups import NO_SETUPS, read_setups

    titles = titles_with(dict(config.contract)) if config.contract else STANDARD
    form = Form(options["form"]) if options["form"] else None
    values = defined_values(config, options)
    named = options["setups"] or config.setups
    setups = read_setups(named) if named else NO_SETUPS
    includes = includes_of(config, options)
    derive = "derive" in options and is_deriving(config, options)
    follow = includes == "follow" or ((follow or derive) and includes != "ignore")
    stages, unreadable = [], []
    for choice in selection.pages:
        try:
            stages.append(
                stages_of(
                    files,
                    choice.name,
                    form=form,
                    defaults=attribute_substitutions(values.items()),
                    setups=setups,
                    attributes=below_root(values, selection.root),
                    follow=follow,
                    follow_snippets=includes == "follow",
                    lenient=lenient_in(config.lenient, selection.root / choice.name),
                    titles=titles,
                    derive=derive,
                )
            )
        except PageUnreadable as trouble:
            unreadable.append((choice.name, trouble.message))
    return Pages(selection, tuple(stages), tuple(unreadable))


def selected_pages(config: Config, options: Mapping[str, Any]) -> Selection:
    """The pages that the command line names, else the configuration, else `specs/` or `docs/`."""
    arguments = options["pages"] or config.pages or _default_pages()
    selection = select_pages(arguments, options["docs_root"], config.docs_root)
    if not options["changed_since"]:
        return selection
    return _changed(selection, options["changed_since"], defined_values(config, options))


def includes_of(config: Config, options: Mapping[str, Any]) -> str:
    """What the command line or the configuration says of includes; empty if they say nothing."""
    return str(options["includes"] or config.includes)


def _changed(selection: Selection, reference: str, values: Mapping[str, str]) -> Selection:
    # Slow to import, and rarely asked for.
    from specgen.asciidoc.attributes import below_root
    from specgen.asciidoc.dependencies import depends_on
    from specgen.changes import changed_files

    files = DiskFiles(selection.root)
    attributes = below_root(values, selection.root)
    changed = changed_files(selection.root, reference)
    kept = (
        choice
        for choice in selection.pages
        if any(
            (selection.root / name).resolve() in changed
            for name in depends_on(files, choice.name, attributes)
        )
    )
    return replace(selection, pages=tuple(kept))


def _default_pages() -> tuple[str, ...]:
    for folder in ("specs", "docs"):
        if Path(folder).is_dir():
            return (folder,)
    hint = "name pages or folders, or set `pages` in specgen.toml"
    raise UsageProblem("there are no pages: neither specs/ nor docs/ is here", hint)


def defined_values(config: Config, options: Mapping[str, Any]) -> dict[str, str]:
    """What is defined from outside, by name."""
    values = dict(config.define)
    for file in filter(None, (config.attributes, options["attributes"])):
        values |= _attributes_of(file)
    for text in options["define"]:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UsageProblem(f"--define: expected NAME=VALUE, found {text!r}")
        values[name] = value
    return values


def _attributes_of(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    found = (ATTRIBUTE_LINE.fullmatch(line) for line in lines)
    return {each["name"]: each["value"] for each in found if each}


def write_json(text: str, path: str) -> None:
    """Writes a document to a file, whole or not at all; `-` is standard output."""
    if path == "-":
        click.echo(text)
        return
    try:
        write_whole(Path(path), text + "\n")
    except OSError as trouble:
        raise UsageProblem(f"{path} cannot be written: {trouble.strerror}") from trouble


def configuration() -> Config:
    """The configuration of the folder the command was started in."""
    return read_config(Path.cwd())
