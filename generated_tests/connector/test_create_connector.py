"""Create connector API.

Rendered by specgen from connector/create-connector.asciidoc. Change the page, not this file.
"""

from specgen.replay import Cluster, page_of

pytestmark = page_of(
    "connector/create-connector.asciidoc",
    at="06ccf556de60f422 91 103 111 120 130,10:131.9~,18:131.31 139 81+0:81.1~ 81+0:81.1~",
)


def test_create_connector_put(cluster: Cluster) -> None:
    response = cluster.request(
        "PUT",
        "_connector/town-library",
        body="""{
  "index_name": "search-catalogue",
  "name": "Town library",
  "description": "Titles, authors and shelf marks",
  "service_type": "mysql",
  "language": "en"
}""",
        codes=["200", "201", "400"],
    )
    response.matches("""{
  "result": "created"
}""")
    cluster.request("DELETE", "_connector/town-library")


def test_create_connector_post(cluster: Cluster) -> None:
    response = cluster.request(
        "POST",
        "_connector",
        body="""{
  "index_name": "search-loans",
  "name": "Loans",
  "service_type": "mysql"
}""",
        codes=["200", "201", "400"],
    )
    response.matches("""{
  "id": $body.id
}""")
    cluster.request("DELETE", "_connector/${body.id}")


def test_status_400_malformed_body(cluster: Cluster) -> None:
    # The page documents 400: The body cannot be understood.
    cluster.request(
        "POST",
        "_connector",
        body="""{
  "index_name": "search-loans",
  "name": "Loans",
  "service_type": "mysql"
""",
        status=400,
        verbatim=True,
    )


def test_status_400_malformed_body_2(cluster: Cluster) -> None:
    # The page documents 400: The body cannot be understood.
    cluster.request(
        "PUT",
        "_connector/town-library",
        body="""{
  "index_name": "search-catalogue",
  "name": "Town library",
  "description": "Titles, authors and shelf marks",
  "service_type": "mysql",
  "language": "en"
""",
        status=400,
        verbatim=True,
    )
