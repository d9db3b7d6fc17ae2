"""A correction as edits of the page, all else of the request byte for byte as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator

from specgen.dialect.triple_quotes import TRIPLE
from specgen.dialect.values import Request
from specgen.mending.body import Body, children_of
from specgen.mending.corrections.values import Correction, Part
from specgen.mending.corrections.vocabulary import TARGET, path_of
from specgen.mending.members import removals
from specgen.mending.values import Edit, NotMendable, Reason
from specgen.replay.flow import ExpectedUnreadable
from specgen.replay.nodes import Member, ObjectNode
from specgen.source import Span

__all__ = ["correction_edits"]

QUERY = re.compile(r"[^\n?]*\?(?P<query>[^\n]*)")
MAPPINGS = "mappings"
# What a mapping holds besides its own fields (Elasticsearch, Mapping).
OF_MAPPING = re.compile(
    "properties|dynamic(?:_templates|_date_formats)?|date_detection|numeric_detection|enabled"
    "|include_in_all|_[a-z_]+"
)
# What begins with an underscore else is no type, but a part of the mapping.
TYPE = re.compile("_doc|_default_|[^_].*", re.DOTALL)
# What a cluster puts before the name of each setting of an index.
INDEX = "index."


def correction_edits(request: Request, correction: Correction) -> tuple[Edit, ...]:
    """The edits after which a request says what it is to say.

    Returns:
        Stretches of the request's text, and what is to stand there.

    Raises:
        NotMendable: It does not say what is to be corrected, or not in a way that can be edited.
    """
    if correction.part is Part.PATH:
        return (_of_path(request, correction),)
    if correction.part is Part.PARAMETER:
        return (_of_parameter(request, correction),)
    if request.body is None:
        raise _not_there(correction)
    try:
        body = Body(request.body)
    except ExpectedUnreadable as trouble:
        raise NotMendable(Reason.TEXT, f"its body cannot be read: {trouble}") from None
    of_body = _of_level if correction.part is Part.LEVEL else _of_field
    shift = len(request.text.text) - len(body.text)
    edits = of_body(body, correction)
    return tuple(each._replace(start=each.start + shift, end=each.end + shift) for each in edits)


def _of_path(request: Request, correction: Correction) -> Edit:
    found = TARGET.match(request.text.text)
    if found is None or path_of(request) != correction.name:
        raise _not_there(correction)
    old, new, start = correction.name, correction.new, found.start("path")
    # Only what differs has to stand in the page just as it is sent.
    same = _common(old, new)
    rest = _common(old[same:][::-1], new[same:][::-1])
    return _edit(request, start + same, start + len(old) - rest, new[same : len(new) - rest])


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with, both of them."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _of_parameter(request: Request, correction: Correction) -> Edit:
    found = QUERY.match(request.text.text)
    pieces = found["query"].split("&") if found else []
    places = [n for n, each in enumerate(pieces) if each.partition("=")[0] == correction.name]
    if found is None or len(places) != 1:
        raise _not_there(correction)
    start = found.start("query") + sum(len(each) + 1 for each in pieces[: places[0]])
    if correction.new:
        return _edit(request, start, start + len(correction.name), correction.new)
    end = start + len(pieces[places[0]].rstrip())
    if places[0] + 1 < len(pieces):
        return _edit(request, start, end + 1, "")
    return _edit(request, start - 1, end, "")


def _edit(request: Request, start: int, end: int, new: str) -> Edit:
    """An edit of what stands in the page just as it is sent; or, if that is nothing, behind it."""
    first = start if end > start else start - 1
    if not request.text.exact(first, end):
        words = "a substitution made what is sent there"
        raise NotMendable(Reason.SUBSTITUTION, words, "mend the page and its substitution together")
    source, begin, stop = request.text.span(first, end)
    return Edit(start, end, new, Span(source, begin if end > start else stop, stop))


def _of_field(body: Body, correction: Correction) -> Iterator[Edit]:
    name = correction.name.removeprefix(INDEX)
    named = [each for each in _members(body) if each[2].key.removeprefix(INDEX) == name]
    if len(named) != 1:
        raise _not_there(correction)
    container, place, member = named[0]
    if not correction.new:
        if len(container.members) == 1:
            raise NotMendable(Reason.STYLE, "nothing else stands beside it", "mend it by hand")
        yield from removals(body, container, [place])
        return
    quote = body.text[member.start] if body.text[member.start] in "\"'" else ""
    prefix = INDEX if member.key.startswith(INDEX) else ""
    key = f"{quote}{prefix}{correction.new.removeprefix(INDEX)}{quote}"
    yield body.replace(member.start, member.end, key)


def _of_level(body: Body, correction: Correction) -> Iterator[Edit]:
    """Takes a level out: what it holds stands one step less indented where it stood."""
    member, level = _level(body, correction)
    inside = children_of(level)
    body.only_values_between(level.start + 1, level.end - 1, inside)
    first, last = inside[0].start, inside[-1].end
    comma = body.comma_after(last)
    end = last if comma is None else comma + 1
    yield body.remove(member.start, first, to_next=True)
    yield from _less_indented(body, member.start, first, last)
    newline = body.text.find("\n", end, level.end)
    if newline >= 0:
        yield body.remove_lines(end, newline, level.end)
        return
    body.no_callout_after(level.end)
    yield body.remove(end, level.end)


def _level(body: Body, correction: Correction) -> tuple[Member, ObjectNode]:
    """The level around a mapping: all that stands in `mappings`, or in the whole body."""
    members = list(_members(body))
    homes = {id(each.value) for _, _, each in members if each.key == MAPPINGS} | {id(body.root)}
    levels = [
        (member, member.value)
        for container, _, member in members
        if id(container) in homes
        and len(container.members) == 1
        and member.key == (correction.name or member.key) != MAPPINGS
        and TYPE.fullmatch(member.key)
        and isinstance(member.value, ObjectNode)
        and any(OF_MAPPING.fullmatch(each.key) for each in member.value.members)
    ]
    if len(levels) != 1:
        raise _not_there(correction)
    return levels[0]


def _less_indented(body: Body, outer: int, first: int, last: int) -> Iterator[Edit]:
    """Takes the indentation of one level from the lines below the first one."""
    above, below = body.indent_at(outer), body.indent_at(first)
    if above is None or below is None or len(below) <= len(above):
        return
    step, quotes = len(below) - len(above), 0
    before, start = first, body.text.find("\n", first, last) + 1
    while start:
        quotes += body.text.count(TRIPLE, before, start)
        blank = body.text[start : start + step] == " " * step
        if blank and quotes % 2 == 0:
            yield body.remove(start, start + step, to_next=True)
        before, start = start, body.text.find("\n", start, last) + 1


def _members(body: Body) -> Iterator[tuple[ObjectNode, int, Member]]:
    """Each member of each object, with the object and its place there."""
    for container, place in body.owners.values():
        if isinstance(container, ObjectNode):
            yield container, place, container.members[place]


def _not_there(correction: Correction) -> NotMendable:
    words = f"the request does not say `{correction.name}` in one place"
    return NotMendable(Reason.STYLE, words)
