"""Keeps what was rendered, so that a page that has not changed is not rendered again.

Each page has an entry in a database in the user's cache folder. Its key is a digest of all that
the module depends on: the page, the recipe with the named setups, specgen's own code, Python and
the packages that take part. What a page includes is known only once it is read: the digests of
these files are kept inside and compared. An entry is sealed with a digest of its own, so that a
damaged one is seen. Whatever goes wrong with the cache is no error; it is done without.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import astuple, dataclass
from importlib.util import find_spec
from pathlib import Path

from specgen.errors import PageUnreadable
from specgen.files import Files
from specgen.messages import Message
from specgen.render.rendered import DocumentedBody, Recipe, Rendered, RenderedCase
from specgen.source import Source

__all__ = ["Cache", "cache_folder", "digest_in"]

# Below the user's cache folder; the number is that of the layout.
NAME = "specgen/modules-3.sqlite"
LAYOUT = """
    create table if not exists entries
        (key blob primary key, seal blob, size integer, used integer, value blob) without rowid;
    create index if not exists uses on entries (used, size);
"""
MAX_BYTES = 256 * 1024 * 1024
DAY = 24 * 60 * 60

# What sqlite says of a file that is damaged or another's; anything else may pass.
DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})

PACKAGE = Path(__file__).resolve().parent.parent
# What has a part in a module: these rooms of specgen, the ground floor, the templates.
CODE = ("", "asciidoc", "dialect", "contract", "plan", "render", "_templates", "../templates")
DEPENDENCIES = ("jinja2", "regex", "yaml")


@dataclass(frozen=True, slots=True)
class Cache:
    """What is known of the pages of one recipe.

    Attributes:
        file: Where the entries of all recipes stand.
        recipe: The digest of what all pages of a run have in common.
    """

    file: Path
    recipe: str

    @classmethod
    def of(cls, recipe: Recipe) -> Cache | None:
        """The cache in the user's cache folder; None if there can be none."""
        try:
            return cls(cache_folder() / NAME, _recipe_digest(recipe))
        except (OSError, ValueError, RuntimeError, ImportError):
            return None

    def find(self, sources: Sequence[Source], files: Files) -> tuple[Rendered | None, ...]:
        """What was rendered from each page before; None if it has changed, or never was."""
        found: list[Rendered | None] = [None] * len(sources)
        with self._doing_without(), self._opened() as entries:
            today, in_use = int(time.time() / DAY), []
            for index, source in enumerate(sources):
                key = self._key(source)
                row = entries.execute("select * from entries where key = ?", (key,)).fetchone()
                if row is not None:
                    found[index] = _rendered(key, row[1], row[4], files)
                    in_use += [(today, key)] if row[3] != today else []
            entries.executemany("update entries set used = ? where key = ?", in_use)
        return tuple(found)

    def keep(self, pages: Iterable[tuple[Source, Rendered]]) -> None:
        """Stores what was rendered from pages; throws away what was used longest ago.

        What would not be the same at any other time is not stored.
        """
        today = int(time.time() / DAY)
        lasting = ((self._key(source), page) for source, page in pages if page.lasting)
        values = ((key, json.dumps(_plain(page)).encode()) for key, page in lasting)
        rows = [(key, _seal(key, value), len(value), today, value) for key, value in values]
        with self._doing_without(), self._opened() as entries:
            entries.executemany("insert or replace into entries values (?, ?, ?, ?, ?)", rows)
            (size,) = entries.execute("select total(size) from entries").fetchone()
            while size > MAX_BYTES:
                day, old = entries.execute(
                    "select used, total(size) from entries group by used order by used"
                ).fetchone()
                entries.execute("delete from entries where used = ?", (day,))
                size -= old

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """One transaction."""
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.file, timeout=1)) as entries, entries:
            # If the machine goes down, entries may be lost or broken: their seals tell.
            entries.execute("pragma synchronous = off")
            entries.executescript(LAYOUT)
            yield entries

    @contextmanager
    def _doing_without(self) -> Iterator[None]:
        """Whatever fails is left undone, and is no error; what is damaged is thrown away."""
        try:
            yield
        except sqlite3.DatabaseError as trouble:
            if getattr(trouble, "sqlite_errorcode", 0) & 0xFF in DAMAGED:
                with suppress(OSError):
                    self.file.unlink()
        except OSError:
            pass

    def _key(self, source: Source) -> bytes:
        head = f"{self.recipe} {source.path!r}\n".encode("utf-8", "surrogatepass")
        return hashlib.sha256(head + source.data).digest()


