"""Text of a page that tries to leave its string literal in a module, or to be a template's.

`tests/render/test_literals.py` holds literals, docstrings and comments against any text. Here are
whole attacks: each works on a module that is put together without quoting, and does nothing in
the one that specgen renders.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from module_view import foreign_parts

from specgen.files import MemoryFiles
from specgen.plan.reading import stages_of
from specgen.plan.setups import NamedSetups
from specgen.plan.values import NamedSetup
from specgen.render.module import render_module

# What puts a module together without quoting, and an attack on it, which puts a word into `done`.
ATTACKS: dict[str, tuple[Callable[[str], str], str]] = {
    "a triple quote": (
        lambda text: f'body = """{text}"""',
        '"""\ndone.append("pwned")\n"""',
    ),
    "a triple quote of the other kind": (
        lambda text: f"body = '''{text}'''",
        "'''\ndone.append('pwned')\n'''",
    ),
    "a call inside triple quotes": (
        lambda text: f'body = """{text}"""',
        '""" + str(done.append("pwned")) + """',
    ),
    "a quote": (lambda text: f'str("{text}")', 'x"); done.append("pwned"); str("'),
    "a backslash before a quote": (
        lambda text: 'str("{}")'.format(text.replace('"', '\\"')),
        "\\\"); done.append('pwned') #",
    ),
    "a line end in a comment": (lambda text: f"# {text}", "x\ndone.append('pwned')"),
    "a carriage return in a comment": (lambda text: f"# {text}", "x\rdone.append('pwned')"),
    "braces in an f-string": (lambda text: f'body = f"{text}"', "{done.append('pwned')}"),
    "a docstring": (lambda text: f'"""{text}."""', '"""; done.append("pwned"); """'),
}
TEMPLATES = [
    "{{ view.cases }}",
    "{% for x in view.cases %}{% endfor %}",
    "{# comment #}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{% raw %}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
]


def runs(module: str) -> bool:
    """Whether an attack did what it is for."""
    done: list[str] = []
    exec(compile(module, "module", "exec"), {"done": done})
    return done == ["pwned"]


def page_of(text: str) -> str:
    """A page that says a text wherever a page can say something."""
    line = text.replace("\n", " ").replace("\r", " ")
    inside = line.replace("]", ")").replace("/", "|")
    quoted = json.dumps(text)
    return f"""\
= {line}

[source,console]
----
PUT books/_doc/{line}
----
// TESTSETUP

[source,console]
----
DELETE {line}
----
// TEARDOWN

== {line}

[source,console,id={line}]
----
# {line}
PUT books/_doc/1?q={line}
{{ "a": "{text}" }}
{text}
----
// TEST[setup:{inside}]
// TEST[catch:/{inside}/]
// TEST[warning:{inside}]
// TEST[s/a/{inside}/]

[source,console-result]
----
{{ "a": "{text}" }}
{text}
----
// TESTRESPONSE[s/b/{inside}/]
// SPECGEN[ignore:/{inside}]

[source,console]
----
GET books

startyaml
  - match: {{ a: {line!r} }}
  - length: {{ {line!r}: 1 }}
  - set: {{ {line!r}: {line!r} }}
  - is_true: {line!r}
endyaml
----
// TEST[skip:{inside}]

[source,console]
----
GET books

startyaml
  - do: {{ raw: {{ method: get, path: {quoted}, {quoted}: {quoted}, body: {{ a: {quoted} }} }} }}
  - set: {{ _id: {quoted} }}
  - set: {{ {quoted}: x }}
endyaml
----

[source,console]
----
GET books

startyaml
  - do: {{ raw: {{ method: {quoted}, path: books }} }}
endyaml
----

[source,console]
----
POST _bulk
{text}
----

[[api-path-params]]
== {{api-response-codes-title}}

`404` ({line})::
{line}
"""


def module_of(text: str, **others: str) -> str:
    files = MemoryFiles({"page.adoc": text, **others})
    setups = NamedSetups((NamedSetup("x", "PUT x\n", False, "x.console"),))
    stages = stages_of(files, "page.adoc", setups=setups, follow_snippets=True, derive=True)
    return render_module(stages.plan)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_works_without_quoting_and_not_on_specgen(name: str) -> None:
    unguarded, attack = ATTACKS[name]
    assert runs(unguarded(attack))
    assert not runs(unguarded("words"))
    module = module_of(page_of(attack))
    assert foreign_parts(module) == []
    assert "pwned" in module  # it is there, as text


def test_the_view_of_a_module_sees_what_does_not_belong_there() -> None:
    module = module_of(page_of("words"))
    assert foreign_parts(module) == []
    for more in (
        "import os",
        "print()",
        'response.matches(f"{x}")',
        "cluster.request(cluster)",
        "x = lambda: 1",
        "def helper(): ...",
        "from specgen.replay import session",
        'cluster.request("a" + "b")',
        "class A: ...",
        "cluster.__class__",
        "__import__",
    ):
        assert foreign_parts(f"{module}\n{more}\n") != [], more


@pytest.mark.parametrize("text", TEMPLATES)
def test_syntax_of_templates_is_text(text: str) -> None:
    module = module_of(page_of(text))
    assert foreign_parts(module) == []
    assert text.replace("\\", "\\\\") in module or repr(text)[1:-1] in module


@pytest.mark.parametrize(
    "text",
    [*(attack for _, attack in ATTACKS.values()), *TEMPLATES, "a\nb", "x\u202ey", "]]", "\0"],
)
def test_the_name_of_a_page_and_of_what_it_includes_is_text(text: str) -> None:
    name = f"{text.replace('/', '|')}.adoc"
    part = "[source,console]\n----\nGET /\n----\n"
    files = MemoryFiles({name: "include::part.adoc[]\n", "part.adoc": part})
    plan = stages_of(files, name, follow_snippets=True).plan
    assert foreign_parts(render_module(plan)) == []
