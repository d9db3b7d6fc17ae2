"""What a request that writes names, in its path and in its body.

A table says where names stand in the paths of requests that keep to what they name. What is
not in it may change anything, and the same holds of a body that cannot be read: who asks is
told why nothing is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from specgen.target.named_bodies import READERS, Named, Reader, unknown
from specgen.target.values import Call

__all__ = ["Named", "in_scope", "named_by", "out_of_scope"]

# Methods, path, and what reads the body. `<n>` is a list of names, `<t>` a type of old, `<id>`
# any segment, brackets are optional; without a leading `[<n>/]` all is meant. Left out on
# purpose: what makes things whose names the cluster gives (`POST _connector`), what acts by
# itself later on (SLM, watches), and what restores (it names what it makes by a pattern).
_TABLE = """
PUT              <n>                                     index
DELETE           <n>                                     nothing
PUT,POST,DELETE  <n>/_doc[/<id>]                         document
PUT,POST         <n>/_create/<id>                        document
POST             <n>/_update/<id>                        document
PUT,POST,DELETE  <n>/<t>[/<id>]                          document
PUT,POST         <n>/<t>/<id>/_create                    document
POST             <n>/<t>/<id>/_update                    document
PUT,POST         [<n>/[<t>/]]_bulk                       bulk
POST             [<n>/[<t>/]]_delete_by_query            document
POST             [<n>/[<t>/]]_update_by_query            document
POST             _reindex                                reindex
GET,POST         [<n>/]_refresh                          nothing
GET,POST         [<n>/]_flush[/synced]                   nothing
GET,POST         [<n>/]_forcemerge                       nothing
GET,POST         [<n>/]_cache/clear                      nothing
POST             [<n>/]_close                            nothing
POST             [<n>/]_open                             nothing
POST             [<n>/]_freeze                           nothing
POST             [<n>/]_unfreeze                         nothing
POST             <n>/_pit                                nothing
PUT              <n>/_block/<id>                         nothing
PUT,POST         [<n>/]_settings                         settings
PUT,POST         [<n>/]_mapping[/<t>]                    document
PUT,POST         [<n>/]_mappings[/<t>]                   document
PUT,POST         <n>/<t>/_mapping                        document
POST             <n>/_rollover[/<n>]                     index
PUT,POST         <n>/_shrink/<n>                         index
PUT,POST         <n>/_split/<n>                          index
PUT,POST         <n>/_clone/<n>                          index
PUT,POST,DELETE  <n>/_alias/<n>                          alias
PUT,POST,DELETE  <n>/_aliases/<n>                        alias
POST             _aliases                                aliases
PUT,DELETE       _data_stream/<n>                        nothing
PUT,POST,DELETE  _template/<n>                           template
PUT,POST,DELETE  _index_template/<n>                     template
PUT,POST,DELETE  _component_template/<n>                 template
PUT,DELETE       _ingest/pipeline/<n>                    pipeline
PUT,DELETE       _search/pipeline/<n>                    document
PUT,POST,DELETE  _scripts/<n>[/<id>]                     document
PUT,POST,DELETE  _snapshot/<n>                           document
PUT,POST,DELETE  _snapshot/<n>/<n>                       document
POST             _snapshot/<n>/_verify                   nothing
PUT,DELETE       _ilm/policy/<n>                         document
PUT,DELETE       _enrich/policy/<n>                      document
PUT,POST         _enrich/policy/<n>/_execute             nothing
PUT,DELETE       _connector/<n>                          connector
PUT,POST         _connector/<n>/<id>                     connector
PUT,DELETE       _transform/<n>                          transform
POST             _transform/<n>/_start                   nothing
POST             _transform/<n>/_stop                    nothing
PUT,DELETE       _query_rules/<n>                        document
PUT,DELETE       _synonyms/<n>[/<id>]                    document
PUT,DELETE       _logstash/pipeline/<n>                  document
PUT,DELETE       _application/search_application/<n>     document
"""
_BRACES = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
# Where the part of a name ends that is the same whatever it comes to mean.
_NOT_FIXED = re.compile(r"[*{].*", re.DOTALL)
# What no name of one cluster holds: the name of another one, or what is decoded once more.
_FOREIGN = re.compile(r"[:%/\\\s]")


@dataclass(frozen=True, slots=True)
class _Row:
    methods: frozenset[str]
    path: re.Pattern[str]
    reader: Reader
    all_without: bool


def _row(line: str) -> _Row:
    methods, shape, reader = line.split()
    marks = {"<n>": "(_all|(?!_)[^/]+)", "<t>": "(?!_)[^/]+", "<id>": "[^/]+"}
    marks |= {"[": "(?:", "]": ")?"}
    parts = re.findall(r"<n>|<t>|<id>|[\[\]]|[^<\[\]]+", shape)
    pattern = "".join(marks.get(part, re.escape(part)) for part in parts)
    return _Row(
        frozenset(methods.split(",")),
        re.compile(pattern),
        READERS[reader],
        shape.startswith("[<n>"),
    )


_ROWS = tuple(_row(line) for line in _TABLE.strip().splitlines())


def named_by(call: Call) -> Named:
    """What a call that writes names: by itself, by a wildcard, or nothing that is known.

    Where a request means all, the name is `_all`.
    """
    path = _decoded(call.path)
    for row in _ROWS if path is not None else ():
        if call.method in row.methods and (found := row.path.fullmatch(path or "")):
            break
    else:
        return unknown(f"{call.method} {call.path} is not known to keep to what it names")
    lists = [group for group in found.groups() if group is not None]
    names = tuple(name for each in lists for name in each.split(","))
    if any(name == "source" for name, _ in call.query):
        return unknown("the body stands in the query")
    asked = tuple(
        name
        for parameter, value in call.query
        if parameter in {"pipeline", "index"} and value != "_none"
        for name in value.split(",")
    )
    named = row.reader(call.body, names)
    if row.all_without and not names and not named.names:
        names = ("_all",)
    return Named((*names, *asked, *named.names), named.patterns, named.why)


def out_of_scope(call: Call, prefix: str) -> str:
    """Why a call that writes is not kept to names with a prefix; empty if it is.

    Args:
        call: A call that does not only read.
        prefix: As `--scope` was given.
    """
    named = named_by(call)
    if named.why:
        return f"out of scope: {named.why}"
    outside = (name for name in (*named.names, *named.patterns) if not in_scope(name, prefix))
    if (name := next(outside, None)) is not None:
        return f"out of scope: names {name or 'nothing'}"
    return ""


def in_scope(name: str, prefix: str) -> bool:
    """Whether all that a name can come to mean begins with a prefix.

    A wildcard or date math begins as far as it is fixed: `tide-*`, `<tide-{now/d}>`. The
    backing indices of a data stream are those of its name.
    """
    fixed = _NOT_FIXED.sub("", name.removeprefix("<"))
    fixed = fixed.removeprefix(".ds-") if not prefix.startswith(".ds-") else fixed
    return fixed.startswith(prefix) and not _FOREIGN.search(fixed)


def _decoded(path: str) -> str | None:
    """A path as its segments are meant, date math as `{}`; None if that could be two things."""
    path = path.partition("?")[0].removeprefix("/").removesuffix("/")
    whole = _BRACES.sub("{}", unquote(path))
    apart = "/".join(_BRACES.sub("{}", unquote(part)) for part in path.split("/"))
    if whole != apart or whole.count("/") != path.count("/"):
        return None
    return whole
