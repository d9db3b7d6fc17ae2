"""Update connector scheduling API.

Rendered by specgen from connector/update-connector-scheduling.asciidoc. Change the page, not this file.
"""

from collections.abc import Iterator

from specgen.replay import Cluster, page_of, page_setup

pytestmark = page_of(
    "connector/update-connector-scheduling.asciidoc",
    at="5fad493a5157236f 74 85 95 116 125 140",
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
    )
