"""An error that came, and that no page documents: asked for, tried, and never written by itself."""

from __future__ import annotations

import itertools
import json
import subprocess
from collections.abc import Callable

import pytest
from pages import answers, asks, page
from project import CLUSTER, Loopback, Project, Reply, Seen, Told
from reviewing import reviewed

GONE = {"error": {"type": "index_not_found_exception", "reason": "no such thing"}, "status": 404}


def ending(status: int, body: object = None) -> Callable[[Seen], Reply]:
    """A cluster that ends requests for kites so, and all others well."""

    def answer(seen: Seen) -> Reply:
        if seen.path.startswith("/kites"):
            default = {"found": True} if status < 300 else {**GONE, "status": status}
            return Reply(status, json.dumps(default if body is None else body).encode())
        return Reply(body=json.dumps(CLUSTER).encode())

    return answer


def dry(text: str, answer: Callable[[Seen], Reply], *options: str) -> Told:
    project = Project({"docs/a.adoc": text})
    with Loopback(answer) as server:
        target = ("--target", server.url, "--disposable")
        told = project.run("drift", "docs", *target, "--update", "--dry-run", *options)
    assert told.files == told.before
    return told


def asked(
    text: str, answer: Callable[[Seen], Reply], keys: str = "yyyy"
) -> tuple[dict[str, bytes], str]:
    """The files after `--review`, and what stood on the terminal."""
    project = Project({"docs/a.adoc": text})
    with Loopback(answer) as server:
        told = reviewed(project.path, keys, "docs", "--target", server.url, "--disposable")
    return project.files(), told


def proposed_in(told: Told) -> list[str]:
    """The changed lines of what is proposed."""
    lines = (line.removeprefix("# ") for line in told.out.splitlines() if line.startswith("# "))
    return [line for line in lines if line[:1] in "+-" and line[:3] not in {"+++", "---"}]


@pytest.mark.parametrize(
    ("marker", "status", "wanted"),
    [
        ("", 404, ["+// TEST[catch:missing]"]),
        ("", 400, ["+// TEST[catch:bad_request]"]),
        ("", 409, ["+// TEST[catch:conflict]"]),
        (
            "// TEST[s/x/y/]",
            404,
            ["-// TEST[s/x/y/]", "+// TEST[s/x/y/ catch:missing]"],
        ),
        ("// TEST[catch:missing]", 200, ["-// TEST[catch:missing]"]),
        ("// TEST[catch:/no such/]", 200, ["-// TEST[catch:/no such/]"]),
        (
            "// TEST[catch:missing]",
            400,
            ["-// TEST[catch:missing]", "+// TEST[catch:bad_request]"],
        ),
        ("// TEST[catch:request]", 409, ["-// TEST[catch:request]", "+// TEST[catch:conflict]"]),
        # It comes of who asks, of when, or of a cluster that broke down.
        ("", 401, []),
        ("", 403, []),
        ("", 408, []),
        ("", 500, []),
        ("", 502, []),
        ("// TEST[catch:missing]", 500, []),
        # Another text of an error: a person has to say what of it counts.
        ("// TEST[catch:/another text/]", 404, []),
    ],
)
def test_a_status_is_proposed_where_a_careful_writer_would(
    marker: str, status: int, wanted: list[str]
) -> None:
    told = dry(page(asks("GET kites?q=x", marker)), ending(status))
    assert proposed_in(told) == wanted, told.text
    assert told.code == 1
    assert "left to you (status)" in told.err
    assert ("1 change proposed" in told.err) == bool(wanted)
    if status >= 500:
        assert "no page should document that a cluster breaks down" in told.err


def test_what_is_proposed_is_no_part_of_the_diff_that_is_written() -> None:
    text = page(
        asks("GET gulls", name="gulls"),
        answers('{"name": "one"}'),
        asks("GET kites", name="kites"),
    )

    def answer(seen: Seen) -> Reply:
        if seen.path.startswith("/gulls"):
            return Reply(body=b'{"name": "two"}')
        return ending(404)(seen)

    told = dry(text, answer)
    assert proposed_in(told) == ["+// TEST[catch:missing]"]
    head = "# proposed for a.adoc::kites, written by --review alone: `catch:missing` put in\n"
    assert head in told.out
    project = Project({"a.adoc": text, "all.diff": told.out})
    subprocess.run(["git", "init", "-q"], cwd=project.path, check=True)
    subprocess.run(["git", "apply", "all.diff"], cwd=project.path, check=True)
    assert project.files()["a.adoc"].decode() == text.replace("one", "two")