def digest_in(files: Files, name: str) -> str:
    """The digest of a file; empty if there is no such file."""
    try:
        return files.read(name).digest
    except PageUnreadable:
        return ""


def _seal(key: bytes, value: bytes) -> bytes:
    return hashlib.sha256(key + value).digest()


def _plain(rendered: Rendered) -> tuple[object, ...]:
    """What `_rendered` reads; `astuple` would copy every text."""
    problems = [astuple(problem) for problem in rendered.problems]
    cases = [astuple(case) for case in rendered.cases]
    others, lasting = rendered.others, rendered.lasting
    bodies = [astuple(each) for each in rendered.bodies]
    return rendered.page, rendered.module, cases, problems, others, lasting, bodies


def _rendered(key: bytes, seal: object, value: object, files: Files) -> Rendered | None:
    """What an entry holds; None if it is damaged, or a file that it depends on has changed."""
    if not isinstance(value, bytes) or seal != _seal(key, value):
        return None
    page, module, cases, problems, others, lasting, bodies = json.loads(value)
    if any(digest_in(files, name) != digest for name, digest in others):
        return None
    messages = (
        Message(*(*rest, _pairs(labels), _pairs(notes))) for *rest, labels, notes in problems
    )
    found = (
        RenderedCase(*told, first=first, last=last)
        for *rest, derived, first, last in cases
        for told in [(*rest, tuple(derived))]
    )
    fields = tuple(DocumentedBody(method, path, _pairs(each)) for method, path, each in bodies)
    return Rendered(page, module, tuple(found), tuple(messages), _pairs(others), lasting, fields)


def _pairs(items: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((first, second) for first, second in items)


def cache_folder() -> Path:
    """The folder in which programs of this user keep what can be made again."""
    # A relative path there is to be ignored: the XDG Base Directory Specification says so.
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return named if named.is_absolute() else Path.home() / ".cache"


def _recipe_digest(recipe: Recipe) -> str:
    # Values may name folders below the docs root, which matters to includes; globs are full paths.
    root = str(recipe.root) if recipe.follow or recipe.lenient or recipe.derive else ""
    prose = (recipe.derive, recipe.prose, recipe.titles)
    wanted = (recipe.form, recipe.values, recipe.follow, recipe.lenient, prose)
    parts = (root, *wanted, sys.version, sys.platform)
    digest = hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass"))
    for name, data in (*_setups(recipe.setups), *_code(), *_dependencies()):
        digest.update(f"\n{name!r} {len(data)}\n".encode("utf-8", "surrogatepass"))
        digest.update(data)
    return digest.hexdigest()


def _setups(path: Path | None) -> Iterator[tuple[str, bytes]]:
    """What the named setups are read from; a folder holds nothing of them further down."""
    if path is None:
        return
    for file in sorted(path.iterdir()) if path.is_dir() else (path,):
        if file.is_file():
            yield file.name, file.read_bytes()


def _code() -> Iterator[tuple[str, bytes]]:
    """The files of specgen: an installation is known by its version, a checkout by these alone."""
    for room in CODE:
        pattern = "**/*.py" if room and "templates" not in room else "*.*"
        for path in sorted((PACKAGE / room).glob(pattern)):
            yield str(path), _stamp(path)


def _dependencies() -> Iterator[tuple[str, bytes]]:
    """The first file of each package: its version takes longer to find."""
    for name in DEPENDENCIES:
        spec = find_spec(name)
        if spec is not None and spec.origin is not None:
            yield name, _stamp(Path(spec.origin))


def _stamp(path: Path) -> bytes:
    """When a file was written and how large it is: to read them all would take longer."""
    status = path.stat()
    return f"{status.st_mtime_ns} {status.st_size}".encode()
