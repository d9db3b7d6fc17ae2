"""Check in connector API.

Rendered by specgen from connector/check-in-connector.asciidoc. Change the page, not this file.
"""

from collections.abc import Iterator

from specgen.replay import Cluster, page_of, page_setup

pytestmark = page_of(
    "connector/check-in-connector.asciidoc",
    at="10ca891624b333fe 61 72 79 86 95 49",
)


@page_setup
def page(cluster: Cluster) -> Iterator[None]:
    try:
        cluster.request(
            "PUT",
            "_connector/tide-gauges",
            body="""{
  "index_name": "search-tides",
  "name": "Tide gauges",
  "service_type": "postgresql"
}""",
        )
        yield
    finally:
        cluster.request("DELETE", "_connector/tide-gauges")


def test_check_in_connector_api_example(cluster: Cluster) -> None:
    response = cluster.request(
        "PUT",
        "_connector/tide-gauges/_check_in",
        codes=["200", "400", "404"],
    )
    response.matches("""{
  "result": "updated"
}""")


def test_check_in_connector_api_example_2(cluster: Cluster) -> None:
    cluster.request(
        "PUT",
        "_connector/wind-gauges/_check_in",
        catch="missing",
        codes=["200", "400", "404"],
    )


def test_status_404_no_such_connector_id(cluster: Cluster) -> None:
    # The page documents 404 (Missing resources) There is no connector with this identifier.
    cluster.request(
        "PUT",
        "_connector/specgen-no-such-connector-id/_check_in",
        status=404,
    )
