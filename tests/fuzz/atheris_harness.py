"""Feeds pages that libFuzzer makes up to the reader and the marker parser; see README.md."""

from __future__ import annotations

import sys

import atheris  # type: ignore[import-untyped]  # installed by hand, see README.md

with atheris.instrument_imports(include=["specgen"]):
    from page_invariants import read_as_page


def one_page(data: bytes) -> None:
    """One page, as bytes."""
    read_as_page(data)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_page)
    atheris.Fuzz()
