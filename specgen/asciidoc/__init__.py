"""AsciiDoc: lines, includes, attributes, blocks, sections. Knows no Elasticsearch and no tests."""
