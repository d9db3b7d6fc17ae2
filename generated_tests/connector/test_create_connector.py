"""Create connector API.

Rendered by specgen from connector/create-connector.asciidoc. Change the page, not this file.
"""

from specgen.replay import Cluster, page_of

pytestmark = page_of(
    "connector/create-connector.asciidoc",
    at="06ccf556de60f422 91 103 111 120 130,10:131.9~,18:131.31 139",
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
    )
    response.matches("""{
  "id": $body.id
}""")
    cluster.request("DELETE", "_connector/${body.id}")
