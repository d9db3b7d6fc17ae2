"""Delete index API.

Rendered by specgen from indices/delete-index.asciidoc. Change the page, not this file.
"""

from specgen.replay import Cluster, page_of, page_setup

pytestmark = page_of(
    "indices/delete-index.asciidoc",
    at="687a2358f985e3a5 50 57 62 71 81 108 113 41",
)


@page_setup
def page(cluster: Cluster) -> None:
    cluster.request("PUT", "bakery-2019")


def test_indices_delete_index_example(cluster: Cluster) -> None:
    response = cluster.request("DELETE", "bakery-2019", codes=["200", "404"])
    response.matches("""{
  "acknowledged": true
}""")
    response = cluster.request(
        "DELETE",
        "bakery-2019?error_trace=false",
        catch="missing",
        codes=["200", "404"],
    )
    response.matches("""{
  "error": {
    "root_cause": [
      {
        "type": "index_not_found_exception",
        "reason": "no such index [bakery-2019]",
        "resource.type": "index_or_alias",
        "resource.id": "bakery-2019",
        "index_uuid": "_na_",
        "index": "bakery-2019"
      }
    ],
    "type": "index_not_found_exception",
    "reason": "no such index [bakery-2019]",
    "resource.type": "index_or_alias",
    "resource.id": "bakery-2019",
    "index_uuid": "_na_",
    "index": "bakery-2019"
  },
  "status": 404
}""")


def test_indices_delete_index_example_2(cluster: Cluster) -> None:
    response = cluster.request(
        "DELETE",
        "bakery-2018?ignore_unavailable=true",
        codes=["200", "404"],
    )
    response.matches("""{
  "acknowledged": true
}""")


def test_status_404_no_such_index(cluster: Cluster) -> None:
    # The page documents 404 (Missing resources) An index does not exist. Nothing was deleted.
    cluster.request("DELETE", "specgen-no-such-index", status=404)
