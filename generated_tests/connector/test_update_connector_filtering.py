"""Update connector filtering API.

Rendered by specgen from connector/update-connector-filtering.asciidoc. Change the page, not this file.
"""

from collections.abc import Iterator

from specgen.replay import Cluster, page_of, page_setup

pytestmark = page_of(
    "connector/update-connector-filtering.asciidoc",
    at="e4b12afdddea9899 90 97 106 123 131 141 147 78+0:78.1~ 81+107 81",
)


@page_setup
def page(cluster: Cluster) -> Iterator[None]:
    try:
        cluster.request(
            "PUT",
            "_connector/reading-room",
            body='{ "index_name": "search-reading-room", "service_type": "network_drive" }',
        )
        yield
    finally:
        cluster.request("DELETE", "_connector/reading-room")


def test_update_connector_filtering_api_example(cluster: Cluster) -> None:
    response = cluster.request(
        "PUT",
        "_connector/reading-room/_filtering",
        body="""{
  "rules": [
    {
      "id": "no-raw-scans", "order": 0, "policy": "exclude",
      "field": "path", "rule": "ends_with", "value": ".tiff"
    },
    {
      "id": "DEFAULT", "order": 1, "policy": "include",
      "field": "_", "rule": "regex", "value": ".*"
    }
  ]
}""",
        codes=["200", "400", "404"],
    )
    response.matches("""{
  "result": "updated"
}""")
    cluster.request(
        "PUT",
        "_connector/reading-room/_filtering/_validation",
        body='{ "validation": { "state": "valid", "errors": [] } }',
    )
    response = cluster.request(
        "PUT",
        "_connector/reading-room/_filtering/_activate",
        codes=["200", "400", "404"],
    )
    response.matches("""{
  "result": "updated"
}""")


def test_status_400_malformed_body(cluster: Cluster) -> None:
    # The page documents 400: The body cannot be understood, or the draft to activate is not
    # valid.
    cluster.request(
        "PUT",
        "_connector/reading-room/_filtering",
        body="""{
  "rules": [
    {
      "id": "no-raw-scans", "order": 0, "policy": "exclude",
      "field": "path", "rule": "ends_with", "value": ".tiff"
    },
    {
      "id": "DEFAULT", "order": 1, "policy": "include",
      "field": "_", "rule": "regex", "value": ".*"
    }
  ]
""",
        status=400,
        verbatim=True,
    )


def test_status_404_no_such_connector_id(cluster: Cluster) -> None:
    # The page documents 404 (Missing resources) There is no connector with this identifier.
    cluster.request(
        "PUT",
        "_connector/specgen-no-such-connector-id/_filtering",
        body="""{
  "rules": [
    {
      "id": "no-raw-scans", "order": 0, "policy": "exclude",
      "field": "path", "rule": "ends_with", "value": ".tiff"
    },
    {
      "id": "DEFAULT", "order": 1, "policy": "include",
      "field": "_", "rule": "regex", "value": ".*"
    }
  ]
}""",
        status=404,
    )


def test_status_404_no_such_connector_id_2(cluster: Cluster) -> None:
    # The page documents 404 (Missing resources) There is no connector with this identifier.
    cluster.request(
        "PUT",
        "_connector/specgen-no-such-connector-id/_filtering/_activate",
        status=404,
    )
