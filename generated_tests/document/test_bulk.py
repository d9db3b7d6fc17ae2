"""Bulk API.

Rendered by specgen from document/bulk.asciidoc. Change the page, not this file.
"""

from specgen.replay import Cluster, page_of, page_setup

pytestmark = page_of(
    "document/bulk.asciidoc",
    at="468a0fa79a498419 74 84 93,4:94.3~,22:94.12 128 138",
)


@page_setup
def page(cluster: Cluster) -> None:
    cluster.request("PUT", "bakery", body='{ "settings": { "number_of_replicas": 0 } }')


def test_bulk_two_actions(cluster: Cluster) -> None:
    response = cluster.request(
        "POST",
        "_bulk",
        body="""{ "index": { "_index": "bakery", "_id": "rye" } }
{ "name": "Rye loaf", "grams": 900 }
{ "update": { "_index": "bakery", "_id": "rye" } }
{ "doc": { "grams": 1000 } }""",
        codes=["200", "400"],
    )
    response.matches("""{
  "took": $body.took,
  "errors": false,
  "items": [
    {
      "index": {
        "_index": "bakery",
        "_id": "rye",
        "_version": 1,
        "result": "created",
        "_shards": { "total": 1, "successful": 1, "failed": 0 },
        "_seq_no": 0, "_primary_term": 1,
        "status": 201
      }
    },
    {
      "update": {
        "_index": "bakery",
        "_id": "rye",
        "_version": 2,
        "result": "updated",
        "_shards": { "total": 1, "successful": 1, "failed": 0 },
        "_seq_no": 1, "_primary_term": 1,
        "status": 200
      }
    }
  ]
}""")
    response = cluster.request(
        "POST",
        "bakery/_bulk?filter_path=errors,items.*.status,items.*.error.type",
        body="""{ "create": { "_id": "rye" } }
{ "name": "Rye loaf, small", "grams": 450 }
{ "create": { "_id": "bun" } }
{ "name": "Bun", "grams": 60 }""",
        codes=["200", "400"],
    )
    response.matches("""{
  "errors": true,
  "items": [
    {
      "create": {
        "status": 409, "error": { "type": "version_conflict_engine_exception" }
      }
    },
    { "create": { "status": 201 } }
  ]
}""")
