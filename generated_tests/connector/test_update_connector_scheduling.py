"""Update connector scheduling API.

Rendered by specgen from connector/update-connector-scheduling.asciidoc. Change the page, not this file.
"""

from collections.abc import Iterator

from specgen.replay import Cluster, page_of, page_setup

pytestmark = page_of(
    "connector/update-connector-scheduling.asciidoc",
    at="5fad493a5157236f 74 85 95 116 125 140 62+0:62.1~ 62+0:62.1~ 65+96",
)


@page_setup
def page(cluster: Cluster) -> Iterator[None]:
    try:
        cluster.request(
            "PUT",
            "_connector/sailings",
            body="""{
  "index_name": "search-sailings",
  "name": "Sailings",
  "service_type": "postgresql"
}""",
        )
        yield
    finally:
        cluster.request("DELETE", "_connector/sailings")


def test_update_connector_scheduling_api_example(cluster: Cluster) -> None:
    response = cluster.request(
        "PUT",
        "_connector/sailings/_scheduling",
        body="""{
  "scheduling": {
    "access_control": {
      "enabled": false,
      "interval": "0 0 0 * * ?"
    },
    "full": {
      "enabled": true,
      "interval": "0 15 2 * * ?"
    },
    "incremental": {
      "enabled": true,
      "interval": "0 0/10 * * * ?"
    }
  }
}""",
        codes=["200", "400", "404"],
    )
    response.matches("""{
  "result": "updated"
}""")


def test_update_connector_scheduling_api_example_2(cluster: Cluster) -> None:
    cluster.request(
        "PUT",
        "_connector/night-sailings/_scheduling",
        body="""{
  "scheduling": {
    "access_control": { "enabled": false, "interval": "0 0 0 * * ?" },
    "full": { "enabled": true, "interval": "0 15 2 ? * SUN" },
    "incremental": { "enabled": false, "interval": "0 0 0 * * ?" }
  }
}""",
        catch="missing",
        codes=["200", "400", "404"],
    )


def test_update_connector_scheduling_api_example_3(cluster: Cluster) -> None:
    cluster.request(
        "PUT",
        "_connector/sailings/_scheduling",
        body="""{
  "scheduling": {
    "access_control": { "enabled": false, "interval": "0 0 0 * * ?" },
    "full": { "enabled": true, "interval": "75 15 2 ? * SUN" },
    "incremental": { "enabled": false, "interval": "0 0 0 * * ?" }
  }
}""",
        catch="bad_request",
        codes=["200", "400", "404"],
    )


def test_status_400_malformed_body(cluster: Cluster) -> None:
    # The page documents 400: The request names no connector, or a schedule cannot be
    # understood.
    cluster.request(
        "PUT",
        "_connector/sailings/_scheduling",
        body="""{
  "scheduling": {
    "access_control": {
      "enabled": false,
      "interval": "0 0 0 * * ?"
    },
    "full": {
      "enabled": true,
      "interval": "0 15 2 * * ?"
    },
    "incremental": {
      "enabled": true,
      "interval": "0 0/10 * * * ?"
    }
  }
""",
        status=400,
        verbatim=True,
    )


def test_status_400_without_scheduling(cluster: Cluster) -> None:
    # The page documents 400: The request names no connector, or a schedule cannot be
    # understood.
    cluster.request("PUT", "_connector/sailings/_scheduling", body="{}", status=400)


def test_status_404_no_such_connector_id(cluster: Cluster) -> None:
    # The page documents 404 (Missing resources) There is no connector with this identifier.
    cluster.request(
        "PUT",
        "_connector/specgen-no-such-connector-id/_scheduling",
        body="""{
  "scheduling": {
    "access_control": {
      "enabled": false,
      "interval": "0 0 0 * * ?"
    },
    "full": {
      "enabled": true,
      "interval": "0 15 2 * * ?"
    },
    "incremental": {
      "enabled": true,
      "interval": "0 0/10 * * * ?"
    }
  }
}""",
        status=404,
    )
