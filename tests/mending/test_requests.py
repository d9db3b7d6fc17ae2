"""A request that is refused, and the one that was meant: asked for, tried, then written."""

from __future__ import annotations

import json
from collections.abc import Callable

from pages import answers, asks, page
from project import CLUSTER, Loopback, Project, Reply, Seen
from reviewing import reviewed
from test_nodes import skip_without
from test_proposals import asked, dry, included, proposed_in

from specgen.target.nodes.kinds import JAVA_NODES

NO_HANDLER = "no handler found for uri [{path}] and method [{method}]"
REMOVED = "request [{path}] contains unrecognized parameter: [old]"


def refused(reason: str, seen: Seen, status: int = 400) -> Reply:
    reason = reason.format(path=seen.path, method=seen.method)
    return Reply(status, json.dumps({"error": {"type": "parse", "reason": reason}}).encode())


def knowing(right: dict[str, object], reason: str = NO_HANDLER) -> Callable[[Seen], Reply]:
    """A cluster that knows these targets, the root, and nothing else that is asked of kites."""

    def answer(seen: Seen) -> Reply:
        if seen.path in right:
            return Reply(body=json.dumps(right[seen.path]).encode())
        if "kite" in seen.path or "/_ca" in seen.path:
            return refused(REMOVED if "old" in seen.path else reason, seen)
        return Reply(body=json.dumps(CLUSTER).encode())

    return answer


def test_a_person_is_asked_whether_a_request_is_to_say_something_else() -> None:
    text = page(
        asks("GET kites/_search", name="right"),
        asks("GET kites/_serach", name="wrong"),
        answers('{"hits": 1}'),
    )
    answer = knowing({"/kites/_search": {"hits": 2}})
    told = dry(text, answer)
    assert proposed_in(told) == ["-GET kites/_serach", "+GET kites/_search"]
    assert "written by --review alone: `kites/_serach` -> `kites/_search`\n" in told.out
    assert (
        "# the cluster answered 400: parse: no handler found for uri [/kites/_serach]" in told.out
    )
    # Both the request and what it is answered then, in one review.
    files, shown = asked(text, answer, "yyy")
    wanted = text.replace("_serach", "_search").replace('"hits": 1', '"hits": 2')
    assert files["docs/a.adoc"].decode() == wanted, shown
    assert "mended: `kites/_serach` -> `kites/_search`\n" in shown
    assert "2 differences mended in 1 page\n" in shown
    assert "2 passed" in shown
    files, shown = asked(text, answer, "ny")
    assert files["docs/a.adoc"].decode() == text
    assert shown.count("(y, n, q)") == 1
    files, shown = asked(text, answer, "yq")
    assert files["docs/a.adoc"].decode() == text.replace("_serach", "_search")
    assert shown.count("(y, n, q)") == 2


def test_without_a_review_a_request_stays_as_it_is() -> None:
    text = page(asks("GET kites/_search", name="right"), asks("GET kites/_serach", name="wrong"))
    project = Project({"docs/a.adoc": text})
    with Loopback(knowing({"/kites/_search": {}})) as server:
        told = project.run("drift", "docs", "--target", server.url, "--disposable", "--update")
    assert told.files == told.before
    assert "0 differences mended" in told.err


def test_what_was_not_taken_is_not_asked_for_again() -> None:
    text = page(
        asks("GET kites/_search", name="right"),
        asks("GET kites/_serach", name="first"),
        asks("GET kites/_saerch", name="second"),
        answers('{"hits": 1}'),
    )
    files, told = asked(text, knowing({"/kites/_search": {"hits": 2}}), "nyy")
    wanted = text.replace("_saerch", "_search").replace('"hits": 1', '"hits": 2')
    assert files["docs/a.adoc"].decode() == wanted, told
    assert told.count("(y, n, q)") == 3


def test_a_request_may_need_several_corrections() -> None:
    text = page(asks("GET kites/_search", name="right"), asks("GET kites/_serach?old=1&v"))
    told = dry(text, knowing({"/kites/_search": {}, "/kites/_search?v": {}}))
    assert proposed_in(told) == ["-GET kites/_serach?old=1&v", "+GET kites/_search?v"]


def test_few_corrections_come_before_many_and_an_error_last() -> None:
    """Without the parameter the path is refused still: the path alone was wrong."""
    text = page(asks("GET kites/_search?old", name="right"), asks("GET kites/_serach?old"))
    told = dry(text, knowing({"/kites/_search?old": {}}))
    assert proposed_in(told) == ["-GET kites/_serach?old", "+GET kites/_search?old"]
    text = page(asks("GET kites?old"))
    told = dry(text, knowing({}))
    assert proposed_in(told) == ["+// TEST[catch:bad_request]"]


def test_an_api_that_the_cluster_lacks_may_be_a_misspelt_one() -> None:
    """It is no drift but `unsupported`, and no error that a page should document."""
    method = "Incorrect HTTP method for uri [{path}] and method [{method}], allowed: [POST]"

    def answer(seen: Seen) -> Reply:
        if seen.path.startswith("/_catx"):
            return Reply(405, json.dumps({"error": method.format(path=1, method=2)}).encode())
        return Reply(body=json.dumps(CLUSTER).encode())

    text = page(asks("GET _cat/nodes", name="right"), asks("GET _catx/nodes"))
    assert proposed_in(dry(text, answer)) == ["-GET _catx/nodes", "+GET _cat/nodes"]
    text = page(asks("GET _catx/nodes"))
    assert proposed_in(dry(text, answer)) == []


