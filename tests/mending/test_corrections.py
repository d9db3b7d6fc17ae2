"""What a refusal says of a request, and the page after it: in the words that real clusters use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import asks, page

from specgen.files import MemoryFiles
from specgen.mending.corrections.edits import correction_edits
from specgen.mending.corrections.told import corrections_for
from specgen.mending.corrections.values import Correction, Part
from specgen.mending.corrections.vocabulary import meant_by, vocabulary_of
from specgen.mending.page_bytes import edited_bytes
from specgen.mending.values import NotMendable
from specgen.plan.reading import stages_of
from specgen.plan.values import PagePlan, RequestStep
from specgen.replay.answered import Answered

PAGE = "page.adoc"
# What other requests of the pages say.
WORDS = page(
    asks('GET kites/_search?size=1\n{"query": {"bool": {"must": []}}}', name="one"),
    asks("GET _cat/indices?v", name="two"),
    asks("POST kites/_refresh", name="three"),
)


def planned(data: bytes) -> PagePlan:
    return stages_of(MemoryFiles({PAGE: data}), PAGE).plan


def step_in(plan: PagePlan) -> RequestStep:
    (step,) = (each for case in plan.cases for each in case.steps if isinstance(each, RequestStep))
    return step


def asked_in(data: bytes) -> str:
    """The text of the only request of a page."""
    return step_in(planned(data)).request.text.text


def corrected(data: bytes, correction: Correction) -> bytes:
    step = step_in(planned(data))
    edits = correction_edits(step.request, correction)
    return edited_bytes(step.span.source, [(each.page, each.text) for each in edits])


def proposed(request: str, reason: str, status: int = 400, marker: str = "") -> Iterator[str]:
    """What a page could ask instead of a request that was refused, the likeliest first."""
    data = page(asks(request, marker)).encode()
    words = vocabulary_of([planned(WORDS.encode())])
    told = Answered(status, reason)
    for each in corrections_for(step_in(planned(data)).request, told, words):
        try:
            changed = corrected(data, each)
        except NotMendable:
            continue
        yield asked_in(changed)


MAPPING = """PUT kites
{
  "settings": {"number_of_shards": 1},
  "mappings": {
    "_doc": {
      "properties": {
        "wind": { "type": "float" }, <1>
        "note": {
          "type": "text"
        }
      }
    }
  }
}"""
UNWRAPPED = """PUT kites
{
  "settings": {"number_of_shards": 1},
  "mappings": {
    "properties": {
      "wind": { "type": "float" },
      "note": {
        "type": "text"
      }
    }
  }
}"""
NESTED = (
    "illegal_argument_exception: The mapping definition cannot be nested under a type [_doc] "
    "unless include_type_name is set to true."
)
UNSUPPORTED = (
    "mapper_parsing_exception: Failed to parse mapping [_doc]: "
    "Root mapping definition has unsupported parameters:  "
)
NO_TYPES = (
    "illegal_argument_exception: Types cannot be provided in put mapping requests, unless the "
    "include_type_name parameter is set to true."
)
UNRECOGNIZED = "illegal_argument_exception: request [/kites] contains unrecognized "


@pytest.mark.parametrize(
    ("request_", "reason", "wanted"),
    [
        (MAPPING, NESTED, UNWRAPPED),
        # OpenSearch does not say which type.
        (MAPPING, NESTED.partition(" [_doc]")[0], UNWRAPPED),
        (
            MAPPING.replace("_doc", "tweet"),
            f"{UNSUPPORTED}[tweet : {{properties={{wind={{type=float}}}}]",
            UNWRAPPED,
        ),
        (
            'PUT kites\n{"mappings": {"tweet": {"properties": {"a": {"type": "text"}}}}}',
            f"{UNSUPPORTED}[tweet : {{properties={{a={{type=text}}}}}}]",
            'PUT kites\n{"mappings": {"properties": {"a": {"type": "text"}}}}',
        ),
        (
            'PUT kites/_mapping\n{\n  "_doc": {\n    "properties": {"a": {"type": "text"}}\n  }\n}',
            NO_TYPES,
            'PUT kites/_mapping\n{\n  "properties": {"a": {"type": "text"}}\n}',
        ),
        (
            'PUT kites/_mapping/_doc\n{"properties": {}}',
            NO_TYPES,
            'PUT kites/_mapping\n{"properties": {}}',
        ),
        ("GET /kites/_mapping/tweet", NO_TYPES, "GET /kites/_mapping"),
        ("GET _mapping/tweet/field/wind", NO_TYPES, "GET _mapping/field/wind"),
        (
            "GET kites/_mapping/tweet/field/wind",
            "illegal_argument_exception: Types cannot be specified unless include_type_name is "
            "set to true.",
            "GET kites/_mapping/field/wind",
        ),
    ],
)
def test_a_type_is_taken_out_of_a_mapping(request_: str, reason: str, wanted: str) -> None:
    assert next(proposed(request_, reason)) == wanted


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        # Several types, which were several indexes.
        (MAPPING.replace('    "_doc"', '    "bird": {},\n    "_doc"'), NESTED),
        # A part of the mapping, and a field that stands beside no `properties`.
        ('PUT a\n{"mappings": {"_size": {"enabled": true}}}', f"{UNSUPPORTED}[_size : {{}}]"),
        (
            'PUT a\n{"mappings": {"title": {"type": "text"}}}',
            f"{UNSUPPORTED}[title : {{type=text}}]",
        ),
        # A callout speaks of the type.
        (MAPPING.replace('"_doc": {', '"_doc": { <2>'), NESTED),
        # It cannot be read.
        ("PUT kites\n{ nothing", NESTED),
    ],
)
def test_a_level_that_is_no_type_or_not_in_the_page_stays(request_: str, reason: str) -> None:
    assert list(proposed(request_, reason)) == []


@pytest.mark.parametrize(
    ("request_", "reason", "wanted"),
    [
        (
            "PUT kites?include_type_name=true",
            f"{UNRECOGNIZED}parameter: [include_type_name]",
            ["PUT kites"],
        ),
        ("PUT kites?a=1&b=2&c", f"{UNRECOGNIZED}parameter: [a]", ["PUT kites?b=2&c"]),
        ("PUT kites?a=1&b=2&c", f"{UNRECOGNIZED}parameter: [b]", ["PUT kites?a=1&c"]),
        ("PUT kites?a=1&b=2&c", f"{UNRECOGNIZED}parameter: [c]", ["PUT kites?a=1&b=2"]),
        (
            "GET kites/_search?form=2&siez=3",
            f"{UNRECOGNIZED}parameters: [form] -> did you mean [format]?, [siez]",
            [
                "GET kites/_search?format=2&siez=3",
                "GET kites/_search?siez=3",
                # As other pages have it.
                "GET kites/_search?form=2&size=3",
                "GET kites/_search?form=2",
            ],
        ),
        (
            "GET kites?versio",
            f"{UNRECOGNIZED}parameter: [versio] -> did you mean any of [version, versions]?",
            ["GET kites?version", "GET kites?versions", "GET kites"],
        ),
        # Twice, or not at all: nobody knows which.
        ("GET kites?a&a", f"{UNRECOGNIZED}parameter: [a]", []),
        ("GET kites?a", f"{UNRECOGNIZED}parameter: [b]", []),
    ],
)
def test_a_parameter_is_renamed_or_taken_out(request_: str, reason: str, wanted: list[str]) -> None:
    assert list(proposed(request_, reason)) == wanted


@pytest.mark.parametrize(
    ("body", "reason", "wanted"),
    [
        (
            '{\n  "kite": {},\n  "size": 3\n}',
            "parsing_exception: Unknown key for a START_OBJECT in [kite].",
            ['{\n  "size": 3\n}'],
        ),
        (
            '{"size": 3, "kite": 1}',
            "parsing_exception: Unknown key for a VALUE_NUMBER in [kite].",
            ['{"size": 3}'],
        ),
        (
            '{"text": "a", "tokenizr": "standard"}',
            "x_content_parse_exception: [1:2] [analyze_request] unknown field [tokenizr] did you "
            "mean [tokenizer]?",
            ['{"text": "a", "tokenizer": "standard"}', '{"text": "a"}'],
        ),
        (
            '{"query": {"bool": {"msut": [], "filter": []}}}',
            "x_content_parse_exception: [1:21] [bool] unknown field [msut]",
            [
                '{"query": {"bool": {"must": [], "filter": []}}}',
                '{"query": {"bool": {"filter": []}}}',
            ],
        ),
        (
            '{"settings": {"index.number_of_shard": 1, "a": 2}}',
            "settings_exception: unknown setting [index.number_of_shard] did you mean "
            "[index.number_of_shards]?",
            [
                '{"settings": {"index.number_of_shards": 1, "a": 2}}',
                '{"settings": {"a": 2}}',
            ],
        ),
        (
            '{"settings": {"number_of_shard": 1, "a": 2}}',
            "settings_exception: unknown setting [index.number_of_shard] did you mean "
            "[index.number_of_shards]?",
            ['{"settings": {"number_of_shards": 1, "a": 2}}', '{"settings": {"a": 2}}'],
        ),
        (
            '{"processors": [{"set": {"field": "a", "kite": 1}}]}',
            "parse_exception: processor [set] doesn't support one or more provided configuration "
            "parameters [kite]",
            ['{"processors": [{"set": {"field": "a"}}]}'],
        ),
        # All that stands there: what is left would say nothing.
        ('{"query": {"type": {}}}', "parsing_exception: unknown query [type]", []),
        # A value, and a key that stands in two places.
        ('{"a": "phonetic"}', "Unknown filter type [phonetic] for [my_metaphone]", []),
        ('{"b": {"a": 1, "c": 2}, "a": 3}', "unknown field [a]", []),
    ],
)
def test_a_field_is_renamed_or_taken_out(body: str, reason: str, wanted: list[str]) -> None:
    found = list(proposed(f"POST kites/_doc\n{body}", reason))
    assert found == [f"POST kites/_doc\n{each}" for each in wanted]


NO_HANDLER = "no handler found for uri [/x] and method [PUT]"
WRONG_METHOD = "Incorrect HTTP method for uri [/x] and method [GET], allowed: [POST]"


@pytest.mark.parametrize(
    ("request_", "reason", "wanted"),
    [
        ("PUT kites/tweet/1", NO_HANDLER, "PUT kites/_doc/1"),
        ("POST /kites/tweet?refresh", NO_HANDLER, "POST /kites/_doc?refresh"),
        ("GET kites/tweet/_search", NO_HANDLER, "GET kites/_search"),
        ("POST kites/tweet/1/_update", NO_HANDLER, "POST kites/_update/1"),
        ("POST kites/_doc/1/_update", NO_HANDLER, "POST kites/_update/1"),
        ("GET kites/_doc/_validate/query", NO_HANDLER, "GET kites/_validate/query"),
        ("GET kites/_serach", WRONG_METHOD, "GET kites/_search"),
        ("GET /kites/_searchx?size=2", NO_HANDLER, "GET /kites/_search?size=2"),
        ("GET _catx/indices?v", WRONG_METHOD, "GET _cat/indices?v"),
        ("GET _cat/indces?v", WRONG_METHOD, "GET _cat/indices?v"),
        (
            "POST kites/_doc/_bulk",
            "mapper_parsing_exception: failed to parse",
            "POST kites/_bulk",
        ),
        # It would make a document in a type of that name.
        ("POST kites/_refesh", "parse_exception: request body is required", "POST kites/_refresh"),
        (
            "GET kites/_stats/store,docss",
            f"{UNRECOGNIZED}metric: [docss] -> did you mean [docs]?",
            "GET kites/_stats/store,docs",
        ),
    ],
)
def test_a_path_is_written_as_the_cluster_knows_it(request_: str, reason: str, wanted: str) -> None:
    assert next(proposed(request_, reason)) == wanted


@pytest.mark.parametrize("status", [200, 201, 302, 500, 503])
def test_what_is_no_refusal_of_the_request_says_nothing_of_it(status: int) -> None:
    assert list(proposed("GET kites/_serach", WRONG_METHOD, status)) == []


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        # An index of the name of an API, which takes everything.
        ("PUT _indices/pipeline/a", "No processor type exists with name [geoip]"),
        # A part of a document is no field of the same name.
        ('PUT a\n{"_must": 1, "b": 2}', "unknown field [_must]"),
    ],
)
def test_a_word_with_an_underscore_is_not_one_without(request_: str, reason: str) -> None:
    found = list(proposed(request_, reason))
    assert not any("indices" in each.replace("_indices", "") for each in found)
    assert not any('"must"' in each for each in found)


def test_words_of_no_api_are_compared_with_nothing() -> None:
    """A page of strangers may have any number of them, of any length."""
    long = "_serach" + "h" * 40
    assert list(proposed(f"GET kites/{long}", "refused")) == []
    many = "/".join(f"_{letter}erach" for letter in "abcdefs")
    assert len(list(proposed(f"GET {many}", "refused"))) == 4
    known = frozenset(f"_search{number}" for number in range(2001))
    assert meant_by("_serach", known) == ""
    assert meant_by("_serach", {*list(known)[:1999], "_search"}) == "_search"


def test_what_a_substitution_makes_of_a_request_stays() -> None:
    marker = "// TEST[s/_serach/_saerch/]"
    assert list(proposed("GET kites/_serach", WRONG_METHOD, marker=marker)) == []
    # Elsewhere in the request it does not matter.
    marker = "// TEST[s/kites/gulls/]"
    assert next(proposed("GET kites/_serach", WRONG_METHOD, marker=marker)) == "GET gulls/_search"


KEYS = st.text("abcdefgh_", min_size=1, max_size=6)
LAYOUTS = st.sampled_from(["{k}: {v}", "{k} : {v}", "{k}:{v}"])


@settings(max_examples=200, deadline=None)
@given(
    st.lists(KEYS.filter(lambda key: key != "kite"), min_size=1, max_size=5, unique=True),
    st.integers(0, 5),
    LAYOUTS,
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["\n  ", " ", ""]),
)
def test_taking_out_what_was_put_in_gives_every_byte_back(
    keys: list[str], place: int, layout: str, end: str, gap: str
) -> None:
    members = [layout.replace("{k}", f'"{key}"').replace("{v}", "[1, {}]") for key in keys]
    more = [*members]
    more.insert(min(place, len(keys)), layout.replace("{k}", '"kite"').replace("{v}", "{}"))
    last = "\n" if gap.startswith("\n") else gap

    def written(parts: list[str]) -> bytes:
        body = "{" + gap + f",{gap}".join(parts) + last + "}"
        return page(asks(f"POST kites/_doc\n{body}")).replace("\n", end).encode()

    correction = Correction(Part.FIELD, "kite")
    assert corrected(written(more), correction) == written(members)


def test_a_member_that_shares_the_line_of_its_brace_leaves_the_others_on_theirs() -> None:
    body = 'POST kites/_doc\n{"kite": 1,\n  "a": 1, "gull": 2,\n  "b": 3\n}'
    reason = "unknown field [kite]"
    assert next(proposed(body, reason)) == body.replace('"kite": 1,', "")
    reason = "unknown field [gull]"
    assert next(proposed(body, reason)) == body.replace(' "gull": 2,', "")
