"""Values that are new each time.

Rendered by specgen from markers/changing-values.asciidoc. Change the page, not this file.
"""

from specgen.replay import Cluster, page_of

pytestmark = page_of(
    "markers/changing-values.asciidoc",
    at="ee8270b5f2a298b2 14 23 48 58 64 91 93 95 100",
)


def test_changing_values_ignored(cluster: Cluster) -> None:
    response = cluster.request(
        "POST",
        "lighthouses/_doc",
        body="""{
  "name": "Far Point",
  "height": 31
}""",
    )
    response.matches(
        """{
  "_index": "lighthouses",
  "_id": "pU0tcXUBb3kW5nZpQ4aX",
  "_version": 1,
  "result": "created",
  "_shards": {
    "total": 2,
    "successful": 1,
    "failed": 0
  },
  "_seq_no": 12,
  "_primary_term": 1
}""",
        ignore=["/_id", "/_seq_no", "/_primary_term", "/_shards/*"],
    )


def test_changing_values_shape(cluster: Cluster) -> None:
    cluster.request(
        "PUT",
        "lighthouses/_bulk?refresh=true",
        body="""{"index": {"_id": "1"}}
{"name": "Far Point", "height": 31}
{"index": {"_id": "2"}}
{"name": "Near Point", "height": 12.5}""",
    )
    response = cluster.request(
        "GET",
        "lighthouses/_search?q=point&filter_path=took,hits.hits",
    )
    response.matches(
        """{
  "took": 5,
  "hits": {
    "hits": [
      {
        "_index": "lighthouses",
        "_id": "1",
        "_score": 0.18,
        "_source": {
          "name": "Far Point",
          "height": 31
        }
      }
    ]
  }
}""",
        shape=[""],
    )


def test_changing_values_unordered(cluster: Cluster) -> None:
    cluster.request("PUT", "lighthouses")
    cluster.request("PUT", "harbours")
    response = cluster.request("GET", "_resolve/index/*")
    response.matches(
        """{
  "indices": [
    { "name": "lighthouses" },
    { "name": "harbours" }
  ]
}""",
        unordered=["/indices"],
        at_least=[""],
    )