def test_without_a_review_nothing_of_it_is_written() -> None:
    project = Project({"docs/a.adoc": page(asks("GET kites"))})
    with Loopback(ending(404)) as server:
        told = project.run("drift", "docs", "--target", server.url, "--disposable", "--update")
    assert told.files == told.before
    assert "if this error is right, say `// TEST[catch:missing]` below its snippet" in told.err


@pytest.mark.parametrize(("keys", "first"), [("nyy", ""), ("yyy", "// TEST[catch:missing]\n")])
def test_a_person_is_asked_for_each_status_and_each_response_by_itself(
    keys: str, first: str
) -> None:
    text = page(
        asks("GET kites", name="first"),
        asks("GET gulls", name="second"),
        answers('{\n  "name": "one"\n}'),
        asks("GET kites", "// TEST[catch:conflict]", name="third"),
    )

    def answer(seen: Seen) -> Reply:
        if seen.path.startswith("/gulls"):
            return Reply(body=b'{"name": "two", "lines": 2}')
        return ending(404)(seen)

    files, told = asked(text, answer, keys)
    wanted = text.replace("GET kites\n----\n", f"GET kites\n----\n{first}", 1)
    wanted = wanted.replace("catch:conflict", "catch:missing")
    wanted = wanted.replace('"one"', '"two",\n  "lines": 2')
    assert files["docs/a.adoc"].decode() == wanted, told
    assert "the cluster answered 404: index_not_found_exception: no such thing\n" in told
    assert "mended: `catch:conflict` -> `catch:missing`\n" in told
    assert ("left to you (status)" in told) == (not first)
    assert f"{keys.count('y') + 1} differences mended in 1 page" in told
    files, told = asked(text, answer, "q")
    assert files["docs/a.adoc"].decode() == text


def test_the_answer_that_a_snippet_shows_is_not_touched_by_its_error() -> None:
    text = page(asks("GET kites"), answers('{\n  "found": true\n}'))
    files, told = asked(text, ending(404), "yn")
    marked = text.replace("GET kites\n----\n", "GET kites\n----\n// TEST[catch:missing]\n")
    assert files["docs/a.adoc"].decode() == marked, told
    assert told.count("(y, n, q)") == 2
    files, told = asked(text, ending(404), "yy")
    body = json.dumps({**GONE}, indent=2)
    assert files["docs/a.adoc"].decode() == marked.replace('{\n  "found": true\n}', body), told
    assert "1 passed" in told
    assert "4 differences mended in 1 page" in told


def test_a_case_with_several_errors_is_gone_through_to_its_end() -> None:
    text = page(
        asks("GET kites"),
        asks("GET kites/_doc/1", "// TEST[continued]"),
        asks("GET gulls", "// TEST[continued]"),
    )
    files, told = asked(text, ending(404), "yy")
    marked = text.replace("GET kites\n----\n", "GET kites\n----\n// TEST[catch:missing]\n")
    marked = marked.replace(
        "1\n----\n// TEST[continued]", "1\n----\n// TEST[continued catch:missing]"
    )
    assert files["docs/a.adoc"].decode() == marked, told
    assert "1 passed" in told
    # The second rests on the first: who leaves one is not asked for the other.
    files, told = asked(text, ending(404), "n")
    assert files["docs/a.adoc"].decode() == text
    assert told.count("(y, n, q)") == 1


def flickering(statuses: list[int]) -> Callable[[Seen], Reply]:
    asked = itertools.count()

    def answer(seen: Seen) -> Reply:
        if seen.path.startswith("/kites"):
            return ending(statuses[min(next(asked), len(statuses) - 1)])(seen)
        return Reply(body=json.dumps(CLUSTER).encode())

    return answer


