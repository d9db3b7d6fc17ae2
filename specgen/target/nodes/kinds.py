"""The clusters that specgen can start as processes of their own, as values."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["COMPILER", "JAVA_NODES", "NODES", "OSMEM", "JavaNode"]

COMPILER = "compiler.txt"
"""The list of jars that compile a node's class; it needs a Java runtime and no JDK."""


@dataclass(frozen=True, slots=True)
class JavaNode:
    """A node that boots from jars of Maven Central.

    Attributes:
        name: As people call it, for `--target` and `specgen cluster`.
        jars: The committed list of its jars, in this folder.
        main: Its class; the source and the settings of its log bear the same name.
        java: The oldest Java that its jars run on.
        options: Given to the Java runtime.
        modules: The plugins to load, by class: what the distribution brings along.
    """

    name: str
    jars: str
    main: str
    java: int
    options: tuple[str, ...]
    modules: tuple[str, ...]


_ELASTICSEARCH = JavaNode(
    name="elasticsearch-7.10",
    jars="elasticsearch-7.10.txt",
    main="ElasticsearchNode",
    java=17,
    options=("-Des.distribution.flavor=oss", "-Des.distribution.type=tar"),
    modules=(
        "org.elasticsearch.analysis.common.CommonAnalysisPlugin",
        "org.elasticsearch.index.mapper.MapperExtrasPlugin",
        "org.elasticsearch.index.rankeval.RankEvalPlugin",
        "org.elasticsearch.index.reindex.ReindexPlugin",
        "org.elasticsearch.ingest.common.IngestCommonPlugin",
        "org.elasticsearch.ingest.useragent.IngestUserAgentPlugin",
        "org.elasticsearch.join.ParentJoinPlugin",
        "org.elasticsearch.painless.PainlessPlugin",
        "org.elasticsearch.percolator.PercolatorPlugin",
        "org.elasticsearch.plugin.repository.url.URLRepositoryPlugin",
        "org.elasticsearch.script.expression.ExpressionPlugin",
        "org.elasticsearch.script.mustache.MustachePlugin",
        "org.elasticsearch.search.aggregations.matrix.MatrixAggregationPlugin",
        "org.elasticsearch.transport.Netty4Plugin",
    ),
)

_OPENSEARCH = JavaNode(
    name="opensearch-3.8",
    jars="opensearch-3.8.txt",
    main="OpenSearchNode",
    java=21,
    options=("-Dopensearch.distribution.type=tar", "--enable-native-access=ALL-UNNAMED"),
    modules=(
        "org.opensearch.analysis.common.CommonAnalysisModulePlugin",
        "org.opensearch.geo.GeoModulePlugin",
        "org.opensearch.index.mapper.MapperExtrasModulePlugin",
        "org.opensearch.index.rankeval.RankEvalModulePlugin",
        "org.opensearch.index.reindex.ReindexModulePlugin",
        "org.opensearch.ingest.common.IngestCommonModulePlugin",
        "org.opensearch.ingest.useragent.IngestUserAgentModulePlugin",
        "org.opensearch.join.ParentJoinModulePlugin",
        "org.opensearch.painless.PainlessModulePlugin",
        "org.opensearch.percolator.PercolatorModulePlugin",
        "org.opensearch.plugin.repository.url.URLRepositoryModulePlugin",
        "org.opensearch.script.expression.ExpressionModulePlugin",
        "org.opensearch.script.mustache.MustacheModulePlugin",
        "org.opensearch.search.aggregations.matrix.MatrixAggregationModulePlugin",
        "org.opensearch.transport.Netty4ModulePlugin",
    ),
)

JAVA_NODES = (_ELASTICSEARCH, _OPENSEARCH)
"""The real nodes."""

OSMEM = "osmem"
"""The in-memory server of the package osmem-server, which answers as OpenSearch."""

NODES = (*(kind.name for kind in JAVA_NODES), OSMEM)
"""The names of all that run as processes of their own, but for the embedded engine."""
