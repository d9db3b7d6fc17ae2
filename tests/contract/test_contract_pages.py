from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from specgen.cli.main import run

CHECKOUT = Path(__file__).resolve().parents[2]
CORPUS = CHECKOUT.parent / "shared/corpus/modern/docs"
APIS = "reference/connector/apis"

# Page, endpoints, path parameters and response codes, as read by eye.
PAGES = [
    ("check-in-connector-api", ["PUT /_connector/{connector_id}/_check_in"],
     ["connector_id"], [200, 400, 404]),
    ("claim-connector-sync-job-api", ["PUT /_connector/_sync_job/{connector_sync_job_id}/_claim"],
     ["connector_sync_job_id"], [200, 404]),
    ("connector-apis", [], [], []),
    ("create-connector-api", ["POST /_connector", "PUT /_connector/{connector_id}"],
     ["connector_id"], [200, 201, 400]),
    ("create-connector-sync-job-api", ["POST /_connector/_sync_job"], [], [201, 400, 404]),
    ("delete-connector-api", ["DELETE /_connector/{connector_id}"], ["connector_id"], [400, 404]),
    ("get-connector-api", ["GET /_connector/{connector_id}"], ["connector_id"], [400, 404]),
    ("get-connector-sync-job-api", ["GET /_connector/_sync_job/{connector_sync_job_id}"],
     ["connector_sync_job_id"], [400, 404]),
    ("list-connector-sync-jobs-api", ["GET /_connector/_sync_job"],
     ["size", "from", "status", "connector_id", "job_type"], []),
    ("set-connector-sync-job-error-api",
     ["PUT /_connector/_sync_job/{connector_sync_job_id}/_error"],
     ["connector_sync_job_id"], [200, 404]),
    ("set-connector-sync-job-stats-api",
     ["PUT /_connector/_sync_job/{connector_sync_job_id}/_stats"],
     ["connector_sync_job_id"], [200, 404]),
    ("update-connector-api-key-id-api", ["PUT /_connector/{connector_id}/_api_key_id"],
     ["connector_id"], [200, 400, 404]),
    ("update-connector-features-api", ["PUT /_connector/{connector_id}/_features"],
     ["connector_id"], [200, 400, 404]),
    ("update-connector-filtering-api",
     ["PUT /_connector/{connector_id}/_filtering",
      "PUT /_connector/{connector_id}/_filtering/_activate"],
     ["connector_id"], [200, 400, 404]),
    ("update-connector-last-sync-api", ["PUT /_connector/{connector_id}/_last_sync"],
     ["connector_id"], [200, 400, 404]),
    ("update-connector-name-description-api", ["PUT /_connector/{connector_id}/_name"],
     ["connector_id"], [200, 400, 404]),
    ("update-connector-scheduling-api", ["PUT /_connector/{connector_id}/_scheduling"],
     ["connector_id"], [200, 400, 404]),
    ("update-connector-service-type-api", ["PUT /_connector/{connector_id}/_service_type"],
     ["connector_id"], [200, 400, 404]),
]  # fmt: skip


