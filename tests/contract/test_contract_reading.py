from __future__ import annotations

import pytest

from specgen.asciidoc.document import outline_of
from specgen.asciidoc.reader import page_of_source
from specgen.contract.endpoints import path_template
from specgen.contract.reading import contract_of, contracts_of
from specgen.contract.topics import Topic, titles_with
from specgen.contract.values import Contract, Field, Response
from specgen.source import Source


def contract(text: str) -> Contract:
    page = page_of_source(Source.of("page.asciidoc", text))
    return contract_of(page, outline_of(page))


def requests(text: str) -> list[tuple[str, str, int]]:
    found = contract(f"== {{api-request-title}}\n{text}")
    return [(each.method, each.path, each.span.line) for each in found.endpoints]


def told(fields: tuple[Field, ...]) -> list[tuple[str, bool | None, str | None, int]]:
    return [(each.name, each.required, each.type, each.span.line) for each in fields]


def body(text: str) -> list[tuple[str, bool | None, str | None, int]]:
    return told(contract(f"== Request body\n{text}").request_body)


def codes(text: str) -> list[tuple[int | str, str, int]]:
    def entry(each: Response) -> tuple[int | str, str, int]:
        return each.code, each.description, each.span.line

    return [entry(each) for each in contract(f"== Response codes\n{text}").responses]


PAGE = """\
= Kites API

== {api-request-title}

`GET _kites/<kite>`

== {api-path-parms-title}

`<kite>`::
(Required, string) Name of the kite.

== {api-query-parms-title}

`wind`:: (Optional, integer) How strong it may be.

== {api-request-body-title}

`colour`::
(Required, string)

== {api-response-body-title}

`height`::
(integer) Metres.

== {api-response-codes-title}

`200`::
It flies.

== {api-examples-title}

`POST _nothing` is only an example.

`never`::
(Required, string)
"""


def test_each_section_gives_its_part_of_the_contract() -> None:
    found = contract(PAGE)
    assert [(each.method, each.path, each.span.line) for each in found.endpoints] == [
        ("GET", "/_kites/{kite}", 5)
    ]
    assert found.endpoints[0].span.text == "GET _kites/<kite>"
    assert told(found.path_parameters) == [("kite", True, "string", 9)]
    assert told(found.query_parameters) == [("wind", False, "integer", 14)]
    assert told(found.request_body) == [("colour", True, "string", 18)]
    assert told(found.response_body) == [("height", None, "integer", 23)]
    assert [(each.code, each.description, each.span.line) for each in found.responses] == [
        (200, "It flies.", 28)
    ]


def test_plain_titles_in_any_case_do_as_well() -> None:
    plain = PAGE
    for name, title in (
        ("request", "Request"),
        ("path-parms", "Path Parameters"),
        ("query-parms", "Query parameters"),
        ("request-body", "REQUEST BODY"),
        ("response-body", "Response body"),
        ("response-codes", "Response Codes"),
        ("examples", "Examples"),
    ):
        plain = plain.replace(f"{{api-{name}-title}}", title)
    found, expected = contract(plain), contract(PAGE)
    assert [each.path for each in found.endpoints] == ["/_kites/{kite}"]
    assert [each.code for each in found.responses] == [200]
    assert told(found.path_parameters) == told(expected.path_parameters)
    assert told(found.query_parameters) == told(expected.query_parameters)
    assert told(found.request_body) == told(expected.request_body)
    assert told(found.response_body) == told(expected.response_body)


def test_a_page_without_such_sections_promises_nothing() -> None:
    assert contract("== A guide\n\n`GET _kites`\n\n`wind`:: (Optional, string)\n") == Contract()
    assert contract("") == Contract()


def test_a_section_inside_a_section_belongs_to_it_and_one_beside_it_does_not() -> None:
    text = (
        "== Request body\n=== Of a kite\n`tail`:: (Optional, string)\n\n== More\n`no`:: (string)\n"
    )
    assert told(contract(text).request_body) == [("tail", False, "string", 3)]


def test_a_title_inside_a_block_ends_no_section() -> None:
    text = "== Request\n----\n== More\n----\n`GET _kites`\n"
    assert [each.path for each in contract(text).endpoints] == ["/_kites"]


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "HEAD", "OPTIONS", "DELETE"])
def test_requests_of_all_methods_are_read(method: str) -> None:
    assert requests(f"`{method} /_kites`\n") == [(method, "/_kites", 2)]


def test_several_requests_of_a_paragraph_and_of_a_list_are_read_in_order() -> None:
    text = "`GET a` +\n`GET b` or `PUT c`\n`GET d`\n\n* `POST e`\n. Or `HEAD f`.\n"
    assert [(path, line) for _, path, line in requests(text)] == [
        ("/a", 2), ("/b", 3), ("/c", 3), ("/d", 4), ("/e", 6), ("/f", 7),
    ]  # fmt: skip


