"""Reads the lists that document parameters and the fields of bodies."""

from __future__ import annotations

import re
from collections.abc import Iterable

from specgen.asciidoc import patterns
from specgen.asciidoc.lists import ListItem
from specgen.contract.values import Field
from specgen.source import Span

__all__ = ["fields_of", "parameters_of"]

# `rules`.`field`   (code that a dot joins is one name)
NAME = re.compile(r"`[^`]+`(?:\.`[^`]+`)*")

# timeout, master_timeout   <index>   (a label without code)
PLAIN_NAMES = re.compile(r"<?[\w.-]+>?(?:\s*,\s*<?[\w.-]+>?)*")

# (Required, string)   (Optional, <<time-units,time value (in hours)>>)
GROUP = re.compile(r"\((?P<words>(?:[^()]|\([^()]*\))*)\)")

# experimental[]   deprecated:[7.0.0]   preview:[] before the words in parentheses
MACROS = re.compile(r"(?:[a-z]+:{0,2}\[[^\]]*\]\s*)*")

NEED = {"required": True, "optional": False}

# What pages write at the start of a text that tells neither need nor type.
NO_TYPE = frozenset({"default", "deprecated", "read-only"})
