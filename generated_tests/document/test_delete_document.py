"""Delete API.

Rendered by specgen from document/delete-document.asciidoc. Change the page, not this file.
"""

from specgen.replay import Cluster, page_of, page_setup

pytestmark = page_of(
    "document/delete-document.asciidoc",
    at="db435b0dfb1ba6e1 60 65 78 83 98 104 119 124",
)


@page_setup
def page(cluster: Cluster) -> None:
    cluster.request(
        "PUT",
        "bookshelf",
        body="""{
  "settings": { "number_of_replicas": 0 }
}""",
    )
    cluster.request(
        "PUT",
        "bookshelf/_doc/torn-atlas?refresh",
        body="""{
  "title": "Atlas of the Northern Coast",
  "pages_missing": 12
}""",
    )


def test_docs_delete_example(cluster: Cluster) -> None:
    response = cluster.request(
        "DELETE",
        "bookshelf/_doc/torn-atlas?if_seq_no=0&if_primary_term=1",
        codes=["200", "404", "409"],
    )
    response.matches("""{
  "_index": "bookshelf",
  "_id": "torn-atlas",
  "_version": 2,
  "result": "deleted",
  "_shards": { "total": 1, "successful": 1, "failed": 0 },
  "_seq_no": 1,
  "_primary_term": 1
}""")


def test_docs_delete_example_2(cluster: Cluster) -> None:
    response = cluster.request(
        "DELETE",
        "bookshelf/_doc/lost-atlas",
        catch="missing",
        codes=["200", "404", "409"],
    )
    response.matches("""{
  "_index": "bookshelf",
  "_id": "lost-atlas",
  "_version": 1,
  "result": "not_found",
  "_shards": { "total": 1, "successful": 1, "failed": 0 },
  "_seq_no": 1,
  "_primary_term": 1
}""")


def test_docs_delete_example_3(cluster: Cluster) -> None:
    cluster.request(
        "POST",
        "bookshelf/_update/torn-atlas",
        body="""{
  "doc": { "pages_missing": 0 }
}""",
    )
    cluster.request(
        "DELETE",
        "bookshelf/_doc/torn-atlas?if_seq_no=0&if_primary_term=1",
        catch="conflict",
        codes=["200", "404", "409"],
    )
