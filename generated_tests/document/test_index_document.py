"""Index API.

Rendered by specgen from document/index-document.asciidoc. Change the page, not this file.
"""

from specgen.replay import Cluster, page_of, page_setup

pytestmark = page_of(
    "document/index-document.asciidoc",
    at="5de22b061abc9041 82 92 102 117 129 139,37:141.11~,46:141.31",
)


@page_setup
def page(cluster: Cluster) -> None:
    cluster.request(
        "PUT",
        "bookshelf",
        body='{ "settings": { "number_of_replicas": 0 } }',
    )


def test_docs_index_example(cluster: Cluster) -> None:
    response = cluster.request(
        "PUT",
        "bookshelf/_doc/walden",
        body="""{
  "title": "Walden",
  "author": "Henry David Thoreau",
  "year": 1854
}""",
        codes=["200", "201", "409"],
    )
    response.matches("""{
  "_index": "bookshelf",
  "_id": "walden",
  "_version": 1,
  "result": "created",
  "_shards": { "total": 1, "successful": 1, "failed": 0 },
  "_seq_no": 0,
  "_primary_term": 1
}""")
    cluster.request(
        "PUT",
        "bookshelf/_create/walden",
        body="""{
  "title": "Walden; or, Life in the Woods"
}""",
        catch="conflict",
        codes=["200", "201", "409"],
    )


def test_docs_index_example_2(cluster: Cluster) -> None:
    response = cluster.request(
        "POST",
        "bookshelf/_doc/",
        body="""{
  "title": "The Maine Woods",
  "author": "Henry David Thoreau",
  "year": 1864
}""",
        codes=["200", "201", "409"],
    )
    response.matches("""{
  "_index": "bookshelf",
  "_id": "$body._id",
  "_version": 1,
  "result": "created",
  "_shards": { "total": 1, "successful": 1, "failed": 0 },
  "_seq_no": 0,
  "_primary_term": 1
}""")