@pytest.mark.parametrize(
    "statuses",
    [
        [404, 409],  # another error in the second replay
        [404, 404, 409],  # and in that which tries the marker
        [404, 404, 200],
    ],
)
def test_an_error_that_does_not_come_each_time_is_not_proposed(statuses: list[int]) -> None:
    told = dry(page(asks("GET kites")), flickering(statuses))
    assert proposed_in(told) == []
    assert "left to you (status)" in told.err
    if len(statuses) > 2:
        assert "--review does not ask, since the case came no further with it" in told.err


def test_only_the_last_request_of_a_snippet_can_fail_rightly() -> None:
    told = dry(page(asks("GET kites\n\nGET gulls")), ending(404))
    assert proposed_in(told) == []
    told = dry(page(asks("GET gulls\n\nGET kites")), ending(404))
    assert proposed_in(told) == ["+// TEST[catch:missing]"]
    told = dry(page(asks("GET kites\n# the end")), ending(404))
    assert proposed_in(told) == []


def test_of_requests_that_a_substitution_made_of_one_line_the_right_one_is_meant() -> None:
    before = r"// TEST[s/^/PUT gulls\n/]"
    told = dry(page(asks("GET kites", before)), ending(404))
    assert proposed_in(told) == [f"-{before}", f"+{before[:-1]} catch:missing]"]
    made = r"// TEST[s/^/GET kites\n/]"
    told = dry(page(asks("PUT gulls", made)), ending(404))
    assert proposed_in(told) == []


def test_an_error_of_specgen_itself_is_not_proposed() -> None:
    project = Project({"docs/a.adoc": page(asks("GET _connector/nowhere"))})
    told = project.run("drift", "docs", "--update", "--dry-run")
    assert proposed_in(told) == []
    assert "left to you (emulated)" in told.err


def included(part: str, answer: Callable[[Seen], Reply]) -> tuple[Told, Told]:
    """What is told of a page with a part that another page has, too, and that none has."""
    files = {
        "docs/a.adoc": "= A\n\ninclude::part.txt[]\n",
        "docs/b.adoc": "= B\n\ninclude::part.txt[]\n",
        "docs/part.txt": part,
    }
    with Loopback(answer) as server:
        where = ("--includes", "follow", "--docs-root", "docs", "--target", server.url)
        options = (*where, "--disposable", "--update", "--dry-run")
        shared = Project(files).run("drift", "docs/a.adoc", *options)
        del files["docs/b.adoc"]
        alone = Project(files).run("drift", "docs/a.adoc", *options)
    return shared, alone


def test_a_marker_in_a_file_of_several_pages_is_left() -> None:
    shared, alone = included(asks("GET kites"), ending(404))
    assert proposed_in(shared) == []
    assert "--review does not ask, since part.txt is not this page's alone" in shared.err
    assert proposed_in(alone) == ["+// TEST[catch:missing]"]
    assert "# +++ b/part.txt" in alone.out


def test_what_is_mended_in_another_file_stands_there_while_a_marker_is_tried() -> None:
    part = answers('{"name": "one"}')
    text = page(asks("GET gulls"), "include::part.txt[]\n", asks("GET kites", "// TEST[continued]"))
    project = Project({"docs/a.adoc": text, "docs/part.txt": part})

    def answer(seen: Seen) -> Reply:
        if seen.path.startswith("/gulls"):
            return Reply(body=b'{"name": "two"}')
        return ending(404)(seen)

    with Loopback(answer) as server:
        options = ("--includes", "follow", "--target", server.url, "--disposable")
        told = project.run("drift", "docs", *options, "--update", "--dry-run")
    wanted = ["-// TEST[continued]", "+// TEST[continued catch:missing]"]
    assert proposed_in(told) == wanted, told.text
    assert '+{"name": "two"}' in told.out


def test_a_line_with_foreign_bytes_beside_the_marker_is_left() -> None:
    text = page(asks("GET kites", "// TEST[s/o\ufffd/x/]")).encode()
    told = dry_bytes(text.replace("\ufffd".encode(), b"\xff"), ending(404))
    assert proposed_in(told) == []
    assert "since its line has bytes that are no UTF-8" in told.err


def dry_bytes(data: bytes, answer: Callable[[Seen], Reply]) -> Told:
    project = Project({"docs/a.adoc": data})
    with Loopback(answer) as server:
        target = ("--target", server.url, "--disposable")
        return project.run("drift", "docs", *target, "--update", "--dry-run")
