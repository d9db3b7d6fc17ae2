"""Get API.

Rendered by specgen from document/get-document.asciidoc. Change the page, not this file.
"""

from collections.abc import Iterator

from specgen.replay import Cluster, page_of, page_setup

pytestmark = page_of(
    "document/get-document.asciidoc",
    at="a7abfe6020490f60 72 83 90 95 114 119 129 136 142",
)


@page_setup
def page(cluster: Cluster) -> Iterator[None]:
    try:
        cluster.request(
            "PUT",
            "bookshelf/_doc/emma?refresh",
            body="""{
  "title": "Emma",
  "author": "Jane Austen",
  "year": 1815
}""",
        )
        yield
    finally:
        cluster.request("DELETE", "bookshelf")


def test_docs_get_example(cluster: Cluster) -> None:
    response = cluster.request("GET", "bookshelf/_doc/emma", codes=["200", "404"])
    response.matches("""{
  "_index": "bookshelf",
  "_id": "emma",
  "_version": 1,
  "_seq_no": 0,
  "_primary_term": 1,
  "found": true,
  "_source": {
    "title": "Emma",
    "author": "Jane Austen",
    "year": 1815
  }
}""")


def test_docs_get_example_2(cluster: Cluster) -> None:
    response = cluster.request(
        "GET",
        "bookshelf/_source/emma?_source_excludes=year",
        codes=["200", "404"],
    )
    response.matches("""{
  "title": "Emma",
  "author": "Jane Austen"
}""")


def test_docs_get_example_3(cluster: Cluster) -> None:
    cluster.request("HEAD", "bookshelf/_doc/emma", codes=["200", "404"])


def test_docs_get_example_4(cluster: Cluster) -> None:
    response = cluster.request(
        "GET",
        "bookshelf/_doc/persuasion",
        catch="missing",
        codes=["200", "404"],
    )
    response.matches("""{
  "_index": "bookshelf",
  "_id": "persuasion",
  "found": false
}""")
