"""cat aliases API.

Rendered by specgen from cat/aliases.asciidoc. Change the page, not this file.
"""

from specgen.replay import Cluster, page_of, page_setup

pytestmark = page_of(
    "cat/aliases.asciidoc",
    at="23d7da86c411b6d3 46 54 68 0:75.1~,1:75.1,6:75.6~,16:75.13,21:75.18~,31:75.25,37:75.31~,41:75.32,54:75.45~,58:75.46,72:75.60~,76:75.61,90:75.75~,95:76.1,106:76.12~,110:76.13,121:76.24~,125:76.25~,128:76.26~,137:76.32,138:76.33~,154:76.46,155:76.47~,172:76.61,173:76.62~,178:77.1,184:77.7~,193:77.13,204:77.24~,208:77.25,209:77.26~,218:77.32,219:77.33~,235:77.46,236:77.47~,253:77.61,254:77.62~,259:78.1,265:78.7~,274:78.13,285:78.24~,289:78.25,290:78.26~,299:78.32,300:78.33~,316:78.46,317:78.47~,334:78.61,338:78.65~ 86 0:91.1~,1:91.1,12:91.12~,16:91.13,20:91.17~,25:92.1,36:92.12~,40:92.13,41:92.14~",
)


@page_setup
def page(cluster: Cluster) -> None:
    cluster.request(
        "PUT",
        "orders-2023",
        body="""{
  "aliases": {
    "orders": {},
    "cake-orders": { "filter": { "term": { "kind": "cake" } } }
  }
}""",
    )
    cluster.request(
        "PUT",
        "orders-2024",
        body="""{
  "aliases": {
    "orders": { "is_write_index": true }
  }
}""",
    )


def test_cat_aliases_example(cluster: Cluster) -> None:
    response = cluster.request(
        "GET",
        "_cat/aliases/*orders?v=true&s=alias,index",
        codes=["200"],
    )
    response.matches(r"""/alias       \s+index       \s+filter \s+routing.index \s+routing.search \s+is_write_index\s*
 cake-orders \s+orders-2023 \s+[*]      \s+-             \s+-              \s+-\s*
 orders      \s+orders-2023 \s+-      \s+-             \s+-              \s+-\s*
 orders      \s+orders-2024 \s+-      \s+-             \s+-              \s+true\s*/""")


def test_cat_aliases_example_2(cluster: Cluster) -> None:
    response = cluster.request(
        "GET",
        "_cat/aliases/orders?h=index,is_write_index&s=is_write_index:desc",
        codes=["200"],
    )
    response.matches(r"""/orders-2024 \s+true\s*
 orders-2023 \s+-\s*/""")
