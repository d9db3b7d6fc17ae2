"""Paths that a cluster does not know: names of types in them, and words that are misspelt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from specgen.dialect.values import Request
from specgen.mending.corrections.values import Correction, Part
from specgen.mending.corrections.vocabulary import Vocabulary, meant_by, parts_of, path_of

__all__ = ["path_corrections"]

INDEX = "(?P<index>[^/_][^/]*)"
TYPE = "(?:_doc|[^/_][^/]*)"
# The names of types went out of these paths (Elasticsearch, Removal of mapping types).
OF_MAPPINGS = (
    (re.compile(rf"(?:{INDEX}/)?_mappings?/(?!field/)[^/]+(?P<rest>/field/.+)?"), "_mapping{rest}"),
    (re.compile(rf"{INDEX}/{TYPE}/_mappings?"), "_mapping"),
)
# 8.0 takes some of these for documents, and refuses them for what they hold.
OF_APIS = ((re.compile(rf"{INDEX}/{TYPE}/_(?P<api>[a-z_]+(?:/[a-z_]+)?)"), "_{api}"),)
OF_DOCUMENTS = (
    (re.compile(rf"{INDEX}/{TYPE}/(?P<id>[^/_][^/]*)/_(?P<api>[a-z_]+)"), "_{api}/{id}"),
    (re.compile(rf"{INDEX}/[^/_][^/]*/(?P<id>[^/_][^/]*)"), "_doc/{id}"),
    (re.compile(rf"{INDEX}/[^/_][^/]*"), "_doc"),
)
NO_TYPES = re.compile("Types cannot be (?:provided in|specified unless)")
NO_HANDLER = re.compile(r"no handler found for uri|Incorrect HTTP method for uri|\A\Z")
METRIC = re.compile(
    r"contains unrecognized metric: \[(?P<name>\w+)\] -> did you mean \[(?P<meant>\w+)\]"
)
# No path of an API has more words; finding the one that is most like another takes its time.
MOST_PARTS = 4


def path_corrections(request: Request, reason: str, words: Vocabulary) -> Iterator[Correction]:
    """The paths that could have been meant by one that was refused, for this reason."""
    path = path_of(request)
    found = (*_without_types(path, reason), *_meant(path, reason), *_spelled(request, words))
    for new in dict.fromkeys(found):
        if new != path:
            yield Correction(Part.PATH, path, new)


def _without_types(path: str, reason: str) -> Iterator[str]:
    unknown = NO_HANDLER.search(reason) is not None
    of_mappings = OF_MAPPINGS if unknown or NO_TYPES.search(reason) else ()
    of_documents = OF_DOCUMENTS if unknown else ()
    slash = "/" if path.startswith("/") else ""
    for pattern, rest in (*of_mappings, *OF_APIS, *of_documents):
        if found := pattern.fullmatch(path.removeprefix("/")):
            named = {name: value or "" for name, value in found.groupdict().items()}
            index = f"{named['index']}/" if named["index"] else ""
            yield f"{slash}{index}{rest.format(**named)}"


def _meant(path: str, reason: str) -> Iterator[str]:
    """A path with the metric that the cluster thinks of."""
    if found := METRIC.search(reason):
        yield re.sub(rf"\b{found['name']}\b", found["meant"], path)


def _spelled(request: Request, words: Vocabulary) -> Iterator[str]:
    """A path with a word of other requests in place of one that is much like it."""
    parts = path_of(request).split("/")
    for place, part in islice(parts_of(request), MOST_PARTS):
        if meant := meant_by(part, words.parts):
            yield "/".join([*parts[:place], meant, *parts[place + 1 :]])
