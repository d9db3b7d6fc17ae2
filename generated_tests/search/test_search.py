"""Search API.

Rendered by specgen from search/search.asciidoc. Change the page, not this file.
"""

from specgen.replay import Cluster, page_of, page_setup

pytestmark = page_of(
    "search/search.asciidoc",
    at="c367d2069e8dba7d 74 77 92 102,4:103.3~,22:103.12,195:108.18~,207:108.22,299:113.19~,311:113.23 128 141 65+93",
)


@page_setup
def page(cluster: Cluster) -> None:
    cluster.request(
        "PUT",
        "sailings",
        body='{ "mappings": { "properties": { "ship": { "type": "keyword" } } } }',
    )
    cluster.request(
        "POST",
        "sailings/_bulk?refresh",
        body="""{ "index": { "_id": "1" } }
{ "ship": "Heron", "remark": "rough sea, no coffee", "cars": 31 }
{ "index": { "_id": "2" } }
{ "ship": "Heron", "remark": "calm sea", "cars": 40 }
{ "index": { "_id": "3" } }
{ "ship": "Puffin", "remark": "late by ten minutes", "cars": 12 }""",
    )


def test_search_match(cluster: Cluster) -> None:
    response = cluster.request(
        "GET",
        "sailings/_search",
        body="""{
  "query": {
    "match": { "remark": { "query": "calm sea", "operator": "and" } }
  }
}""",
        codes=["200", "400", "404"],
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
        "_index": "sailings",
        "_id": "2",
        "_score": $body.$_path,
        "_source": { "ship": "Heron", "remark": "calm sea", "cars": 40 }
      }
    ]
  }
}""")


def test_search_terms_aggregation(cluster: Cluster) -> None:
    response = cluster.request(
        "GET",
        "sailings/_search?size=0&filter_path=aggregations",
        body="""{
  "aggs": {
    "ships": {
      "terms": { "field": "ship" },
      "aggs": { "cars": { "avg": { "field": "cars" } } }
    }
  }
}""",
        codes=["200", "400", "404"],
    )
    response.matches("""{
  "aggregations": {
    "ships": {
      "doc_count_error_upper_bound": 0,
      "sum_other_doc_count": 0,
      "buckets": [
        { "key": "Heron", "doc_count": 2, "cars": { "value": 35.5 } },
        { "key": "Puffin", "doc_count": 1, "cars": { "value": 12.0 } }
      ]
    }
  }
}""")


def test_status_404_no_such_target(cluster: Cluster) -> None:
    # The page documents 404 (Missing resources) One of the indices does not exist.
    cluster.request(
        "GET",
        "specgen-no-such-target/_search",
        body="""{
  "query": {
    "match": { "remark": { "query": "calm sea", "operator": "and" } }
  }
}""",
        status=404,
    )