def corpus_contract(page: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of documentation pages is not beside this checkout")
    options = ["--docs-root", str(CORPUS), "--stage", "contract", "--includes", "ignore"]
    run(["parse", str(CORPUS / page), *options])
    document = json.loads(capsys.readouterr().out)
    (contract,) = document["pages"]
    assert isinstance(contract, dict)
    return contract


@pytest.mark.parametrize(("page", "endpoints", "parameters", "codes"), PAGES)
def test_a_connector_page_promises_what_it_says(
    page: str,
    endpoints: list[str],
    parameters: list[str],
    codes: list[int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    contract = corpus_contract(f"{APIS}/{page}.asciidoc", capsys)
    assert [f"{each['method']} {each['path']}" for each in contract["endpoints"]] == endpoints
    assert [each["name"] for each in contract["path_parameters"]] == parameters
    assert [each["code"] for each in contract["responses"]] == codes


def test_every_connector_page_of_the_corpus_was_read_by_eye() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of documentation pages is not beside this checkout")
    pages = {path.stem for path in (CORPUS / APIS).glob("*.asciidoc")}
    assert pages == {name for name, *_ in PAGES}


def test_every_entry_stands_on_a_line_that_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    checked = 0
    for page, *_ in PAGES:
        contract = corpus_contract(f"{APIS}/{page}.asciidoc", capsys)
        lines = (CORPUS / APIS / f"{page}.asciidoc").read_text(encoding="utf-8").splitlines()
        for part in ("path_parameters", "query_parameters", "request_body"):
            for each in contract[part]:
                assert each["name"].rpartition(".")[2] in lines[each["line"] - 1]
                checked += 1
        for each in contract["responses"]:
            assert lines[each["line"] - 1].startswith(f"`{each['code']}`")
            checked += 1
        for each in contract["endpoints"]:
            assert lines[each["line"] - 1].startswith(f"`{each['method']} ")
            checked += 1
    assert checked > 100


def test_the_check_in_page_gives_exactly_this(capsys: pytest.CaptureFixture[str]) -> None:
    contract = corpus_contract(f"{APIS}/check-in-connector-api.asciidoc", capsys)
    descriptions = [each.pop("description") for each in contract["responses"]]
    assert contract == {
        "page": f"{APIS}/check-in-connector-api.asciidoc",
        "endpoints": [
            {"method": "PUT", "path": "/_connector/{connector_id}/_check_in", "line": 14}
        ],
        "path_parameters": [
            {"name": "connector_id", "required": True, "type": "string", "line": 25}
        ],
        "query_parameters": [],
        "request_body": [],
        "response_body": [],
        "responses": [
            {"code": 200, "line": 32},
            {"code": 400, "line": 35},
            {"code": 404, "line": 38},
        ],
    }
    assert descriptions[2].startswith("(Missing resources) No ")
    assert descriptions[1].startswith("The `connector_id` ")


def test_bullets_of_a_type_document_it_in_each_field_of_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    contract = corpus_contract(f"{APIS}/update-connector-scheduling-api.asciidoc", capsys)
    assert [(each["name"], each["line"]) for each in contract["request_body"]] == [
        ("scheduling", 32),
        ("scheduling.access_control", 37),
        ("scheduling.full", 39),
        ("scheduling.incremental", 41),
        ("scheduling.access_control.enabled", 45),
        ("scheduling.full.enabled", 45),
        ("scheduling.incremental.enabled", 45),
        ("scheduling.access_control.interval", 47),
        ("scheduling.full.interval", 47),
        ("scheduling.incremental.interval", 47),
    ]
    assert all(each["required"] for each in contract["request_body"])


def test_fields_inside_an_attached_block_of_a_corpus_page(
    capsys: pytest.CaptureFixture[str],
) -> None:
    contract = corpus_contract("reference/docs/multi-get.asciidoc", capsys)
    assert [(each["name"], each["line"]) for each in contract["request_body"]] == [
        ("docs", 78),
        ("docs._id", 85),
        ("docs._index", 88),
        ("docs._routing", 93),
        ("docs._source", 97),
        ("docs._source.source_include", 99),
        ("docs._source.source_exclude", 101),
        ("docs._stored_fields", 104),
        ("ids", 108),
    ]


@pytest.mark.parametrize(
    "page",
    [
        "connector/check-in-connector",
        "connector/update-connector-filtering",
        "document/get-document",
    ],
)
def test_the_contract_of_a_page_of_specs(
    page: str, capsys: pytest.CaptureFixture[str], golden: Callable[[str, str], None]
) -> None:
    specs = CHECKOUT / "specs"
    path = str(specs / f"{page}.asciidoc")
    assert run(["parse", path, "--docs-root", str(specs), "--stage", "contract"]) == 0
    golden(f"contract/{Path(page).name}.json", capsys.readouterr().out)
