"""List connectors API.

Rendered by specgen from connector/list-connectors.asciidoc. Change the page, not this file.
"""

from collections.abc import Iterator

from specgen.replay import Cluster, page_of, page_setup

pytestmark = page_of(
    "connector/list-connectors.asciidoc",
    at="7256d7ce5d3b8d57 64 71 82 83 92 99 104 114 119 128 135 140",
)


@page_setup
def page(cluster: Cluster) -> Iterator[None]:
    try:
        cluster.request(
            "PUT",
            "_connector/oven-logs",
            body="""{
  "index_name": "search-oven-logs",
  "name": "Oven logs",
  "service_type": "s3"
}""",
        )
        cluster.request(
            "PUT",
            "_connector/shop-orders",
            body="""{
  "index_name": "search-shop-orders",
  "name": "Shop orders",
  "service_type": "mysql"
}""",
        )
        yield
    finally:
        cluster.request("DELETE", "_connector/oven-logs")
        cluster.request("DELETE", "_connector/shop-orders")


def test_list_connectors_api_example(cluster: Cluster) -> None:
    cluster.request("GET", "_connector", codes=["200"])


def test_list_connectors_api_example_2(cluster: Cluster) -> None:
    response = cluster.request("GET", "_connector?filter_path=count", codes=["200"])
    response.matches("""{
  "count": 2
}""")


def test_list_connectors_api_example_3(cluster: Cluster) -> None:
    response = cluster.request(
        "GET",
        "_connector?service_type=mysql,s3&index_name=search-shop-orders&filter_path=count",
        codes=["200"],
    )
    response.matches("""{
  "count": 1
}""")


def test_list_connectors_api_example_4(cluster: Cluster) -> None:
    cluster.request("GET", "_connector?from=1&size=1", codes=["200"])


def test_list_connectors_api_example_5(cluster: Cluster) -> None:
    response = cluster.request(
        "GET",
        "_connector?connector_name=delivery-vans",
        codes=["200"],
    )
    response.matches("""{
  "count": 0,
  "results": []
}""")
