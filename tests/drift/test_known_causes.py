"""Each cause that specgen knows is recognised in what a cluster says of it, word for word."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from pages import answers, asks, page
from project import CLUSTER, Loopback, Project, Reply, Seen
from reports import report_of

from specgen.drift.causes import drift_of
from specgen.drift.causes.known import known_causes
from specgen.drift.report.results_reading import read_report
from specgen.drift.values import Cause
from specgen.replay.events import TargetLost
from specgen.replay.run import Replayed
from specgen.replay.values import CaseResult, Checks, Outcome

# Every request is sent, and nothing is sent besides.
ALL_IS_LEFT = ("--disposable", "--allow", "remote,snapshots", "--clean", "never")
NO_HANDLER = "no handler found for uri [/{path}] and method [{method}]"


@dataclass(frozen=True)
class Said:
    """What a page sends, and what a cluster answers.

    Attributes:
        cause: The id of the cause that this has.
        request: One line, or more with a body.
        error: The `error` of the answer: an object, a text, or `type: reason`.
        status: Of the answer.
        shown: The response that the page shows; empty for none.
        body: The body of a successful answer.
        marker: Below the request.
        warning: The deprecation warning of the answer.
    """

    cause: str
    request: str
    error: Any = ""
    status: int = 400
    shown: str = ""
    body: Any = None
    marker: str = ""
    warning: str = ""

    def reply(self) -> Reply:
        method, path = self.request.split("\n")[0].split(" ")
        told = self.body
        if isinstance(told, str):
            return Reply(200, told.encode(), (("Content-Type", "text/plain"),))
        if told is None:
            error = self.error
            if isinstance(error, str) and ": " in error:
                error = dict(zip(("type", "reason"), error.split(": ", 1), strict=True))
            elif isinstance(error, str):
                error = error.format(method=method, path=path)
            told = {"error": error, "status": self.status}
        headers = [("Content-Type", "application/json")]
        if self.warning:
            headers.append(("Warning", f'299 Elasticsearch-8.15.3-abc "{self.warning}"'))
        status = 200 if self.body is not None else self.status
        return Reply(status, json.dumps(told).encode(), tuple(headers))


NESTED = (
    "illegal_argument_exception: The mapping definition cannot be nested under a type [_doc] "
    "unless include_type_name is set to true."
)
ROOT_MAPPING = (
    "mapper_parsing_exception: Failed to parse mapping [_doc]: Root mapping definition has "
    "unsupported parameters:  [{}]"
)
SHARDS_FAILED = {
    "type": "search_phase_execution_exception",
    "reason": "all shards failed",
    "root_cause": [
        {"type": "parsing_exception", "reason": "unknown field [boots], did you mean [boost]?"}
    ],
    "failed_shards": [{"shard": 0}],
}
SAID = (
    Said("mapping-types-removed", "PUT t1", NESTED),
    Said("mapping-types-removed", "PUT t2", ROOT_MAPPING.format("novel : {properties={a={}}}")),
    Said("mapping-types-removed", "PUT t3", ROOT_MAPPING.format("novel : {_size={enabled=true}}")),
    Said("mapping-types-removed", "PUT t4", ROOT_MAPPING.format("x : strict] [novel : {}")),
    Said(
        "mapping-types-removed",
        "PUT t5/_mapping",
        "illegal_argument_exception: Types cannot be provided in put mapping requests, unless "
        "the include_type_name parameter is set to true.",
    ),
    Said(
        "mapping-types-removed",
        "PUT t6",
        "illegal_argument_exception: Rejecting mapping update to [t6] as the final mapping "
        "would have more than 1 type: [a, b]",
    ),
    Said(
        "mapping-types-removed",
        "PUT t7",
        "illegal_argument_exception: The [default] mapping cannot be created on index [t7]: "
        "defaults mappings are not useful anymore now that indices can have at most one type.",
    ),
    Said(
        "type-parameter-include_type_name",
        "PUT books?include_type_name=true",
        "illegal_argument_exception: request [/books] contains unrecognized parameter: "
        "[include_type_name]",
    ),
    Said("typed-path", "PUT books/novel/1", NO_HANDLER),
    Said("typed-path", "PUT books/novel/_bulk", NO_HANDLER),
    Said("typed-path", "POST books/_doc/1/_update", NO_HANDLER),
    Said("typed-path", "PUT books/_mapping/novel", NO_HANDLER),
    Said(
        "typed-path",
        "POST books/_doc/_bulk",
        {
            "type": "mapper_parsing_exception",
            "reason": "failed to parse",
            "caused_by": {"type": "illegal_argument_exception", "reason": "Malformed content"},
        },
    ),
    Said(
        "typed-path",
        "GET books/_mapping/novel/field/title",
        shown='{"books": {"mappings": {"novel": {"title": {}}}}}',
        body={"books": {"mappings": {"novel": {"properties": {}}}}},
    ),
    Said("type-in-response", "GET r1", shown='{"_type": "_doc"}', body={}),
    Said("type-is-doc", "GET r2", shown='{"_type": "novel"}', body={"_type": "_doc"}),
    Said("type-undocumented", "GET r3", shown="{}", body={"_type": "_doc"}),
    Said(
        "hits-total-object",
        "GET r4",
        shown='{"hits": {"total": 3}}',
        body={"hits": {"total": {"value": 3, "relation": "eq"}}},
    ),
    Said(
        "hits-total-number",
        "GET r5",
        shown='{"hits": {"total": {"value": 3, "relation": "eq"}}}',
        body={"hits": {"total": 3}},
    ),
    Said(
        "scores-differ",
        "GET r6",
        shown='{"hits": {"max_score": 0.1, "hits": [{"_score": 0.1}]}}',
        body={"hits": {"max_score": 0.2, "hits": [{"_score": 0.2}]}},
    ),
    Said("sequence-numbers", "GET r7", shown="{}", body={"_seq_no": 0, "_primary_term": 1}),
    Said(
        "cluster-manager-names",
        "GET _cluster/health",
        shown="{}",
        body={"discovered_cluster_manager": True, "discovered_master": True},
    ),
    Said(
        "cluster-identity",
        "GET _cluster/state",
        shown='{"cluster_name": "mine", "version": {"number": "7.0.0"}}',
        body={"cluster_name": "yours", "version": {"number": "8.0.0", "build_type": "tar"}},
    ),
    Said(
        "attribute-undefined",
        "GET r8",
        shown='{"version": {"number": "{version}", "build_type": "zip"}}',
        body={"version": {"number": "8.0.0", "build_type": "tar"}},
    ),
    Said("attribute-undefined", "GET _cat/r9", shown="/name {codename}/", body="name wren"),
    Said("xpack-prefix", "GET _xpack/license", NO_HANDLER),
    Said(
        "xpack-prefix",
        "POST _xpack/sql",
        "invalid_index_name_exception: Invalid index name [_xpack], must not start with '_'",
    ),
    Said("api-removed-_flush-synced", "POST books/_flush/synced", NO_HANDLER),
    Said(
        "api-removed-_optimize",
        "POST _optimize",
        "Incorrect HTTP method for uri [/_optimize] and method [POST], allowed: [GET]",
        405,
    ),
    Said("api-missing-_rollup", "PUT _rollup/job/sensor", NO_HANDLER),
    Said("api-missing-_graph", "POST books/_graph/explore", NO_HANDLER),
    Said("api-missing-_ilm", "GET _ilm/policy", "index_not_found_exception: no such index [_ilm]"),
    Said(
        "api-missing-_ccr",
        "PUT books/_ccr/follow",
        "invalid_type_name_exception: mapping type name [_ccr] can't start with '_' unless it is "
        "called [_doc]",
    ),
    Said("api-missing-_freeze", "POST books/_freeze", "parse_exception: request body is required"),
    Said("api-missing-_ml", "POST _ml/set_up", "parse_exception: request body is required"),
    Said(
        "setting-unknown-xpack-monitoring-collection-enabled",
        "PUT _cluster/settings",
        "illegal_argument_exception: persistent setting [xpack.monitoring.collection.enabled], "
        "not recognized",
    ),
    Said(
        "remote-not-allowed",
        "POST _reindex",
        "illegal_argument_exception: [books.example:9200] not whitelisted in "
        "reindex.remote.whitelist",
    ),
    Said(
        "api-missing-_xpack",
        "GET _xpack",
        "invalid_index_name_exception: Invalid index name [_xpack], must not start with '_'.",
    ),
    Said(
        "parameter-unknown-lenience",
        "GET books/_search?lenience=1",
        "illegal_argument_exception: request [/books/_search] contains unrecognized parameter: "
        "[lenience] -> did you mean [lenient]?",
    ),
    Said(
        "wildcard-delete-refused",
        "DELETE *",
        "illegal_argument_exception: Wildcard expressions or all indices are not allowed",
    ),
    Said(
        "query-unknown-common",
        "GET q1/_search",
        {
            "type": "parsing_exception",
            "reason": "unknown query [common]",
            "caused_by": {
                "type": "named_object_not_found_exception",
                "reason": "[3:19] unknown field [common]",
            },
        },
    ),
    Said(
        "query-unknown-feature",
        "GET q2/_search",
        {
            "type": "x_content_parse_exception",
            "reason": "[1:2] [bool] failed to parse field [should]",
            "caused_by": {
                "type": "named_object_not_found_exception",
                "reason": "[1:2] unknown field [feature]",
            },
        },
    ),
    Said(
        "query-unknown-old", "GET q3/_search", "parsing_exception: no [query] registered for [old]"
    ),
    Said(
        "aggregation-unknown-matrix_stats",
        "GET q4/_search",
        "parsing_exception: Unknown aggregation type [matrix_stats] did you mean [stats]?",
    ),
    Said(
        "field-type-unknown-string",
        "PUT f1",
        "mapper_parsing_exception: No handler for type [string] declared on field [title]",
    ),
    Said(
        "field-type-unknown-annotated_text",
        "PUT f2",
        "mapper_parsing_exception: The mapper type [annotated_text] declared on field [a] does "
        "not exist. It might have been created within a future version.",
    ),
    Said(
        "analysis-missing-nori",
        "PUT a1",
        "illegal_argument_exception: Unknown tokenizer type [nori_tokenizer] for [mine]",
    ),
    Said(
        "analysis-missing-nori",
        "GET a2/_analyze",
        "illegal_argument_exception: failed to find global tokenizer under [nori_tokenizer]",
    ),
    Said(
        "analysis-missing-phonetic",
        "PUT a3",
        "illegal_argument_exception: Unknown filter type [phonetic] for [mine]",
    ),
    Said(
        "analysis-missing-my_filter",
        "PUT a4",
        "illegal_argument_exception: Custom Analyzer [mine] failed to find filter under name "
        "[my_filter]",
    ),
    Said(
        "stemmer-missing",
        "PUT a5",
        "illegal_argument_exception: Invalid stemmer class specified: Sorani",
    ),
    Said(
        "processor-missing-attachment",
        "PUT _ingest/pipeline/p",
        "parse_exception: No processor type exists with name [attachment]",
    ),
    Said(
        "script-language-missing-groovy",
        "GET s1/_search",
        "illegal_argument_exception: script_lang not supported [groovy]",
    ),
    Said(
        "store-type-missing-smb_mmap_fs",
        "PUT s2",
        "illegal_argument_exception: Unknown store type [smb_mmap_fs]",
    ),
    Said(
        "setting-unknown-index-mapper-dynamic",
        "PUT s3",
        "illegal_argument_exception: unknown setting [index.mapper.dynamic] please check that "
        "any required plugins are installed",
    ),
    Said(
        "repository-path",
        "PUT _snapshot/backup",
        "repository_exception: [backup] location [/mnt/b] doesn't match any of the locations "
        "specified by path.repo because this setting is empty",
        500,
    ),
    Said(
        "file-missing",
        "PUT s4",
        "illegal_argument_exception: IOException while reading synonyms_path: analysis/s.txt",
    ),
    Said(
        "field-renamed-dis_max_old",
        "GET n1/_search",
        "parsing_exception: Deprecated field [dis_max_old] used, expected [dis_max] instead",
    ),
    Said("field-unknown-boots", "GET n2/_search", SHARDS_FAILED),
    Said(
        "already-exists",
        "PUT n3",
        "resource_already_exists_exception: index [n3/Xw3dYQ] already exists",
    ),
    Said("index-missing", "GET n4/_search", "index_not_found_exception: no such index [n4]", 404),
    Said(
        "not-permitted",
        "GET n5",
        "security_exception: missing authentication credentials for REST request [/n5]",
        401,
    ),
    Said(
        "licence-missing-ccr",
        "GET n6/_ccr/info",
        "security_exception: current license is non-compliant for [ccr]",
        403,
    ),
    Said(
        "field-unknown-_type",
        "POST _bulk\n{}",
        "illegal_argument_exception: Action/metadata line [1] contains an unknown parameter "
        "[_type]",
    ),
    Said("deprecation-gone", "GET w1", body={}, marker="// TEST[warning:[old] is deprecated]"),
    Said("deprecation-new", "GET w2", body={}, warning="[old] is deprecated"),
    Said("pattern-unusable", "GET _cat/w3", body="name version", shown="/name (/"),
)
VERDICTS = {
    "target-lost": Replayed(lost=TargetLost("the target was lost while in use", "", 4)).why_not(
        "a"
    ),
    "not-run": Replayed(interrupted=True).why_not("a"),
    "not-recorded": "the recording does not know GET books/_search",
    "setup-missing-library": "this case cannot be run: no setup is named 'library'",
    "page-unreadable": "this case cannot be run: a line of a console snippet is no request",
}


def names() -> list[str]:
    return [f"n{number}" for number in range(len(SAID))]


@pytest.fixture(scope="module")
def causes() -> dict[str, Cause]:
    """The cause of each thing said, by the name of its case, after one real run."""
    snippets: list[str] = []
    for name, said in zip(names(), SAID, strict=True):
        snippets.append(asks(said.request, said.marker, name))
        if said.shown:
            text = "// TESTRESPONSE[non_json]" if said.shown.startswith("/") else ""
            snippets.append(answers(said.shown, text))
    replies = {"/" + said.request.split("\n")[0].split(" ")[1]: said.reply() for said in SAID}

    def cluster(seen: Seen) -> Reply:
        return replies.get(seen.path, Reply(body=json.dumps(CLUSTER).encode()))

    project = Project({"docs/said.asciidoc": page(*snippets)})
    with Loopback(cluster) as server:
        target = ("--target", server.url, *ALL_IS_LEFT)
        told = project.run("run", "docs", *target, "--strict-warnings", "--json", "-")
    drift = drift_of(read_report(told.out))
    return {case.partition("::")[2]: cause for cause in drift.causes for case in cause.cases}


@pytest.mark.parametrize(("name", "said"), list(zip(names(), SAID, strict=True)))
def test_what_a_cluster_says_is_recognised(causes: dict[str, Cause], name: str, said: Said) -> None:
    assert causes[name].id == said.cause
    assert "{" not in causes[name].title + causes[name].hint
    assert causes[name].hint


@pytest.mark.parametrize("id", VERDICTS)
def test_a_verdict_without_a_finding_is_recognised(id: str) -> None:
    result = CaseResult("a::b", Outcome.ERROR, VERDICTS[id], 0.0, "", Checks(), ())
    (cause,) = drift_of(report_of(result)).causes
    assert (cause.id, cause.findings, cause.cases) == (id, (), ("a::b",))


def test_each_known_cause_has_something_said() -> None:
    tested = {*(said.cause for said in SAID), *VERDICTS, "analyzers-differ"}
    known = [cause.id for cause in known_causes()]
    assert [id for id in known if not any(each.startswith(id) for each in tested)] == []
    assert len(known) == len(set(known))


@pytest.mark.parametrize(
    "parameters",
    [
        "title : {type=text}",  # a field that forgot `properties`
        "_size : {enabled=true}",  # a plugin that is not there
        "dynamics : strict",
    ],
)
def test_not_every_wrong_root_of_a_mapping_is_a_type(parameters: str) -> None:
    error = "mapper_parsing_exception: " + ROOT_MAPPING.partition(": ")[2].format(parameters)
    assert recognised_in(error) != "mapping-types-removed"


def recognised_in(error: str) -> str:
    said = Said("", "PUT books", error)
    project = Project({"docs/a.asciidoc": page(asks(said.request))})
    with Loopback(
        lambda seen: said.reply() if seen.path == "/books" else Reply(body=b'{"version": {}}')
    ) as server:
        target = ("--target", server.url, *ALL_IS_LEFT)
        told = project.run("run", "docs", *target, "--json", "-")
    (cause,) = drift_of(read_report(told.out)).causes
    return cause.id
