"""A weather station in four steps.

Rendered by specgen from guide/weather-station.asciidoc. Change the page, not this file.
"""

from specgen.replay import Cluster, page_of, skipped

pytestmark = page_of(
    "guide/weather-station.asciidoc",
    at="e8f0c9327fe55f4a 18 30 46 57,4:58.3~,22:58.12,182:63.5~,207:63.22,276:67.16~,297:67.38,307:68.9~,329:68.23 87 97 112 119 129 143",
)


def test_weather_station_fill(cluster: Cluster) -> None:
    cluster.request(
        "PUT",
        "readings",
        body="""{
  "mappings": {
    "properties": {
      "station": { "type": "keyword" },
      "sky": { "type": "text" },
      "celsius": { "type": "double" }
    }
  }
}""",
    )
    # Two readings in one request, visible to searches at once
    cluster.request(
        "POST",
        "readings/_bulk?refresh",
        body="""{ "index": {} }
{ "station": "lighthouse", "sky": "thin fog", "celsius": 8.5 }
{ "index": {} }
{ "station": "summit", "sky": "clear", "celsius": -3.5 }""",
    )
    response = cluster.request(
        "GET",
        "readings/_search",
        body="""{
  "query": { "match": { "sky": "fog" } }
}""",
    )
    response.matches("""{
  "took": $body.took,
  "timed_out": false,
  "_shards": { "total": 1, "successful": 1, "skipped": 0, "failed": 0 },
  "hits": {
    "total": { "value": 1, "relation": "eq" },
    "max_score": $body.$_path,
    "hits": [
      {
        "_index": "readings",
        "_id": $body.hits.hits.0._id,
        "_score": $body.$_path,
        "_source": { "station": "lighthouse", "sky": "thin fog", "celsius": 8.5 }
      }
    ]
  }
}""")
    cluster.request("GET", "readings/_doc/${body.hits.hits.0._id}")
    cluster.request(
        "POST",
        "readings/_update/${body._id}?refresh",
        body="""{
  "script": {
    "source": "ctx._source.celsius -= params.excess",
    "params": { "excess": 2.0 }
  }
}""",
    )
    cluster.request(
        "GET",
        "readings/_search?size=0&filter_path=aggregations",
        body="""{
  "aggs": {
    "coldest": { "min": { "field": "celsius" } }
  }
}""",
    )
    response = cluster.request(
        "GET",
        "readings/_search?filter_path=hits.hits._source",
        body="""{
  "_source": [ "celsius" ],
  "query": { "term": { "station": "lighthouse" } }
}""",
    )
    response.matches("""{
  "hits": {
    "hits": [ { "_source": { "celsius": 6.5 } } ]
  }
}""")


@skipped("needs a file system that all nodes share and list in path.repo")
def test_weather_station_snapshot(cluster: Cluster) -> None:
    cluster.request(
        "PUT",
        "_snapshot/storm-cellar",
        body="""{
  "type": "fs",
  "settings": { "location": "/mnt/storm-cellar" }
}""",
    )
