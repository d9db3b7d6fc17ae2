"""Keys as parts of a JSON pointer (RFC 6901), and back."""

from __future__ import annotations

__all__ = ["key_of", "token_of"]


def token_of(key: str) -> str:
    """A key as a part of a pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def key_of(token: str) -> str:
    """A part of a pointer as the key that it is."""
    return token.replace("~1", "/").replace("~0", "~")
