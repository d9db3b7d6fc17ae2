"""What the emulated cluster remembers; the only thing here that changes."""

from __future__ import annotations

import copy
from enum import StrEnum
from typing import Any

from specgen.target.connectors.errors import not_found

__all__ = ["Document", "Kind", "Store"]

Document = dict[str, Any]


class Kind(StrEnum):
    """The kinds of documents, by the name that error messages give them."""

    CONNECTOR = "connector"
    SYNC_JOB = "connector sync job"
    # Seen only by who asks for deleted connectors.
    DELETED = "deleted connector"


class Store:
    """Documents by kind and id, in the order in which they were first written.

    Documents go in and come out as copies, so that nobody changes what is stored.
    """

    def __init__(self) -> None:
        self._documents: dict[Kind, dict[str, Document]] = {kind: {} for kind in Kind}

    def get(self, kind: Kind, id: str) -> Document:
        """Gives one document.

        Raises:
            Refused: There is none (404).
        """
        if not self.has(kind, id):
            raise not_found(f"{kind} [{id}] not found")
        return copy.deepcopy(self._documents[kind][id])

    def has(self, kind: Kind, id: str) -> bool:
        """Tells whether there is such a document."""
        return id in self._documents[kind]

    def all(self, kind: Kind) -> list[tuple[str, Document]]:
        """Gives the ids and documents of a kind."""
        return copy.deepcopy([*self._documents[kind].items()])

    def put(self, kind: Kind, id: str, document: Document) -> None:
        """Writes a document over what was there."""
        self._documents[kind][id] = copy.deepcopy(document)

    def drop(self, kind: Kind, id: str) -> None:
        """Forgets a document if there is one."""
        self._documents[kind].pop(id, None)

    def clear(self) -> None:
        """Forgets everything."""
        for documents in self._documents.values():
            documents.clear()

    def is_empty(self) -> bool:
        """Tells whether there is nothing that `clear` would forget."""
        return not any(self._documents.values())
