"""What a schema says of types and fields, references and combinations followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from specgen.contract.openapi.node import Node, Value
from specgen.contract.shapes import name_of_type

__all__ = [
    "NO_FIELDS",
    "Fields",
    "Property",
    "fields_of_any",
    "types_of_any",
    "value_of_map",
]

# Keywords that say what an object has by other schemas.
COMBINING = frozenset({"$ref", "allOf", "anyOf", "oneOf"})

# How many schemas may stand around a map.
DEEPEST_MAP = 5

Seen = frozenset[str]
NONE_SEEN: Seen = frozenset()


@dataclass(frozen=True, slots=True)
class Property:
    """A field of an object.

    Attributes:
        schemas: What it may hold: one of them, if it is a field of alternatives.
        required: Whether it must be there.
        deprecated: Whether the document says that it is on its way out.
    """

    schemas: tuple[Node, ...]
    required: bool
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields that a schema names.

    Attributes:
        named: By name.
        open: Whether there may be others: it says so, or it says nothing of fields at all.
    """

    named: Mapping[str, Property] = field(default_factory=lambda: MappingProxyType({}))
    open: bool = True


NO_FIELDS = Fields()


def types_of(schema: Node, seen: Seen = NONE_SEEN) -> frozenset[str] | None:
    """The JSON types that a schema allows, integers being numbers; None for any.

    Raises:
        UsageProblem: A reference leads nowhere.
    """
    value = schema.value
    if not isinstance(value, Mapping) or schema.uri in seen:
        return None
    seen = seen | {schema.uri}
    parts = [_own_types(value)]
    if target := schema.referred():
        parts.append(types_of(target, seen))
    parts += [types_of(part, seen) for part in _under(schema, "allOf")]
    for key in ("anyOf", "oneOf"):
        if choices := [types_of(part, seen) for part in _under(schema, key)]:
            known = [each for each in choices if each is not None]
            whole = len(known) == len(choices)
            parts.append(frozenset().union(*known) if whole else None)
    told = [part for part in parts if part is not None]
    if not told:
        return None
    types = frozenset.intersection(*told)
    return types | {"null"} if value.get("nullable") is True else types


def types_of_any(schemas: Sequence[Node]) -> frozenset[str] | None:
    """The JSON types that one of several schemas allows; None for any.

    Raises:
        UsageProblem: A reference leads nowhere.
    """
    every = [types_of(schema) for schema in schemas]
    known = [each for each in every if each is not None]
    return frozenset().union(*known) if known and len(known) == len(every) else None


def _own_types(value: Mapping[str, Value]) -> frozenset[str] | None:
    named = value.get("type")
    if isinstance(named, str):
        return frozenset({_plain(named)})
    if isinstance(named, list):
        return frozenset(_plain(str(each)) for each in named)
    if isinstance(value.get("enum"), list):
        return frozenset(name_of_type(each) for each in value["enum"])
    if "const" in value:
        return frozenset({name_of_type(value["const"])})
    return frozenset({"object"}) if "properties" in value else None


def _plain(name: str) -> str:
    return "number" if name == "integer" else name


def fields_of_schema(schema: Node, seen: Seen = NONE_SEEN) -> Fields:
    """The fields of the objects that a schema allows, or that lists of it hold.

    Several schemas of which all must hold, or one, are taken together; of alternatives a field
    is required only if it is in each.

    Raises:
        UsageProblem: A reference leads nowhere.
    """
    if not isinstance(schema.value, Mapping) or schema.uri in seen:
        return NO_FIELDS
    seen = seen | {schema.uri}
    parts = [_own_fields(schema)]
    if target := schema.referred():
        parts.append(fields_of_schema(target, seen))
    parts += [fields_of_schema(part, seen) for part in _under(schema, "allOf")]
    for key in ("anyOf", "oneOf"):
        if any(_under(schema, key)):
            parts.append(_one_of(tuple(_under(schema, key)), seen))
    items = next((node for name, node in schema.members() if name == "items"), None)
    if items is not None:
        parts.append(fields_of_schema(items, seen))
    return _together([part for part in parts if part is not None])


def fields_of_any(schemas: Sequence[Node]) -> Fields:
    """The same of several schemas of which one holds.

    Raises:
        UsageProblem: A reference leads nowhere.
    """
    return _one_of(schemas, NONE_SEEN) or NO_FIELDS


def _own_fields(schema: Node) -> Fields | None:
    value = schema.value
    may_have_more = value.get("additionalProperties") not in (None, False)
    listed = schema.get("properties") if "properties" in value else None
    if listed is None or not isinstance(listed.value, Mapping):
        # An object of which no fields are told may have any.
        bare = value.get("type") == "object" and not COMBINING & set(value)
        return NO_FIELDS if may_have_more or bare else None
    required = value.get("required")
    needed = {str(each) for each in required} if isinstance(required, list) else set()
    named = {
        name: Property((node,), name in needed, _deprecated(node))
        for name, node in listed.members()
    }
    return Fields(MappingProxyType(named), may_have_more)


def value_of_map(schema: Node) -> Node | None:
    """The schema of the values of a map, whose keys are the caller's; None if it is none.

    Raises:
        UsageProblem: A reference leads nowhere.
    """
    for _ in range(DEEPEST_MAP):
        more = schema.get("additionalProperties")
        if (
            more is not None
            and isinstance(more.value, Mapping)
            and "properties" not in schema.followed().value
        ):
            return more
        inside = next(_under(schema.followed(), "allOf"), None)
        if inside is None:
            return None
        schema = inside
    return None


def _deprecated(node: Node) -> bool:
    return isinstance(node.value, Mapping) and node.value.get("deprecated") is True


def _one_of(schemas: Sequence[Node], seen: Seen) -> Fields | None:
    """What any of several schemas names; those that allow no object and no list do not count."""
    found = []
    for part in schemas:
        types = types_of(part)
        if types is None or types & {"object", "array"}:
            found.append(fields_of_schema(part, seen))
    if not found:
        return None
    together = _together(found)
    named = {
        name: Property(
            each.schemas,
            all(name in part.named and part.named[name].required for part in found),
            each.deprecated,
        )
        for name, each in together.named.items()
    }
    return Fields(MappingProxyType(named), any(part.open for part in found))


def _together(parts: list[Fields]) -> Fields:
    if not parts:
        return NO_FIELDS
    named: dict[str, Property] = {}
    for part in parts:
        for name, each in part.named.items():
            before = named.get(name)
            required = each.required or (before is not None and before.required)
            schemas = (*(before.schemas if before else ()), *each.schemas)
            named[name] = Property(schemas, required, each.deprecated)
    return Fields(MappingProxyType(named), any(part.open for part in parts))


def _under(schema: Node, key: str) -> Iterator[Node]:
    for name, node in schema.members():
        if name == key:
            yield from node.items()