def test_requests_in_listings_of_the_section_are_read_and_their_bodies_are_not() -> None:
    text = (
        '`GET a`\n\n[source,console]\n----\nPUT /b/<id>\n{ "x": "GET c" }\n\nPOST d?e=f\n----\n'
        "\n== Other\n\n[source,console]\n----\nGET never\n----\n"
    )
    assert requests(text) == [("GET", "/a", 2), ("PUT", "/b/{id}", 6), ("POST", "/d", 9)]


@pytest.mark.parametrize(
    "text",
    [
        "// `GET a`\n",
        "////\n`GET a`\n////\n",
        "////\n[source,console]\n----\nGET a\n----\n////\n",
        "GET a\n",
        "`get a`\n",
        "`GET`\n",
        "`FORGET a`\n",
        "`GETS a`\n",
    ],
)
def test_what_is_hidden_or_no_request_is_not_an_endpoint(text: str) -> None:
    assert requests(text) == []


def test_an_endpoint_that_comes_twice_is_told_once_at_its_first_line() -> None:
    assert requests("`PUT a?b`\n\n`PUT /a/`\n\n`GET a`\n") == [("PUT", "/a", 2), ("GET", "/a", 6)]


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("_kites", "/_kites"),
        ("/_kites/", "/_kites"),
        ("<kite>/_tail/<tail-id>", "/{kite}/_tail/{tail-id}"),
        ("_kites/<a>,<b>?pretty", "/_kites/{a},{b}"),
        ("{index}/_kites", "/{index}/_kites"),
        ("/", "/"),
    ],
)
def test_a_path_gets_one_form(written: str, path: str) -> None:
    assert path_template(written) == path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`a`::\n(Required, string) x\n", ("a", True, "string", 2)),
        ("`a`:: (Optional, array of objects)\n", ("a", False, "array of objects", 2)),
        ("`a`::\n(Optional)\n", ("a", False, None, 2)),
        ("`a`::\n(boolean) x\n", ("a", None, "boolean", 2)),
        ("`a`::\nx (Required, string)\n", ("a", None, None, 2)),
        ("`a`::\n(Default) x\n", ("a", None, None, 2)),
        ("`a`::\n(Required if `b` is set, string)\n", ("a", None, "string", 2)),
        ("`a`::\n(Optional, <<t,time (hours)>>) x\n", ("a", False, "<<t,time (hours)>>", 2)),
        ("`a`::\n(Required*, string)\n", ("a", True, "string", 2)),
        ("`a` (required)::\n(string) x\n", ("a", True, "string", 2)),
        ("`a`::\npreview:[] (Optional, string) x\n", ("a", False, "string", 2)),
        ("`a` deprecated:[8.0]::\n(Optional, string)\n", ("a", False, "string", 2)),
        ("[[x]]`a`::\n(Optional, string)\n", ("a", False, "string", 2)),
        ("`a`::\n+\n--\n(Required, string) x\n--\n", ("a", True, "string", 2)),
        ("a::\n(Required, string)\n", ("a", True, "string", 2)),
        ("`<a>`::\n(Required, object)\n", ("<a>", True, "object", 2)),
        ("`a`.`b`::\n(Required, string)\n", ("a.b", True, "string", 2)),
        ("`a.b`::\n(Required, string)\n", ("a.b", True, "string", 2)),
    ],
)
def test_a_field_tells_name_need_and_type(
    text: str, expected: tuple[str, bool | None, str | None, int]
) -> None:
    assert body(text) == [expected]


def test_a_label_with_several_names_documents_each() -> None:
    assert [name for name, *_ in body("`a`, `b`::\n(integer) x\n")] == ["a", "b"]
    assert [name for name, *_ in body("a, b::\n(integer) x\n")] == ["a", "b"]


def test_a_label_of_plain_words_names_no_field() -> None:
    assert body("What it costs::\n(integer) x\n") == []


def test_fields_inside_a_field_have_dotted_names() -> None:
    text = """\
`kite`::
(Required, object) It has:
`string`:::
(Optional, string)
`strong`:::
A value, not a field.
`kite.sail`:::
(Optional, string)
- `cloth` (Optional, string)
- `seams`, sewn twice

`wind`::
(Optional, integer)
"""
    assert body(text) == [
        ("kite", True, "object", 2),
        ("kite.string", False, "string", 4),
        ("kite.sail", False, "string", 8),
        ("kite.sail.cloth", False, "string", 10),
        ("wind", False, "integer", 13),
    ]


