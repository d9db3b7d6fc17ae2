"""What the API names of YAML REST steps are sent as: `indices.create` is `PUT {index}`.

Each name has its paths, the one with most parts first; the first of which all parts are given
is taken. Parameters that are no part of the path go into the query. The table holds the names
that setups of documentation use, in the forms of 6.x, 7.x and 8.x; `raw` needs no row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

__all__ = ["API_NAMES", "ApiCall", "find_call"]

PART = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class ApiCall:
    """A request that an API name stands for.

    Attributes:
        method: Upper case.
        path: Without a leading slash.
        query: Names and values.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...]


_TABLE = """
bulk                            POST    {index}/{type}/_bulk {index}/_bulk _bulk
cat.aliases                     GET     _cat/aliases/{name} _cat/aliases
cat.count                       GET     _cat/count/{index} _cat/count
cat.indices                     GET     _cat/indices/{index} _cat/indices
cluster.get_settings            GET     _cluster/settings
cluster.health                  GET     _cluster/health/{index} _cluster/health
cluster.put_component_template  PUT     _component_template/{name}
cluster.put_settings            PUT     _cluster/settings
cluster.state                   GET     _cluster/state/{metric}/{index}
cluster.state                   GET     _cluster/state/{metric}
cluster.state                   GET     _cluster/state
count                           GET     {index}/_count _count
create                          PUT     {index}/{type}/{id}/_create {index}/_create/{id}
delete                          DELETE  {index}/{type}/{id} {index}/_doc/{id}
delete_script                   DELETE  _scripts/{id}
enrich.delete_policy            DELETE  _enrich/policy/{name}
enrich.execute_policy           PUT     _enrich/policy/{name}/_execute
enrich.put_policy               PUT     _enrich/policy/{name}
exists                          HEAD    {index}/{type}/{id} {index}/_doc/{id}
get                             GET     {index}/{type}/{id} {index}/_doc/{id}
get_script                      GET     _scripts/{id}
ilm.delete_lifecycle            DELETE  _ilm/policy/{policy}
ilm.put_lifecycle               PUT     _ilm/policy/{policy}
index                           PUT     {index}/{type}/{id} {index}/_doc/{id}
index                           POST    {index}/{type} {index}/_doc
indices.close                   POST    {index}/_close
indices.create                  PUT     {index}
indices.create_data_stream      PUT     _data_stream/{name}
indices.delete                  DELETE  {index}
indices.delete_alias            DELETE  {index}/_alias/{name}
indices.delete_data_stream      DELETE  _data_stream/{name}
indices.delete_index_template   DELETE  _index_template/{name}
indices.delete_template         DELETE  _template/{name}
indices.exists                  HEAD    {index}
indices.flush                   POST    {index}/_flush _flush
indices.forcemerge              POST    {index}/_forcemerge _forcemerge
indices.get                     GET     {index}
indices.get_mapping             GET     {index}/_mapping _mapping
indices.open                    POST    {index}/_open
indices.put_alias               PUT     {index}/_alias/{name}
indices.put_index_template      PUT     _index_template/{name}
indices.put_mapping             PUT     {index}/{type}/_mapping {index}/_mapping
indices.put_settings            PUT     {index}/_settings _settings
indices.put_template            PUT     _template/{name}
indices.refresh                 POST    {index}/_refresh _refresh
indices.rollover                POST    {alias}/_rollover/{new_index} {alias}/_rollover
indices.update_aliases          POST    _aliases
info                            GET     /
ingest.delete_pipeline          DELETE  _ingest/pipeline/{id}
ingest.get_pipeline             GET     _ingest/pipeline/{id} _ingest/pipeline
ingest.put_pipeline             PUT     _ingest/pipeline/{id}
mget                            POST    {index}/{type}/_mget {index}/_mget _mget
ml.open_job                     POST    _ml/anomaly_detectors/{job_id}/_open
ml.post_calendar_events         POST    _ml/calendars/{calendar_id}/events
ml.put_calendar                 PUT     _ml/calendars/{calendar_id}
ml.put_datafeed                 PUT     _ml/datafeeds/{datafeed_id}
ml.put_job                      PUT     _ml/anomaly_detectors/{job_id}
ml.start_datafeed               POST    _ml/datafeeds/{datafeed_id}/_start
msearch                         POST    {index}/_msearch _msearch
nodes.info                      GET     _nodes/{node_id}/{metric}
nodes.info                      GET     _nodes/{metric}
nodes.info                      GET     _nodes/{node_id}
nodes.info                      GET     _nodes
nodes.stats                     GET     _nodes/{node_id}/stats/{metric}
nodes.stats                     GET     _nodes/stats/{metric}
nodes.stats                     GET     _nodes/stats
put_script                      PUT     _scripts/{id}/{context} _scripts/{id}
reindex                         POST    _reindex
rollup.put_job                  PUT     _rollup/job/{id}
rollup.start_job                POST    _rollup/job/{id}/_start
search                          POST    {index}/{type}/_search {index}/_search _search
slm.delete_lifecycle            DELETE  _slm/policy/{policy_id}
slm.put_lifecycle               PUT     _slm/policy/{policy_id}
snapshot.create                 PUT     _snapshot/{repository}/{snapshot}
snapshot.create_repository      PUT     _snapshot/{repository}
snapshot.delete                 DELETE  _snapshot/{repository}/{snapshot}
snapshot.delete_repository      DELETE  _snapshot/{repository}
snapshot.get                    GET     _snapshot/{repository}/{snapshot}
update                          POST    {index}/{type}/{id}/_update {index}/_update/{id}
update_by_query                 POST    {index}/_update_by_query
delete_by_query                 POST    {index}/_delete_by_query
xpack.ml.open_job               POST    _xpack/ml/anomaly_detectors/{job_id}/_open
xpack.ml.post_calendar_events   POST    _xpack/ml/calendars/{calendar_id}/events
xpack.ml.put_calendar           PUT     _xpack/ml/calendars/{calendar_id}
xpack.ml.put_datafeed           PUT     _xpack/ml/datafeeds/{datafeed_id}
xpack.ml.put_job                PUT     _xpack/ml/anomaly_detectors/{job_id}
xpack.ml.start_datafeed         POST    _xpack/ml/datafeeds/{datafeed_id}/_start
xpack.rollup.put_job            PUT     _xpack/rollup/job/{id}
xpack.rollup.start_job          POST    _xpack/rollup/job/{id}/_start
"""

ROWS = tuple(
    (name, method, tuple(paths))
    for name, method, *paths in (line.split() for line in _TABLE.strip().splitlines())
)
API_NAMES = tuple(sorted({name for name, _, _ in ROWS}))


def find_call(name: str, arguments: Mapping[str, str]) -> ApiCall | None:
    """The request that a name with these arguments stands for; None if it lacks a part.

    Args:
        name: Such as `indices.create`; one that is in `API_NAMES`.
        arguments: Everything given but the body.
    """
    for row, method, paths in ROWS:
        for path in paths if row == name else ():
            parts = PART.findall(path)
            if all(part in arguments for part in parts):
                filled = PART.sub(lambda found: _encoded(arguments[found[1]]), path)
                rest = tuple((k, v) for k, v in arguments.items() if k not in parts)
                return ApiCall(method, filled.removeprefix("/"), rest)
    return None


def _encoded(text: str) -> str:
    # A stash reference stays readable: it is put in before anything is sent.
    return quote(text, safe="$,*{}.:@-_")
