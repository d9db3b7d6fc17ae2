"""Update connector name and description API.

Rendered by specgen from connector/update-connector-name-description.asciidoc. Change the page, not this file.
"""

from collections.abc import Iterator

from specgen.replay import Cluster, page_of, page_setup

pytestmark = page_of(
    "connector/update-connector-name-description.asciidoc",
    at="239ce6c900303b24 67 78 88 97 106 114 55+0:55.1~ 58+89",
)


@page_setup
def page(cluster: Cluster) -> Iterator[None]:
    try:
        cluster.request(
            "PUT",
            "_connector/recipes",
            body="""{
  "index_name": "search-recipes",
  "name": "Recipes",
  "service_type": "mongodb"
}""",
        )
        yield
    finally:
        cluster.request("DELETE", "_connector/recipes")


def test_update_connector_name_description_api_example(cluster: Cluster) -> None:
    response = cluster.request(
        "PUT",
        "_connector/recipes/_name",
        body="""{
  "name": "Bakery recipes",
  "description": "Doughs, fillings and oven temperatures of both shops"
}""",
        codes=["200", "400", "404"],
    )
    response.matches("""{
  "result": "updated"
}""")


def test_update_connector_name_description_api_example_2(cluster: Cluster) -> None:
    response = cluster.request(
        "PUT",
        "_connector/recipes/_name",
        body="""{
  "name": "Recipes of 2024"
}""",
        codes=["200", "400", "404"],
    )
    response.matches("""{
  "result": "updated"
}""")


def test_status_400_malformed_body(cluster: Cluster) -> None:
    # The page documents 400: The request names no connector, or its body cannot be
    # understood.
    cluster.request(
        "PUT",
        "_connector/recipes/_name",
        body="""{
  "name": "Bakery recipes",
  "description": "Doughs, fillings and oven temperatures of both shops"
""",
        status=400,
        verbatim=True,
    )


def test_status_404_no_such_connector_id(cluster: Cluster) -> None:
    # The page documents 404 (Missing resources) There is no connector with this identifier.
    cluster.request(
        "PUT",
        "_connector/specgen-no-such-connector-id/_name",
        body="""{
  "name": "Bakery recipes",
  "description": "Doughs, fillings and oven temperatures of both shops"
}""",
        status=404,
    )
