"""The guide is true: its commands run, its examples are replayed, its links lead somewhere."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest
from documented import (
    ELSEWHERE,
    GUIDE,
    ROOT,
    Command,
    commands_of,
    follow,
    prepare,
    run,
    steps_of,
    table_of,
)
from guide_reference import commands_page, json_page, pytest_options
from project import Project
from test_nodes import skip_without

from specgen.cli.config import Config, read_config
from specgen.cli.main import COMMANDS
from specgen.errors import ExitCode, worst
from specgen.target.nodes.kinds import JAVA_NODES

DOCS = ROOT / "docs"
README = ROOT / "README.md"
MADE = {"commands": commands_page, "json": json_page}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a cluster for `$CLUSTER`, as `specgen cluster up` starts one."""
    state = {"XDG_STATE_HOME": str(tmp_path_factory.mktemp("state"))}
    project = Project({})  # its folder stays as long as this name does
    up = project.start("cluster", "up", "embedded", "--json", "-", **state)
    assert up.stdout is not None
    yield str(json.loads(up.stdout.readline())["nodes"][0]["url"])
    up.terminate()
    up.communicate(timeout=30)


@pytest.mark.parametrize("path", [each for each in GUIDE if commands_of(each)], ids=name_of)
def test_every_command_does_what_the_guide_shows(
    path: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    lines = "\n".join(command.line for command in commands_of(path))
    for kind in JAVA_NODES:
        if kind.name in lines:
            skip_without(kind)
    environment = {"KEY": "VnVhQ2ZHY0JDZGJrUW0tZTVhT3g6dWkybHAyYXhUTm1zeWFrdzl0dk5udw=="}
    if "$CLUSTER" in lines:
        environment["CLUSTER"] = request.getfixturevalue("cluster")
    steps = steps_of(path)
    prepare(steps, tmp_path)
    wrong = "\n".join(follow(steps, tmp_path, environment))
    assert not wrong, wrong


def test_a_command_that_is_no_longer_true_is_found(tmp_path: Path) -> None:
    page = ".a.asciidoc\n[source,asciidoc]\n....\n= A\n....\n\n"
    session = "[source,shellsession]\n----\n$ specgen skips a.asciidoc\n{}\n----\n"
    script = "[source,sh]\n----\nspecgen skips b.adoc\nspecgen explain value # exit code 1\n----\n"
    true = steps_of(GUIDE[0], page + session.format("nothing is skipped"))
    assert list(follow(true, tmp_path)) == []
    wrong = steps_of(GUIDE[0], page + session.format("nothing is missing") + script)
    told = list(follow(wrong, tmp_path))
    assert [each.partition("\n")[0] for each in told] == [
        "$ specgen skips a.asciidoc",
        "$ specgen skips b.adoc",
        "$ specgen explain value # exit code 1",
    ]


def test_of_what_is_printed_only_what_is_left_out_is_free() -> None:
    shown = Command("x", "a 1.00 s\n…\nz\n")
    assert not shown.differs_from("a 23.45 s\nb\nc\nz\n")
    assert not shown.differs_from("a 23.45 s\nz\n")
    assert shown.differs_from("a 23.45 s\nb\n")
    assert shown.differs_from("b\na 1.00 s\nz\n")


def test_what_needs_a_network_is_done_in_ci() -> None:
    steps = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert [line for line, instead in ELSEWHERE.items() if instead not in steps] == []


def test_the_examples_of_the_guide_are_replayed_and_nothing_is_wrong_with_it(
    tmp_path: Path,
) -> None:
    environment = {"NO_COLOR": "1"}
    done = run(f"specgen run docs/ --json {tmp_path}/run.json", ROOT, environment)
    assert done.returncode == 0, done.stdout
    report = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert report["summary"]["passed_with_body"] >= 8
    assert {"tutorial.asciidoc", "how-to/markers.asciidoc"} <= {
        each["page"] for each in report["results"]
    }
    checked = run("specgen check docs/", ROOT, environment)
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.startswith("0 errors, 0 warnings, 0 notes in "), checked.stdout


@pytest.mark.parametrize("name", MADE)
def test_what_is_made_from_the_program_is_fresh(name: str, request: pytest.FixtureRequest) -> None:
    path, made = DOCS / f"reference/{name}.asciidoc", MADE[name]()
    if request.config.getoption("--update-golden"):
        path.write_text(made, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == made, "`make golden` writes it anew"


def test_every_field_of_a_schema_is_told() -> None:
    page = json_page()
    for path in (ROOT / "specgen/schemas").glob("*.json"):
        section = page.split(f"`+specgen/schemas/{path.name}+`")[1].partition("\n[[")[0]
        told = set(re.findall(r"[\w-]+(?=(?:\[\])*\+?`)|(?<=`)[\w-]+(?=`)", section))
        named = set(properties(json.loads(path.read_text(encoding="utf-8"))))
        assert named - told == set(), path.name


def properties(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", ())
        for below in schema.values():
            yield from properties(below)
    elif isinstance(schema, list):
        for below in schema:
            yield from properties(below)


def test_every_command_is_run() -> None:
    lines = [command.line for path in (*GUIDE, README) for command in commands_of(path)]
    used = set(re.findall(r"\bspecgen (\w+)", "\n".join(lines)))
    # `watch` runs until somebody ends it: `test_watch.py` does.
    assert used & set(COMMANDS) | {"watch"} == set(COMMANDS)
    assert [line for line in lines if line.startswith("pytest generated_tests/")]


def known_options() -> set[str]:
    known = {option.partition(" ")[0] for option, _ in pytest_options()}
    todo: list[click.Command] = [
        importlib.import_module(f"specgen.cli.{name}").command for name in COMMANDS
    ]
    while todo:
        command = todo.pop()
        todo += command.commands.values() if isinstance(command, click.Group) else ()
        context = click.Context(command, help_option_names=["--help"])
        for each in command.get_params(context):
            known |= {*each.opts, *each.secondary_opts}
    return known


def test_every_option_exists() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in (*GUIDE, README))
    named = set(re.findall(r"(?<![\w-])--[a-z][\w-]+", text))
    others = {"--lf", "--json", "--version"}  # of pytest and curl, and of specgen without a command
    assert len(named) > 40
    assert named - others - known_options() == set()


def test_the_exit_codes_are_those_of_the_program() -> None:
    text = (DOCS / "reference/exit-codes.asciidoc").read_text(encoding="utf-8")
    assert re.findall(r"^== (\d+)$", text, re.M) == [str(int(code)) for code in ExitCode]
    (order,) = re.findall(r"the first of these counts: (.+)\.", text)
    codes = [ExitCode(int(code)) for code in order.split(", ")]
    assert [worst(codes[index:]) for index in range(len(codes))] == codes


def test_the_configuration_keys_are_those_of_the_program() -> None:
    told = [key.strip("`") for key, _ in table_of("configuration", "Keys")]
    assert told == [each.name.replace("_", "-") for each in fields(Config)]


def test_the_examples_of_a_configuration_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (DOCS / "reference/configuration.asciidoc").read_text(encoding="utf-8")
    first, second = re.findall(r"^\[source,toml\]\n----\n(.*?)^----$", text, re.M | re.S)
    (tmp_path / "specgen.toml").write_text(first, encoding="utf-8")
    config = read_config(tmp_path)
    assert config.pages == (str(tmp_path / "docs/reference"),)
    assert config.define == (("version", "8.15.3"),)
    (tmp_path / "specgen.toml").write_text(second, encoding="utf-8")
    config = read_config(tmp_path)
    assert dict(config.credentials) == {"api-key": "${ES_API_KEY}"}
    assert [len(each) for each in (config.contract, config.lenient)] == [1, 1]


def test_completion_knows_the_commands(tmp_path: Path) -> None:
    lines = [command.line for path in GUIDE for command in commands_of(path)]
    (setting_up,) = (line for line in lines if "_COMPLETE" in line)
    asked = 'COMP_WORDS=(specgen ru); COMP_CWORD=1; _specgen_completion specgen; echo "$COMPREPLY"'
    done = run(f"{setting_up}; complete -p specgen >/dev/null && {asked}", tmp_path)
    assert done.stdout == "run\n"


def anchors(text: str) -> set[str]:
    """What a page can be linked at: its anchors, and its titles as Asciidoctor names them."""
    titles = re.findall(r"^=+ (.+)$", text, re.M)
    named = {re.sub(r"[^\w\s.-]", "", re.sub(r"`\+|\+`", "", title)).lower() for title in titles}
    return {re.sub(r"[\s.-]+", "-", name).strip("-") for name in named} | set(
        re.findall(r"^\[\[([^\]]+)\]\]$", text, re.M)
    )


def links(text: str) -> Iterator[str]:
    yield from re.findall(r"\b(?:xref|link):([^\s\[]+)\[", text)
    yield from (f"#{anchor}" for anchor in re.findall(r"<<([\w-]+),", text))


def broken_links(path: Path, text: str) -> Iterator[str]:
    for target in links(text):
        name, _, anchor = target.partition("#")
        other = path.parent / name if name else path
        known = anchors(other.read_text(encoding="utf-8")) if other.is_file() else None
        if not name:
            known = anchors(text)
        if known is None or (anchor and anchor not in known):
            yield target


@pytest.mark.parametrize("path", GUIDE, ids=name_of)
def test_every_link_leads_somewhere(path: Path) -> None:
    assert list(broken_links(path, path.read_text(encoding="utf-8"))) == []


def test_a_broken_link_is_found() -> None:
    text = "xref:tutorial.asciidoc#mend-it[a] xref:gone.asciidoc[b] xref:tutorial.asciidoc#gone[c]"
    text += "\n<<here,d>> <<nowhere,e>>\n\n== Here\n"
    found = list(broken_links(DOCS / "index.asciidoc", text))
    assert found == ["gone.asciidoc", "tutorial.asciidoc#gone", "#nowhere"]


def test_every_page_is_named_on_the_start_page() -> None:
    start = DOCS / "index.asciidoc"
    named = {(DOCS / target).resolve() for target in links(start.read_text(encoding="utf-8"))}
    assert {*GUIDE, *DOCS.glob("*.md")} - named == {start}
