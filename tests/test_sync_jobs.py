"""The examples about sync jobs that are skipped since nobody knows an id ahead of time.

Copies of the corpus pages get hidden snippets and our markers, as a writer of docs would put
them in; what the reader sees of them stays as it is.
"""

from __future__ import annotations

import re

import pytest
from project import SHARED, Project

FOLDER = SHARED / "corpus/modern/docs/reference/connector/apis"
SKIP = re.compile(r"^// TEST\[skip:.*\]$", re.MULTILINE)
SKIPPED = {
    "claim-connector-sync-job-api.asciidoc": 1,
    "create-connector-sync-job-api.asciidoc": 1,
    "get-connector-sync-job-api.asciidoc": 1,
    "list-connector-sync-jobs-api.asciidoc": 5,
    "set-connector-sync-job-error-api.asciidoc": 1,
    "set-connector-sync-job-stats-api.asciidoc": 1,
}

# What is hidden at the head of a page: a connector, and a job of it whose id is kept.
CONNECTOR = """\
////
[source,console]
----
PUT _connector/{connector}
{{
  "index_name": "search-harbour",
  "name": "Harbour",
  "service_type": "sharepoint_online"
}}
{job}----
// TESTSETUP
{marker}////

"""
JOB = """
POST _connector/_sync_job
{{
  "id": "{connector}",
  "job_type": "full"
}}
"""
# What is hidden below an example, so that it shows what became of the job.
LOOK = """
////
[source,console]
----
GET _connector/_sync_job/${{id}}
----
// TEST[continued]

[source,console-result]
----
{shown}
----
// SPECGEN[at-least]
////
"""
LISTED = '{"count": 1, "results": [{"id": $id, "status": "pending"}]}'
AFTER = {
    "claim-connector-sync-job-api.asciidoc": '{"id": $id, "status": "in_progress", '
    '"worker_hostname": "some-machine"}',
    "create-connector-sync-job-api.asciidoc": '{"id": $id, "status": "pending", '
    '"job_type": "full", "trigger_method": "on_demand"}',
    "set-connector-sync-job-error-api.asciidoc": '{"id": $id, "status": "error", '
    '"error": "some-error"}',
    "set-connector-sync-job-stats-api.asciidoc": '{"id": $id, "deleted_document_count": 10, '
    '"indexed_document_count": 20, "indexed_document_volume": 1000, '
    '"total_document_count": 2000, "last_seen": "2023-01-02T10:00:00.000Z"}',
}


# A job can only fail after it was claimed.
CLAIM = """\
////
[source,console]
----
PUT _connector/_sync_job/${id}/_claim
{"worker_hostname": "some-machine"}
----
////

[source,console]
"""


def marked(name: str, text: str, shown: str) -> str:
    """A copy of a page in which nothing is skipped, and that shows the job afterwards."""
    if name.startswith("create"):
        setup = CONNECTOR.format(connector="connector-id", job="", marker="")
        marker = "// SPECGEN[set:id=/id]"
    else:
        job = JOB.format(connector="connector-1")
        keep = "// SPECGEN[set:id=/id]\n"
        setup = CONNECTOR.format(connector="connector-1", job=job, marker=keep)
        marker = r"// TEST[s/my-connector-sync-job(-id)?/\${id}/]"
    if name.startswith("set-connector-sync-job-error"):
        text = text.replace("[source,console]\n", CLAIM)
        marker = marker.replace("[", "[continued ")
    if name.startswith("list"):
        marker = f"\n[source,console-result]\n----\n{LISTED}\n----\n// SPECGEN[at-least]"
    return setup + SKIP.sub(lambda _: marker + (LOOK.format(shown=shown) if shown else ""), text)


@pytest.fixture
def pages() -> dict[str, str]:
    if not FOLDER.is_dir():
        pytest.skip("no shared/corpus here")
    return {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.asciidoc")}


def test_the_ten_skipped_examples_are_true_with_our_markers(pages: dict[str, str]) -> None:
    skipped = {name: len(found) for name, text in pages.items() if (found := SKIP.findall(text))}
    assert skipped == SKIPPED
    before = Project({f"docs/{name}": pages[name] for name in skipped}).replay("docs")
    assert list(before.outcomes.values()) == ["skipped"] * 10

    project = Project(
        {f"docs/{name}": marked(name, pages[name], AFTER.get(name, "")) for name in skipped}
    )
    replayed = project.replay("docs")
    assert replayed.told.code == 0, replayed.told.err
    assert [each["outcome"] for each in replayed.results] == ["passed"] * 10
    assert all(each["emulated"] for each in replayed.results)
    compared = [each["checks"]["lenient"] for each in replayed.results]
    assert sorted(compared) == [0, *[1] * 9]  # the answer to `get` is shown nowhere


@pytest.mark.parametrize("name", sorted(AFTER))
def test_one_wrong_value_of_a_job_is_seen(pages: dict[str, str], name: str) -> None:
    wrong = re.sub(r'("status": "|_count": )\w+', r"\g<1>9", AFTER[name])
    replayed = Project({f"docs/{name}": marked(name, pages[name], wrong)}).replay("docs")
    assert [each["outcome"] for each in replayed.results] == ["failed"]
    assert {each["kind"] for each in replayed.findings} == {"value"}
