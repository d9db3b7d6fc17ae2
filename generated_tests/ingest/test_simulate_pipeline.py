"""Simulate pipeline API.

Rendered by specgen from ingest/simulate-pipeline.asciidoc. Change the page, not this file.
"""

from collections.abc import Iterator

from specgen.replay import Cluster, page_of, page_setup

pytestmark = page_of(
    "ingest/simulate-pipeline.asciidoc",
    at="727175dbf468ebf2 56 68 77 91,211:99.35~,223:99.61 111 126",
)


@page_setup
def page(cluster: Cluster) -> Iterator[None]:
    try:
        cluster.request(
            "PUT",
            "_ingest/pipeline/shelf-marks",
            body="""{
  "processors": [
    { "uppercase": { "field": "shelf" } },
    { "set": { "field": "branch", "value": "harbour" } }
  ]
}""",
        )
        yield
    finally:
        cluster.request("DELETE", "_ingest/pipeline/shelf-marks")


def test_simulate_pipeline_api_example(cluster: Cluster) -> None:
    response = cluster.request(
        "POST",
        "_ingest/pipeline/shelf-marks/_simulate",
        body="""{
  "docs": [
    {
      "_index": "bookshelf",
      "_id": "dracula",
      "_source": { "shelf": "b7" }
    }
  ]
}""",
        codes=["200", "400"],
    )
    response.matches("""{
  "docs": [
    {
      "doc": {
        "_index": "bookshelf",
        "_id": "dracula",
        "_version": "-3",
        "_source": { "shelf": "B7", "branch": "harbour" },
        "_ingest": { "timestamp": $body.$_path }
      }
    }
  ]
}""")


def test_simulate_pipeline_api_example_2(cluster: Cluster) -> None:
    response = cluster.request(
        "POST",
        "_ingest/pipeline/_simulate?filter_path=docs.doc._source",
        body="""{
  "pipeline": {
    "processors": [
      { "split": { "field": "authors", "separator": " and " } }
    ]
  },
  "docs": [
    { "_source": { "authors": "Strunk and White" } }
  ]
}""",
        codes=["200", "400"],
    )
    response.matches("""{
  "docs": [
    {
      "doc": {
        "_source": { "authors": [ "Strunk", "White" ] }
      }
    }
  ]
}""")
