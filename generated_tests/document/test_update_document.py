"""Update API.

Rendered by specgen from document/update-document.asciidoc. Change the page, not this file.
"""

from specgen.replay import Cluster, page_of, page_setup

pytestmark = page_of(
    "document/update-document.asciidoc",
    at="271b143667a5a8e5 69 72 82 90 105 114 124 141",
)


@page_setup
def page(cluster: Cluster) -> None:
    cluster.request(
        "PUT",
        "bookshelf",
        body='{ "settings": { "number_of_replicas": 0 } }',
    )
    cluster.request(
        "PUT",
        "bookshelf/_doc/dracula?refresh",
        body='{ "title": "Dracula", "copies": 3 }',
    )


def test_docs_update_example(cluster: Cluster) -> None:
    response = cluster.request(
        "POST",
        "bookshelf/_update/dracula",
        body="""{
  "doc": { "shelf": "B7" }
}""",
        codes=["200", "201", "404"],
    )
    response.matches("""{
  "_index": "bookshelf",
  "_id": "dracula",
  "_version": 2,
  "result": "updated",
  "_shards": { "total": 1, "successful": 1, "failed": 0 },
  "_seq_no": 1,
  "_primary_term": 1
}""")
    response = cluster.request(
        "POST",
        "bookshelf/_update/dracula?filter_path=_version,result",
        body="""{
  "doc": { "shelf": "B7" }
}""",
        codes=["200", "201", "404"],
    )
    response.matches("""{
  "_version": 2,
  "result": "noop"
}""")


def test_docs_update_example_2(cluster: Cluster) -> None:
    response = cluster.request(
        "POST",
        "bookshelf/_update/dracula?_source=true&filter_path=result,get._source",
        body='''{
  "script": {
    "source": """
      if (ctx._source.copies >= params.wanted) {
        ctx._source.copies -= params.wanted;
      } else {
        ctx.op = 'none';
      }
    """,
    "params": { "wanted": 1 }
  }
}''',
        codes=["200", "201", "404"],
    )
    response.matches("""{
  "result": "updated",
  "get": {
    "_source": {
      "title": "Dracula",
      "copies": 2
    }
  }
}""")