def test_bullets_inside_a_field_are_fields_at_any_depth() -> None:
    text = """\
`kite`::
(Required, object) It has:
- `tail` (Optional, object) +
A long one.
** `bows`(Required, integer) How many.
- `frame`, of bamboo
"""
    assert body(text) == [
        ("kite", True, "object", 2),
        ("kite.tail", False, "object", 4),
        ("kite.tail.bows", True, "integer", 6),
    ]


def test_what_is_inside_something_that_is_no_field_is_none_either() -> None:
    text = "`a`::\n(Optional, string) One of:\n`strong`:::\nA value.\n* `b` (Optional, string)\n"
    assert body(text) == [("a", False, "string", 2)]


def test_bullets_beside_the_fields_are_no_fields() -> None:
    assert body("`a`:: (Optional, string)\n\nNote:\n\n* `b` (Optional, string)\n") == [
        ("a", False, "string", 2)
    ]


def test_parameters_are_flat_and_without_brackets() -> None:
    text = "== Path parameters\n`<a>`::\n(Required, string)\n`b`:::\n(Optional, string)\n"
    assert told(contract(text).path_parameters) == [("a", True, "string", 2)]


def test_a_parameter_stays_under_the_title_where_the_page_puts_it() -> None:
    text = "== Request\n`GET _kites`\n\n== Path parameters\n`size`::\n(Optional, integer)\n"
    found = contract(text)
    assert told(found.path_parameters) == [("size", False, "integer", 5)]
    assert found.query_parameters == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`404` (No kite)::\nIt  flew\naway.\n", [(404, "(No kite) It flew away.", 2)]),
        ("`201`:: Made.\n", [(201, "Made.", 2)]),
        ("`404` (`gone`)::\nx\n", [(404, "(`gone`) x", 2)]),
        ("`404` (not 400)::\nx\n", [(404, "(not 400) x", 2)]),
        ("`200`, `201`::\nx\n", [(200, "x", 2), (201, "x", 2)]),
        ("`4xx`::\nx {es}\n", [("4xx", "x {es}", 2)]),
        ("204::\n+\nNothing.\n", [(204, "Nothing.", 2)]),
        ("`200`::\nx\n* `404` of a list inside\n", [(200, "x", 2)]),
        ("`result`::\nx\n", []),
        ("`2000`::\nx\n", []),
        ("////\n`404`::\nx\n////\n", []),
        ("----\n`404`::\n----\n", []),
    ],
)
def test_response_codes_carry_their_description(
    text: str, expected: list[tuple[int | str, str, int]]
) -> None:
    assert codes(text) == expected


def test_defaults_and_deprecations_are_read() -> None:
    text = """\
`a`::
(Optional, integer) Defaults to `10`.
`b`::
(Optional, string) The default value is `x y`.
`c`::
(Optional, integer, default: 5) Default: 5.
`d`::
(Optional, time value) Defaults to 1 day.
`e` deprecated:[8.0.0]::
(Optional, boolean) Default is false.
`f`::
deprecated:[7.1] (Optional, string)
`g`::
(Optional, string) What was deprecated before is not.
"""
    found = contract(f"== Request body\n{text}").request_body
    assert [(each.name, each.type, each.default, each.deprecated) for each in found] == [
        ("a", "integer", "10", False),
        ("b", "string", "x y", False),
        ("c", "integer", "5", False),
        ("d", "time value", None, False),
        ("e", "boolean", "false", True),
        ("f", "string", None, True),
        ("g", "string", None, False),
    ]


SCHEDULE = """\
`name`::
(Optional, string)

`plan`::
(Required, object) When it flies.

The plan has these, each a `Slot` object:

- `morning` (Required, `Slot` object) At dawn.

- `evening` (Optional, `Slot` object) At dusk.

Each `Slot` has:

  - `from` (Required, integer)

* Only a remark.
"""


def test_bullets_below_a_paragraph_go_on_with_the_field_or_the_type_that_it_names() -> None:
    assert [(name, required, line) for name, required, _, line in body(SCHEDULE)] == [
        ("name", False, 2),
        ("plan", True, 5),
        ("plan.morning", True, 10),
        ("plan.evening", False, 12),
        ("plan.morning.from", True, 16),
        ("plan.evening.from", True, 16),
    ]


def test_a_map_is_told_and_types_without_marks_are_known() -> None:
    text = (
        "`kites`::\n(Required, object) A map where each key is a name.\n\nEach has:\n\n"
        "* `state` (Required, KiteState) How it is.\n\nA `KiteState` has:\n\n"
        "* `up` (Required, boolean)\n"
    )
    found = contract(f"== Request body\n{text}").request_body
    assert [(each.name, each.keyed) for each in found] == [
        ("kites", True),
        ("kites.state", False),
        ("kites.state.up", False),
    ]