def test_the_setup_of_a_page_is_asked_for_once_whatever_follows() -> None:
    text = page(
        asks("PUT kites?old", "// TESTSETUP"),
        asks("GET kites/_search", name="first"),
        asks("GET kites/_serach", name="second"),
        asks("GET kites/_count", name="third"),
    )
    answer = knowing({"/kites": {}, "/kites/_search": {}, "/kites/_count": {}})
    told = dry(text, answer)
    wanted = ["-PUT kites?old", "+PUT kites", "-GET kites/_serach", "+GET kites/_search"]
    assert proposed_in(told) == wanted, told.text
    files, shown = asked(text, answer, "yy")
    mended = text.replace("?old", "").replace("_serach", "_search")
    assert files["docs/a.adoc"].decode() == mended, shown
    assert shown.count("(y, n, q)") == 2
    assert "3 passed" in shown
    # What rests on the setup is not asked for without it.
    files, shown = asked(text, answer, "n")
    assert files["docs/a.adoc"].decode() == text
    assert shown.count("(y, n, q)") == 1


def test_a_correction_that_would_change_more_than_the_request_is_not_made() -> None:
    """A substitution would be left without anything to do."""
    text = page(asks("PUT kites?old=NAME", "// TEST[s/NAME/kite/]"))
    told = dry(text, knowing({"/kites": {}}))
    assert proposed_in(told) == [
        "-// TEST[s/NAME/kite/]",
        "+// TEST[s/NAME/kite/ catch:bad_request]",
    ]


def test_a_request_of_an_included_file_that_others_have_is_left() -> None:
    shared, alone = included(asks("GET kites?old"), knowing({"/kites": {}}))
    assert proposed_in(shared) == []
    assert proposed_in(alone) == ["-GET kites?old", "+GET kites"]


def test_a_corrected_request_is_sent_only_where_its_page_could_send_it() -> None:
    """On a cluster that is only to be read, the case is skipped, whatever it was meant to say."""
    text = page(asks("GET _alias", name="right"), asks("DELETE _alais"))
    sent: list[tuple[str, str]] = []

    def answer(seen: Seen) -> Reply:
        sent.append((seen.method, seen.path))
        return knowing({})(seen)

    project = Project({"docs/a.adoc": text})
    with Loopback(answer) as server:
        target = ("--target", server.url, "--read-only")
        project.run("drift", "docs", *target, "--update", "--dry-run")
    assert sent
    assert all(method == "GET" for method, _ in sent)


def test_a_page_gives_no_orders_to_the_terminal_on_which_it_is_reviewed() -> None:
    """A line that is hidden is a line to which somebody says yes."""
    order = "\x1b]0;owned\x07\x1b[2K"
    text = page(
        asks("GET kites/_search", name="right"),
        asks(f"GET kites/_serach?q={order}", name="wrong"),
        asks("GET gulls", name="body"),
        answers(f'{{"{order}": 1}}'),
    )

    def answer(seen: Seen) -> Reply:
        if seen.path.startswith("/kites/_search"):
            return Reply(body=b"{}")
        return knowing({"/gulls": {}}, f"no handler found for uri [{order}]")(seen)

    files, told = asked(text, answer, "yyy")
    assert "_serach" not in files["docs/a.adoc"].decode()
    assert "owned" in told
    assert "\x1b]" not in told
    assert "\x07" not in told


ELASTICSEARCH = next(kind for kind in JAVA_NODES if kind.name == "elasticsearch-7.10")
TYPED = '{"bird": {"properties": {"tail": {"type": "long"}}}}'
MAPPING = """PUT kites
{
  "mappings": {
    "bird": {
      "properties": {
        "wind": { "type": "float" }
      }
    }
  }
}"""


BIRDS = """PUT _template/birds
{
  "index_patterns": ["bird*"],
  "mappings": {
    "_doc": {
      "properties": { "wing": { "type": "float" } } <1>
    }
  }
}"""


def test_mapping_types_go_out_of_a_page_and_it_passes() -> None:
    """On Elasticsearch 7.10, which refuses them in mappings and their paths."""
    skip_without(ELASTICSEARCH)
    text = page(
        asks(MAPPING, "// TESTSETUP"),
        asks("GET kites/_mapping/bird", name="path"),
        asks("PUT kites/_mapping/bird\n" + TYPED, name="both"),
        asks(BIRDS, name="template"),
        "<1> How long.\n",
    )
    project = Project({"docs/a.adoc": text.replace("\n", "\r\n").encode()})
    told = reviewed(project.path, "yyyy", "docs", "--target", ELASTICSEARCH.name)
    lines, birds = MAPPING.splitlines(), BIRDS.splitlines()
    wanted = text.replace(MAPPING, "\n".join([*lines[:3], *map(_less, lines[4:7]), *lines[8:]]))
    wanted = wanted.replace(BIRDS, "\n".join([*birds[:4], *map(_less, birds[5:6]), *birds[7:]]))
    wanted = wanted.replace("/_mapping/bird", "/_mapping")
    wanted = wanted.replace(TYPED, TYPED.replace('{"bird": ', "").removesuffix("}"))
    assert project.files()["docs/a.adoc"].decode() == wanted.replace("\n", "\r\n"), told
    assert "4 differences mended in 1 page" in told
    assert "3 passed" in told


def _less(line: str) -> str:
    return line.removeprefix("  ")
