"""`specgen drift --update`: what the cluster said stands in the page, and nothing else changed."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping

import pytest
from pages import answers, asks, page
from project import CLUSTER, Loopback, Project, Reply, Seen, Told
from reviewing import reviewed

STORES = asks('PUT kites/_doc/1?refresh\n{"name": "Delta"}', name="stores")
LOOKS = asks("GET kites/_doc/1", "// TEST[continued]")
STORED = """{
  "_index" : "kite",  <1>
  "_id" : "1",
  "_version" : 1,
  "colour" : [
    "red", "blue"
  ],
  "result" : "updated", <2>
  "_shards" : { "total" : 2, "successful" : 1, "failed" : 0 },
  "_seq_no" : 0,
  "_primary_term" : 1
}"""
FOUND = """{
  "_index": "kites",
  "_id": "1",
  "_version": 1,
  "_seq_no": 0,
  "_primary_term": 1,
  "found": true,
  "_source": {"name": "Rokkaku"}
}"""
SURE = "// SPECGEN[ignore:/forced_refresh]"


def answering(bodies: Mapping[str, bytes]) -> Callable[[Seen], Reply]:
    """A cluster that knows some paths, and gives these bytes there."""

    def answer(seen: Seen) -> Reply:
        path = seen.path.partition("?")[0]
        return Reply(body=bodies.get(path, json.dumps(CLUSTER).encode()))

    return answer


def updated(body: str, answer: str, marker: str = "", *options: str) -> tuple[str, Told]:
    """The response of a page after `--update` on a cluster that answers so, and what was told."""
    text = page(asks("GET kites"), answers(body, marker))
    project = Project({"docs/a.adoc": text})
    with Loopback(answering({"/kites": answer.encode()})) as server:
        target = ("--target", server.url, "--disposable")
        told = project.run("drift", "docs", *target, "--update", *options)
    changed = told.files["docs/a.adoc"].decode()
    before, _, _ = text.partition(body)
    assert changed.startswith(before), told.text
    return changed.removeprefix(before).partition("\n----")[0], told


def test_only_what_differs_is_written_and_the_second_run_finds_nothing() -> None:
    text = page(STORES, answers(STORED, SURE), LOOKS, answers(FOUND))
    project = Project({"docs/a.adoc": text, "docs/true.adoc": page(asks("PUT other"))})
    told = project.run("drift", "docs", "--update")
    assert told.code == 0, told.text
    changed = [line for line in told.diff.splitlines() if line[:1] in "+-"]
    assert changed == [
        "--- a/docs/a.adoc",
        "+++ b/docs/a.adoc",
        '-  "_index" : "kite",  <1>',
        '+  "_index" : "kites",  <1>',
        '-  "colour" : [',
        '-    "red", "blue"',
        "-  ],",
        '-  "result" : "updated", <2>',
        '+  "result" : "created", <2>',
        '-  "_source": {"name": "Rokkaku"}',
        '+  "_source": {"name": "Delta"}',
    ]
    assert "4 differences mended in 1 page" in told.err
    again = project.run("drift", "docs", "--update")
    assert (again.code, again.files) == (0, told.files)


def test_what_a_baseline_accepts_is_left() -> None:
    text = page(STORES, answers(STORED, SURE), LOOKS, answers(FOUND))
    project = Project({"docs/a.adoc": text})
    known = ("--baseline", "known.json")
    assert project.run("drift", "docs", *known, "--write-baseline").code == 0
    told = project.run("drift", "docs", *known, "--update")
    assert (told.code, told.diff) == (0, ""), told.text
    # One finding of the response is struck out of the file: that alone is mended.
    document = json.loads(project.files()["known.json"])
    kept = [each for each in document["accepted"] if each["pointer"] != "/result"]
    assert len(kept) == len(document["accepted"]) - 1
    project.write("known.json", json.dumps({**document, "accepted": kept}))
    told = project.run("drift", "docs", *known, "--update")
    assert [line for line in told.diff.splitlines() if line[:1] in "+-"] == [
        "--- a/docs/a.adoc",
        "+++ b/docs/a.adoc",
        '-  "result" : "updated", <2>',
        '+  "result" : "created", <2>',
    ]
    assert "left to you: 2 (2 accepted)" in told.err


def test_a_dry_run_shows_the_changes_and_writes_nothing() -> None:
    project = Project({"docs/sub/a.adoc": page(STORES, answers(STORED, SURE))})
    told = project.run("drift", "docs", "--update", "--dry-run")
    assert told.code == 1
    assert told.files == told.before
    assert "--- a/sub/a.adoc\n+++ b/sub/a.adoc\n@@ " in told.out
    assert '\n-  "_index" : "kite",  <1>\n+  "_index" : "kites",  <1>\n' in told.out
    assert "can be mended" in told.err


@pytest.mark.parametrize(
    ("body", "answer", "wanted"),
    [
        ('{"a": 1}', '{"a": 12345678901234567890123}', '{"a": 12345678901234567890123}'),
        ('{"a": 1}', '{"a": 1.0}', '{"a": 1.0}'),
        ('{"a": 1}', '{"a": 1e5}', '{"a": 1e5}'),
        ('{"a": 1}', '{"a": 1.4436576E12}', '{"a": 1.4436576E12}'),
        ('{"a": "x"}', r'{"a": "q\"b\\s\n\u0001é"}', r'{"a": "q\"b\\s\n\u0001é"}'),
        ('{"a": "x"}', '{"a": "<1> [^2]"}', r'{"a": "\u003c1> \u005b^2]"}'),
        ("{a: word}", '{"a": "other"}', "{a: other}"),
        ("{a: word}", '{"a": "yes"}', '{a: "yes"}'),
        ("{a: 'it'}", '{"a": "it\'s"}', "{a: 'it''s'}"),
        ('{"a": """x"""}', '{"a": "p\\n\\"q\\" r"}', '{"a": """p\n"q" r"""}'),
        ('{"a": """x"""}', '{"a": "ends \\n here"}', '{"a": "ends \\n here"}'),
        ('{"a": [1, 2]}', '{"a": [1, 7, 2]}', '{"a": [1, 7, 2]}'),
        ('{"a": [1, 2, 3]}', '{"a": [1, 3]}', '{"a": [1, 3]}'),
        ('{"a": [3, 1, 2]}', '{"a": [1, 2, 3]}', '{"a": [1, 2, 3]}'),
        ('{"a": []}', '{"a": [{"b": 1}]}', '{"a": [{"b": 1}]}'),
        ('{"a": {"b": 1}}', '{"a": {"c": 2}}', '{"a": {"c": 2}}'),
        ('{"a": {"b": 1}}', '{"a": {}}', '{"a": {}}'),
        ('{"a" : 1 , "b" : 2}', '{"b": 2}', '{"b" : 2}'),
        ('{"a": 1, "b": 2,}', '{"a": 1, "c": 2}', '{"a": 1, "c": 2,}'),
        ('{\n  "a": 1\n}', '{"b": 0, "a": 1, "c": [2]}', '{\n  "b": 0,\n  "a": 1,\n  "c": [2]\n}'),
        (
            '{\n  "a": 1,\n  "b": 2\n}',
            '{"a": 1}',
            '{\n  "a": 1\n}',
        ),
        (
            '{\n   "a": 1, <1>\n   "b": 2\n}',
            '{"a": {"x": [], "y": null}}',
            '{\n   "a": {\n      "x": [],\n      "y": null\n   } <1>\n}',
        ),
        (
            '{"l": [\n  {"k": 1, "v": 2},\n  {"k": 3, "v": 4}\n]}',
            '{"l": [{"v": 2, "k": 1}, {"v": 9, "k": 8}, {"v": 4, "k": 3}]}',
            '{"l": [\n  {"k": 1, "v": 2},\n  {"k": 8, "v": 9},\n  {"k": 3, "v": 4}\n]}',
        ),
        (
            '{"b": {"x": 1, "y": 1}, "z": 2}',
            '{"z": 2, "a": {"x": 2, "y": 1}}',
            '{"a": {"x": 2, "y": 1}, "z": 2}',
        ),
        ('{"old": {"x": 1}, "z": 2}', '{"z": 2, "new": {"x": 1}}', '{"new": {"x": 1}, "z": 2}'),
    ],
)
def test_what_is_new_is_written_as_its_neighbours_are(body: str, answer: str, wanted: str) -> None:
    written, told = updated(body, answer)
    assert written == wanted
    assert told.code == 0, told.text


REFUSED = {
    "callout": ('{\n "a": 1, <1>\n "b": 2\n}', '{"b": 2}', ""),
    "comment": ('{\n "a": 1,\n # why\n "b": 2\n}', '{"b": 2}', ""),
    "substitution": ('{"a": 1, "b": 2}', '{"a": 1, "b": 4}', "// TESTRESPONSE[s/2/3/]"),
    "stash": ('{"a": "$body.b", "b": 2}', '{"a": 1, "b": 2}', ""),
    "attribute": ('{"a": "v{version}"}', '{"a": "v7"}', ""),
    "shape": ('{"a": "x"}', '{"a": 1}', "// SPECGEN[shape:/a]"),
    "volatile": ('{"took": 3}', '{"took": 12}', ""),
    "no-body": ("plain words", '{"a": 1}', ""),
    "other-plan": ('{"a": 1}', '{"a": 12}', '// TESTRESPONSE[s/"a": 12/"a": 13/]'),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_nobody_should_write_by_machine_is_left_with_its_reason(reason: str) -> None:
    body, answer, marker = REFUSED[reason]
    written, told = updated(body, answer, marker)
    assert written == body
    assert told.code != 0
    assert f"left to you ({reason})" in told.err, told.err


def test_a_value_that_would_be_looked_up_is_left() -> None:
    written, told = updated('{"a": "x"}', '{"a": "$5.00"}')
    assert written == '{"a": "x"}'
    assert "left to you (stash): /a '$5.00' would be looked up" in told.err


def test_what_a_substitution_made_goes_with_its_key() -> None:
    marker = r"// TESTRESPONSE[s/: [0-9]+/: $body.$_path/]"
    body = '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}'
    written, told = updated(body, '{"a": 8, "c": 9}', marker)
    assert written == '{\n  "a": 1,\n  "c": 3\n}'
    assert told.code == 0, told.text
    # Its only effect may not go: the marker would be left without any.
    only = '// TESTRESPONSE[s/"b": 2/"b": $body.b/]'
    written, told = updated('{"a": 1, "b": 2}', '{"a": 1}', only)
    assert written == '{"a": 1, "b": 2}'
    assert "left to you (other-plan)" in told.err


def test_a_response_with_a_substitution_is_mended_beside_it() -> None:
    body = '{\n  "took": 5,\n  "id": "x1",\n  "a": 1\n}'
    marker = '// TESTRESPONSE[s/"took": 5/"took": $body.took/ s/x1/$body.id/]'
    written, told = updated(body, '{"took": 77, "id": "z9", "b": [], "a": 2}', marker)
    assert written == '{\n  "took": 5,\n  "id": "x1",\n  "b": [],\n  "a": 2\n}'
    assert told.code == 0, told.text


COUNTER = itertools.count(1000)


def counting(seen: Seen) -> Reply:
    """A cluster that gives another number each time, and a word that stays."""
    if seen.path.startswith("/kites"):
        body = {"word": "now", "inner": {"number": next(COUNTER)}}
        return Reply(body=json.dumps(body).encode())
    return Reply(body=json.dumps(CLUSTER).encode())


def of_nodes(seen: Seen) -> Reply:
    """A cluster whose node has another id each time, and counts how often it was asked."""
    if seen.path.startswith("/nodes"):
        number = next(COUNTER)
        id = f"kFYyIP7hSx-Yo2nFio{number}"
        node = {"build": "tar", "asked": number}
        return Reply(body=json.dumps({"id": id, "nodes": {id: node}}).encode())
    return Reply(body=json.dumps(CLUSTER).encode())


def test_a_node_has_another_id_in_every_replay() -> None:
    body = '{"id": "N", "nodes": {"N": {"build": "zip", "asked": 3}}}'
    marker = '// TESTRESPONSE[s/"N"/"$body.id"/]'
    project = Project({"docs/a.adoc": page(asks("GET nodes"), answers(body, marker))})
    with Loopback(of_nodes) as server:
        told = project.run("drift", "docs", "--target", server.url, "--disposable", "--update")
    written = told.files["docs/a.adoc"].decode()
    assert '{"id": "N", "nodes": {"N": {"build": "tar", "asked": 3}}}' in written, told.text
    assert "1 difference mended in 1 page; left to you: 1 (1 volatile)" in told.err
    assert "/asked two replays gave something else each" in told.err


def test_what_comes_differently_in_a_second_replay_is_never_written() -> None:
    body = '{"word": "then", "inner": {"number": 3}}'
    project = Project({"docs/a.adoc": page(asks("GET kites"), answers(body))})
    with Loopback(counting) as server:
        told = project.run("drift", "docs", "--target", server.url, "--disposable", "--update")
    assert told.code == 1
    assert '{"word": "now", "inner": {"number": 3}}' in told.files["docs/a.adoc"].decode()
    assert "left to you (volatile): /inner/number two replays gave something else each" in told.err
    assert "`specgen suggest` proposes a marker" in told.err


def test_a_key_is_renamed_although_its_value_comes_differently_each_time() -> None:
    body = '{"word": "now", "inner": {"number_x": 3}}'
    project = Project({"docs/a.adoc": page(asks("GET kites"), answers(body))})
    with Loopback(counting) as server:
        told = project.run("drift", "docs", "--target", server.url, "--disposable", "--update")
    assert '{"word": "now", "inner": {"number": 3}}' in told.files["docs/a.adoc"].decode()
    assert "mended: /inner/number_x has another name: /inner/number" in told.err
    assert told.err.count("left to you (volatile): /inner/number ") == 1


@pytest.mark.parametrize("times", [[0], [1], [0, 1]])
def test_a_name_that_does_not_come_each_time_is_not_taken(times: list[int]) -> None:
    asked = itertools.count()

    def answer(seen: Seen) -> Reply:
        if seen.path.startswith("/kites"):
            number = next(asked)
            name = "number" if number in times else "figure"
            return Reply(body=json.dumps({"word": "now", name: 2000 + number}).encode())
        return Reply(body=json.dumps(CLUSTER).encode())

    body = '{"word": "now", "number_x": 3}'
    project = Project({"docs/a.adoc": page(asks("GET kites"), answers(body))})
    with Loopback(answer) as server:
        told = project.run("drift", "docs", "--target", server.url, "--disposable", "--update")
    assert '"number"' not in told.files["docs/a.adoc"].decode(), told.text
    assert "left to you (volatile)" in told.err


def test_line_ends_marks_and_foreign_bytes_stay_as_they_are() -> None:
    text = page(asks("GET kites"), answers('{\n  "a": 1,\n  "b": [\n    1\n  ]\n}'))
    data = text.replace("\n", "\r\n").encode().replace(b"What books do.", b"What \xff\xe2\x82 do.")
    data = b"\xef\xbb\xbf" + data.replace(b"= Books\r\n", b"= Books\n")
    answer = '{"a": "é", "n": 0, "b": [2, 1]}'.encode()
    project = Project({"docs/a.adoc": data})
    with Loopback(answering({"/kites": answer})) as server:
        target = ("--target", server.url, "--disposable")
        assert project.run("drift", "docs", *target, "--update").code == 0
    wanted = data.replace(b'"a": 1,\r\n', b'"a": "\xc3\xa9",\r\n  "n": 0,\r\n')
    assert project.files()["docs/a.adoc"] == wanted.replace(b"  1\r\n", b"  2,\r\n    1\r\n")


def test_a_line_with_foreign_bytes_is_left() -> None:
    text = page(asks("GET kites"), answers('{"b": "xyz", "a": 1}')).encode()
    data = text.replace(b"xyz", b"x\xffz")
    project = Project({"docs/a.adoc": data})
    with Loopback(answering({"/kites": '{"b": "x\ufffdz", "a": 2}'.encode()})) as server:
        target = ("--target", server.url, "--disposable")
        told = project.run("drift", "docs", *target, "--update")
    assert told.files == told.before
    assert "bytes that are no UTF-8" in told.err


def test_an_answer_of_specgen_itself_is_never_written() -> None:
    makes = asks('PUT _connector/quay\n{"index_name": "kites", "name": "Quay"}')
    lie = answers('{"result": "gone"}')
    project = Project({"docs/a.adoc": page(makes, lie)})
    told = project.run("drift", "docs", "--update")
    assert told.files == told.before
    assert "left to you (emulated): /result specgen itself gave this answer" in told.err


def test_an_error_is_proposed_in_words() -> None:
    project = Project({"docs/a.adoc": page(asks("GET nowhere"))})
    told = project.run("drift", "docs", "--update")
    assert (told.code, told.files) == (1, told.before)
    assert "if this error is right, say `// TEST[catch:missing]` below its snippet" in told.err


SHARED_PART = answers('{"a": 1}')


def test_an_included_file_is_mended_only_where_one_page_has_it() -> None:
    asking = page(asks("GET kites"), "include::part.txt[]\n")
    files = {"docs/a.adoc": asking, "docs/part.txt": SHARED_PART}
    with Loopback(answering({"/kites": b'{"a": 2}'})) as server:
        options = ("--includes", "follow", "--target", server.url, "--disposable", "--update")
        alone = Project(files)
        told = alone.run("drift", "docs", *options)
        assert told.code == 0, told.text
        assert told.files["docs/part.txt"].decode() == SHARED_PART.replace("1", "2")
        assert told.files["docs/a.adoc"] == told.before["docs/a.adoc"]
        shared = Project({**files, "docs/b.adoc": "= B\n\ninclude::part.txt[]\n"})
        told = shared.run("drift", "docs/a.adoc", "--docs-root", "docs", *options)
    assert told.files == told.before
    assert "left to you (shared): /a part.txt is not this page's alone: b.adoc has it" in told.err


def test_a_page_that_changed_meanwhile_is_left() -> None:
    project = Project({"docs/a.adoc": page(asks("GET kites"), answers('{"a": 1}'))})
    asked = itertools.count()

    def answer(seen: Seen) -> Reply:
        if seen.path.startswith("/kites"):
            if next(asked) == 2:
                path = project.path / "docs/a.adoc"
                path.write_bytes(path.read_bytes() + b"\nMore.\n")
            return Reply(body=b'{"a": 2}')
        return Reply(body=json.dumps(CLUSTER).encode())

    with Loopback(answer) as server:
        told = project.run("drift", "docs", "--target", server.url, "--disposable", "--update")
    assert told.code == 1
    assert told.files["docs/a.adoc"] == told.before["docs/a.adoc"] + b"\nMore.\n"
    assert "left to you (changed): /a the page was changed while it was replayed" in told.err


def test_a_credential_that_a_cluster_says_back_is_never_written() -> None:
    project = Project({"docs/a.adoc": page(asks("GET kites"), answers('{"a": "x", "b": 1}'))})
    with Loopback(answering({"/kites": b'{"a": "key c2VjcmV0a2V5", "b": 2}'})) as server:
        options = ("--target", server.url, "--disposable", "--api-key", "c2VjcmV0a2V5")
        told = project.run("drift", "docs", *options, "--update")
    assert '{"a": "x", "b": 2}' in told.files["docs/a.adoc"].decode()
    assert "left to you (secret)" in told.err
    assert "c2VjcmV0a2V5" not in told.text


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--dry-run",), "--dry-run is of use with --update only"),
        (("--review",), "--review is of use with --update only"),
        (("--update", "--review"), "there is no terminal to ask on"),
        (("--update", "--review", "--dry-run"), "contradict each other"),
        (("--update", "--results", "r.json"), "--results replays nothing"),
        (("--update", "--target", "recording:r.json"), "a recording gives one twice"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_starts(
    options: tuple[str, ...], why: str
) -> None:
    project = Project({"docs/a.adoc": page(STORES), "r.json": "{}"})
    told = project.run("drift", "docs", *options)
    assert (told.code, told.files) == (2, told.before)
    assert why in told.err


@pytest.mark.parametrize(("keys", "kept"), [("yn", "DR"), ("ny", "RD"), ("yq", "DR"), ("q", "RR")])
def test_a_person_is_asked_for_each_response(keys: str, kept: str) -> None:
    parts = []
    for name in "ab":
        put = asks(f'PUT {name}/_doc/1?refresh\n{{"name": "Delta"}}', name=name)
        get = asks(f"GET {name}/_doc/1", "// TEST[continued]")
        parts += [put, get, answers(FOUND.replace("kites", name))]
    project = Project({"docs/a.adoc": page(*parts)})
    told = reviewed(project.path, keys)
    names = {"D": "Delta", "R": "Rokkaku"}
    text = project.files()["docs/a.adoc"].decode()
    said = [line for line in text.splitlines() if "_source" in line]
    assert said == [f'  "_source": {{"name": "{names[each]}"}}' for each in kept], told
    assert told.count('\n-  "_source": {"name": "Rokkaku"}\n+') == len(keys)
