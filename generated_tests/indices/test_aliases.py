"""Aliases API.

Rendered by specgen from indices/aliases.asciidoc. Change the page, not this file.
"""

from specgen.replay import Cluster, page_of, page_setup

pytestmark = page_of(
    "indices/aliases.asciidoc",
    at="9b8e4a44717196ce 62 63 65 75 86 95 101 111 124 129 142",
)


@page_setup
def page(cluster: Cluster) -> None:
    cluster.request("PUT", "timetable-summer")
    cluster.request("PUT", "timetable-winter")
    cluster.request("PUT", "timetable-summer/_alias/timetable")


def test_aliases_swap(cluster: Cluster) -> None:
    response = cluster.request(
        "POST",
        "_aliases",
        body="""{
  "actions": [
    { "remove": { "index": "timetable-summer", "alias": "timetable" } },
    { "add": { "index": "timetable-winter", "alias": "timetable" } }
  ]
}""",
        codes=["200", "404"],
    )
    response.matches("""{
  "acknowledged": true,
  "errors": false
}""")
    response = cluster.request("GET", "_alias/timetable")
    response.matches("""{
  "timetable-winter": { "aliases": { "timetable": {} } }
}""")


def test_aliases_filter(cluster: Cluster) -> None:
    cluster.request(
        "POST",
        "_aliases",
        body="""{
  "actions": [
    {
      "add": {
        "index": "timetable-summer",
        "alias": "night-sailings",
        "filter": { "term": { "night": true } }
      }
    }
  ]
}""",
        codes=["200", "404"],
    )
    response = cluster.request("GET", "timetable-summer/_alias/night-sailings")
    response.matches("""{
  "timetable-summer": {
    "aliases": {
      "night-sailings": { "filter": { "term": { "night": true } } }
    }
  }
}""")


def test_aliases_missing_index(cluster: Cluster) -> None:
    cluster.request(
        "POST",
        "_aliases",
        body="""{
  "actions": [
    { "add": { "index": "timetable-spring", "alias": "timetable" } }
  ]
}""",
        catch="/no such index .timetable-spring/",
        codes=["200", "404"],
    )
