"""The lines that open and close blocks, and which styles make another block of them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Delimiter", "delimiter"]

FENCE = "```"


@dataclass(frozen=True, slots=True)
class Delimiter:
    """A line that opens a block.

    Attributes:
        context: What block it opens when no style says otherwise.
        terminator: The line that closes it.
        styles: The styles that turn it into the block they name; `admonition` stands for
            the five admonition styles.
        info: What a fence says behind its three back quotes.
    """

    context: str
    terminator: str
    styles: frozenset[str]
    info: str = ""


# The user manual's table "Structural containers", and which masquerades it allows.
_KINDS: dict[str, tuple[str, frozenset[str]]] = {
    "--": (
        "open",
        frozenset(
            (
                *("abstract", "admonition", "comment", "example", "listing", "literal"),
                *("partintro", "pass", "quote", "sidebar", "source", "verse"),
            )
        ),
    ),
    "----": ("listing", frozenset({"literal", "source"})),
    "....": ("literal", frozenset({"listing", "source"})),
    "====": ("example", frozenset({"admonition"})),
    "****": ("sidebar", frozenset()),
    "____": ("quote", frozenset({"verse"})),
    "++++": ("pass", frozenset({"stem", "latexmath", "asciimath"})),
    "|===": ("table", frozenset()),
    ",===": ("table", frozenset()),
    ":===": ("table", frozenset()),
    "!===": ("table", frozenset()),
    "////": ("comment", frozenset()),
}
_HEADS = frozenset(kind[:2] for kind in _KINDS) | {FENCE[:2]}


def delimiter(text: str) -> Delimiter | None:
    """The block that a line opens, if it opens one; its end is without white space."""
    if text[:2] not in _HEADS:
        return None
    if text.startswith(FENCE):
        # Four back quotes are no fence; what follows three is the language.
        if text.startswith("````"):
            return None
        return Delimiter("fence", FENCE, frozenset(), text[3:])
    kind = text[:4]
    if kind not in _KINDS or (len(text) > 4 and text[4:].strip(kind[-1])):
        return None
    context, styles = _KINDS[kind]
    return Delimiter(context, text, styles)
