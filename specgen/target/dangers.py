"""Requests that reach further than the indices of a cluster, each kind with a name.

A cluster that specgen started may be told anything. On any other, what is dangerous needs a
permission: some kinds harm nothing but what the cluster holds, and `--disposable` is enough;
for the others `--allow NAME` must be said. docs/reference/safety.asciidoc has the same table for
people.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from specgen.target.guard import plain_path, reads_only
from specgen.target.names import named_by
from specgen.target.values import Call

__all__ = ["DANGERS", "Danger", "danger_of", "question_before", "would_make"]


@dataclass(frozen=True, slots=True)
class Danger:
    """One kind of dangerous request.

    Attributes:
        name: What `--allow` takes.
        does: What such a request does, as a sentence goes on after the request.
        requests: Matches the whole path of one; percent-encoding is seen through.
        by_disposable: Whether `--disposable` is permission enough.
        looks: Says of a call that is not known by its path whether it is one.
    """

    name: str
    does: str
    requests: re.Pattern[str]
    by_disposable: bool = False
    looks: Callable[[Call, Collection[str]], bool] | None = None


def danger_of(call: Call, made: Collection[str] = ()) -> Danger | None:
    """What is dangerous about a call; None if nothing is.

    Args:
        call: The call, as it would be sent.
        made: The snapshot repositories (`shed`) and snapshots (`shed/monday`) of this run.
    """
    if reads_only(call.method, call.path, call.query, call.body):
        return None
    path = plain_path(call.path)
    if path is None:  # it climbs: nothing like it is ever sent
        return None
    for danger in DANGERS:
        if danger.requests.fullmatch(path) or (danger.looks and danger.looks(call, made)):
            return danger
    return None


def would_make(call: Call) -> str:
    """The repository or snapshot that a call makes, if it succeeds; empty for any other."""
    parts = _parts(call)
    if parts[:1] != ["_snapshot"] or call.method not in {"PUT", "POST"}:
        return ""
    if len(parts) == 5 and parts[3] == "_clone":
        return f"{parts[1]}/{parts[4]}"
    return "/".join(parts[1:]) if len(parts) in {2, 3} and parts[-1][0] != "_" else ""


def question_before(call: Call, made: Collection[str]) -> Call | None:
    """What to ask before a call: one that registers a repository may take over an existing one."""
    name = would_make(call)
    if not name or "/" in name or name in made:
        return None
    return Call("GET", call.path)


def _parts(call: Call) -> list[str]:
    return (plain_path(call.path) or "").split("/")


def _touches_snapshots(call: Call, made: Collection[str]) -> bool:
    """Whether a call changes or deletes a repository or snapshot that this run did not make."""
    parts = _parts(call)
    if parts[0] != "_snapshot" or len(parts) < 2 or parts[-1] in {"_verify", "_restore", "_mount"}:
        return False
    if call.method != "DELETE":
        return parts[-1].startswith("_") and parts[1] not in made
    within = f"{parts[1]}/" if len(parts) > 2 else ""
    return any(f"{within}{name}" not in made for name in parts[-1].split(","))


def _asks_other_hosts(call: Call, made: Collection[str]) -> bool:
    """Whether a reindex reads from another cluster, or a repository stands at another host.

    A body that cannot be read, or stands in the query, may say so.
    """
    parts = _parts(call)
    registers = parts[0] == "_snapshot" and len(parts) == 2 and call.method != "DELETE"
    if parts != ["_reindex"] and not registers:
        return False
    if any(name == "source" for name, _ in call.query):
        return True
    try:
        document = json.loads(call.body or b"{}")
        if registers:
            return document.get("type", "fs") not in {"fs", "source"}
        return "remote" in document.get("source", {})
    except (ValueError, AttributeError, TypeError, RecursionError):
        return True


def _means_all(call: Call, made: Collection[str]) -> bool:
    """Whether a call names what it changes or deletes by a wildcard, or means all."""
    if call.method == "DELETE":
        parts = _parts(call)
        if not parts[0].startswith("_") or parts[0] == "_all":  # what follows may be a document
            parts = [parts[0], *(parts[2:3] if parts[1:2] in (["_alias"], ["_aliases"]) else ())]
        return any(name == "_all" or "*" in name for name in re.split("[/,]", "/".join(parts)))
    return any(name == "_all" or "*" in name for name in named_by(call).names)


def _kind(
    name: str,
    does: str,
    requests: str = "(?!)",
    *,
    by_disposable: bool = False,
    looks: Callable[[Call, Collection[str]], bool] | None = None,
) -> Danger:
    return Danger(name, does, re.compile(requests), by_disposable, looks)


# Source of the paths: the REST API specifications of Elasticsearch 6 to 8 and OpenSearch.
DANGERS = (
    _kind("shutdown", "ends nodes",
          r"(?:_cluster/nodes/(?:[^/]+/)?)?_shutdown|_nodes/[^/]+/shutdown"),
    _kind("security", "changes who may do what",
          r"(?:_xpack/|_plugins/_|_opendistro/_|_)security(?:/.*)?"
          r"|_nodes/(?:[^/]+/)?reload_secure_settings"),
    _kind("license", "changes the licence", r"(?:_xpack/|_)license(?:/.*)?"),
    _kind("snapshots", "changes backups that this run did not make",
          r"_slm/_execute_retention", looks=_touches_snapshots),
    _kind("remote", "has the cluster speak to other hosts",
          r"(?:[^/]+/)?_ccr/.*|(?:_xpack/|_)watcher/watch/.*|_inference/.*"
          r"|_plugins/_replication/.*",
          looks=_asks_other_hosts),
    _kind("cluster-settings", "changes settings of the whole cluster", r"_cluster/settings",
          by_disposable=True),
    _kind("reroute", "moves shards, or changes who votes",
          r"_cluster/reroute|_cluster/voting_config_exclusions(?:/.*)?", by_disposable=True),
    _kind("services", "stops or resets a service of the whole cluster",
          r"_(?:ilm|slm)/(?:start|stop)|(?:_xpack/|_)watcher/_?(?:start|stop|restart)"
          r"|(?:_xpack/|_)ml/set_upgrade_mode|_tasks/(?:[^/]+/)?_cancel|_features/_reset"
          r"|_dangling/.*|_migration/.*", by_disposable=True),
    _kind("wildcards", "means all, or a wildcard", by_disposable=True, looks=_means_all),
)  # fmt: skip
