"""cat indices API.

Rendered by specgen from cat/indices.asciidoc. Change the page, not this file.
"""

from collections.abc import Iterator

from specgen.replay import Cluster, page_of, page_setup

pytestmark = page_of(
    "cat/indices.asciidoc",
    at="9f924d4885332a22 53 58 63 72 73 82 0:89.1~,1:89.1,7:89.7~,11:89.8,17:89.14~,21:89.15,26:89.20~,40:89.31,44:89.35~,66:89.54,69:89.57~,73:89.58,76:89.61~,80:89.62,90:89.72~,94:89.73,106:89.85~,110:89.86,120:89.96~,124:89.97,138:89.111~,142:89.112,154:89.124~,159:90.1,164:90.6~,169:90.8,173:90.12~,179:90.15,194:90.30~,198:90.31~,207:90.53~,213:90.56,214:90.57~,220:90.60,221:90.61~,234:90.71,235:90.72~,250:90.84,251:90.85~,260:90.91~,273:90.96~,286:90.106~,299:90.111~,310:90.119~,323:90.124~ 99 0:104.1~,1:104.1,6:104.6~,20:104.17,23:104.20~,27:104.21,37:104.31~,42:105.1,57:105.16~,63:105.19,64:105.20~,77:105.30,78:105.31~,83:106.1,98:106.16~,104:106.19,105:106.20~,118:106.30,119:106.31~ 114 119 44",
)


@page_setup
def page(cluster: Cluster) -> Iterator[None]:
    try:
        cluster.request(
            "PUT",
            "timetable-north",
            body="""{
  "settings": { "number_of_shards": 2, "number_of_replicas": 0 }
}""",
        )
        cluster.request(
            "PUT",
            "timetable-south",
            body="""{
  "settings": { "number_of_replicas": 0 }
}""",
        )
        cluster.request(
            "PUT",
            "timetable-south/_doc/1?refresh",
            body="""{
  "leaves": "07:40"
}""",
        )
        yield
    finally:
        cluster.request("DELETE", "timetable-north")
        cluster.request("DELETE", "timetable-south")


def test_cat_indices_example(cluster: Cluster) -> None:
    response = cluster.request(
        "GET",
        "_cat/indices/timetable-south?v=true",
        codes=["200", "404"],
    )
    response.matches(r"""/health \s+status \s+index           \s+uuid                   \s+pri \s+rep \s+docs.count \s+docs.deleted \s+store.size \s+pri.store.size \s+dataset.size\s*
 green  \s+open   \s+timetable-south \s+[\w-]{22}   \s+1   \s+0          \s+1            \s+0      \s+[\d.]+[kmg]?b          \s+[\d.]+[kmg]?b        \s+[\d.]+[kmg]?b\s*/""")


def test_cat_indices_example_2(cluster: Cluster) -> None:
    response = cluster.request(
        "GET",
        "_cat/indices/timetable-*?v=true&h=index,pri,docs.count&s=index",
        codes=["200", "404"],
    )
    response.matches(r"""/index           \s+pri \s+docs.count\s*
 timetable-north   \s+2          \s+0\s*
 timetable-south   \s+1          \s+1\s*/""")


def test_cat_indices_example_3(cluster: Cluster) -> None:
    response = cluster.request(
        "GET",
        "_cat/indices/timetable-north?h=index,pri&format=json",
        codes=["200", "404"],
    )
    response.matches("""[
  {
    "index": "timetable-north",
    "pri": "2"
  }
]""")


def test_status_404_no_such_target(cluster: Cluster) -> None:
    # The page documents 404 (Missing resources) An index that is named does not exist.
    cluster.request("GET", "_cat/indices/specgen-no-such-target?v=true", status=404)
