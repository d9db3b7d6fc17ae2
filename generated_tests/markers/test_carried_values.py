"""Values that go from one answer into the next request.

Rendered by specgen from markers/carried-values.asciidoc. Change the page, not this file.
"""

from specgen.replay import Cluster, page_of, requires

pytestmark = page_of(
    "markers/carried-values.asciidoc",
    at="cbe21b5564d56b86 9 14 20 26,33:28.11~,40:28.23 49 58 64 83",
)


def test_carried_values(cluster: Cluster) -> None:
    response = cluster.request(
        "POST",
        "buoys/_doc",
        body="""{
  "colour": "red"
}""",
    )
    response.keep("_id", "buoy")
    response = cluster.request("GET", "buoys/_doc/${buoy}")
    response.matches("""{
  "_index": "buoys",
  "_id": "${buoy}",
  "_version": 1,
  "_seq_no": 0,
  "_primary_term": 1,
  "found": true,
  "_source": {
    "colour": "red"
  }
}""")


def test_carried_values_later(cluster: Cluster) -> None:
    cluster.request(
        "PUT",
        "buoys/_doc/1?refresh=true",
        body="""{
  "colour": "red"
}""",
    )
    response = cluster.request("GET", "buoys/_count?q=colour:red")
    response.matches(
        """{
  "count": 1,
  "_shards": {
    "total": 1,
    "successful": 1,
    "skipped": 0,
    "failed": 0
  }
}""",
        ignore=["/_shards"],
        within=5,
    )


@requires("version>=1")
def test_carried_values_where(cluster: Cluster) -> None:
    cluster.request("GET", "_count?q=colour:green")