def test_properties_in_collapsible_blocks_are_nested() -> None:
    text = """\
`kite`::
(Optional, array of objects)
+
.Properties of `kite`
[%collapsible%open]
=====
`sail`::
(Required, object)
+
.Properties of `sail`
[%collapsible%open]
======
`area`::
(Required, float) Defaults to `1.5`.

`colours`::
(Optional, enum) One of:

`red`:::
The usual.
======

`tail`::
(Optional, string)
=====

`wind`::
(Optional, integer)
"""
    assert [name for name, *_ in body(text)] == [
        "kite", "kite.sail", "kite.sail.area", "kite.sail.colours", "kite.tail", "wind",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`GET|POST _kites`\n", ["GET /_kites", "POST /_kites"]),
        ("`PUT, POST /_kites`\n", ["PUT /_kites", "POST /_kites"]),
        ("`GET or HEAD _kites/<kite id>`\n", ["GET /_kites/{kite id}", "HEAD /_kites/{kite id}"]),
        ("`PATCH _kites`\n", ["PATCH /_kites"]),
    ],
)
def test_alternatives_of_a_request_are_read(text: str, expected: list[str]) -> None:
    assert [f"{method} {path}" for method, path, _ in requests(text)] == expected


def test_codes_in_bullets_are_read() -> None:
    text = "* `200`: It flies.\n* *404* (Not found)\n* 2000 kites\n* `503` - no wind\n"
    assert codes(text) == [
        (200, "It flies.", 2),
        (404, "(Not found)", 3),
        (503, "no wind", 5),
    ]


def test_titles_of_a_project_of_its_own_are_known() -> None:
    page = page_of_source(Source.of("p.adoc", "= Kites\n\n== The  ROUTE\n\n`GET a`\n"))
    assert contract_of(page, outline_of(page)).endpoints == ()
    titles = titles_with({"The Route": Topic.REQUEST})
    found = contract_of(page, outline_of(page), titles)
    assert [each.path for each in found.endpoints] == ["/a"]


def test_a_page_of_several_apis_has_a_contract_for_each() -> None:
    text = "= Kites\n\n" + "".join(
        f"== {name}\n\n=== {{api-request-title}}\n\n`GET _{name}`\n\n"
        f"=== {{api-query-parms-title}}\n\n`{name}`::\n(Optional, string)\n\n"
        for name in ("red", "blue")
    )
    page = page_of_source(Source.of("p.adoc", text))
    found = contracts_of(page, outline_of(page))
    assert [(each.endpoints[0].path, each.query_parameters[0].name) for each in found] == [
        ("/_red", "red"),
        ("/_blue", "blue"),
    ]
    assert len(contract_of(page, outline_of(page)).endpoints) == 2


def by_example(text: str) -> list[str]:
    found = contract(text).endpoints
    assert all(each.by_example for each in found)
    return [f"{each.method} {each.path}" for each in found]


SHOWN = "[source,js]\n----\n{}\n----\n// CONSOLE\n"


@pytest.mark.parametrize(
    ("title", "lead", "example", "expected"),
    [
        ("Kite Health", "The kite health API tells.", "GET _kite/health?v", ["GET /_kite/health"]),
        ("Fly API", "It flies.", "POST /red/_fly <1>", ["POST /{index}/_fly"]),
        ("Fly", "Endpoints include:", "POST /_fly\n{}\nPOST /red/_fly", [
            "POST /_fly", "POST /{index}/_fly",
        ]),
        ("cat kites", "Shows them.", "GET /_cat/kites", ["GET /_cat/kites"]),
        ("Fly", "How to fly.", "POST /_fly", []),
        ("Fly API", "It flies.", "PUT red/_doc/1", []),
        ("Fly API", "It flies.", "POST /_fly/red", []),
        ("Fly API", "It flies.", "POST /_land", []),
    ],
)  # fmt: skip
def test_a_page_that_presents_an_api_by_examples(
    title: str, lead: str, example: str, expected: list[str]
) -> None:
    shown = SHOWN.replace("{}", example, 1)
    assert by_example(f"== {title}\n\n{lead}\n\n{shown}") == expected


def test_a_page_with_a_request_section_needs_no_example() -> None:
    text = "== Fly API\n\n" + SHOWN.replace("{}", "POST /_fly") + "\n=== Request\n\n`PUT _fly`\n"
    found = contract(text).endpoints
    assert [(each.method, each.by_example) for each in found] == [("PUT", False)]
