"""`specgen coverage --cobertura`: the lines of pages as XML, for services that show coverage.

The form is Cobertura's (`coverage-04.dtd`). A folder is a package, a page a class, and a line
that documents something a line of code. A line that documents several things is a branch, with
as many conditions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from specgen.coverage.values import Coverage, Entry
from specgen.messages import xml_text

__all__ = ["coverage_cobertura"]

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">\n'
)


@dataclass(frozen=True, slots=True)
class _Rates:
    """How many lines and branches there are, and how many of them are covered."""

    lines: int = 0
    lines_covered: int = 0
    branches: int = 0
    branches_covered: int = 0

    @classmethod
    def of(cls, lines: Iterable[Sequence[Entry]]) -> _Rates:
        lines = tuple(lines)
        branches = [entry for entries in lines if len(entries) > 1 for entry in entries]
        return cls(
            len(lines),
            sum(_hits(entries) > 0 for entries in lines),
            len(branches),
            sum(entry.covered for entry in branches),
        )

    def attributes(self) -> dict[str, str]:
        """The two rates as every element above a line has them."""
        return {
            "line-rate": _rate(self.lines_covered, self.lines),
            "branch-rate": _rate(self.branches_covered, self.branches),
            "complexity": "0",
        }


def coverage_cobertura(coverage: Coverage, root: str, seconds: float) -> str:
    """The document.

    Args:
        coverage: What was measured.
        root: The docs root as a relative path: the places of pages begin there.
        seconds: When it was measured, in seconds since 1970.
    """
    files = _by_line(coverage.entries)
    rates = _Rates.of(entries for lines in files.values() for entries in lines.values())
    document = Element(
        "coverage",
        {
            **rates.attributes(),
            "lines-covered": str(rates.lines_covered),
            "lines-valid": str(rates.lines),
            "branches-covered": str(rates.branches_covered),
            "branches-valid": str(rates.branches),
            "version": f"specgen {version('specgen')}",
            "timestamp": str(int(seconds * 1000)),
        },
    )
    SubElement(SubElement(document, "sources"), "source").text = xml_text(root)
    packages = SubElement(document, "packages")
    folders: dict[str, list[str]] = defaultdict(list)
    for file in sorted(files):
        folders[file.rpartition("/")[0]].append(file)
    for folder, inside in sorted(folders.items()):
        _add_package(packages, folder, {file: files[file] for file in inside})
    indent(document)
    return HEAD + tostring(document, encoding="unicode")


Lines = dict[int, list[Entry]]


def _by_line(entries: Iterable[Entry]) -> dict[str, Lines]:
    """Entries by file and line: what several pages include stands once."""
    files: dict[str, Lines] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        files[entry.span.source.path][entry.span.line].append(entry)
    return files


def _add_package(packages: Element, folder: str, files: dict[str, Lines]) -> None:
    rates = _Rates.of(entries for lines in files.values() for entries in lines.values())
    name = xml_text(folder.replace("/", ".") or ".")
    package = SubElement(packages, "package", {"name": name, **rates.attributes()})
    classes = SubElement(package, "classes")
    for file, lines in files.items():
        told = {"name": xml_text(file.rpartition("/")[2]), "filename": xml_text(file)}
        attributes = {**told, **_Rates.of(lines.values()).attributes()}
        page = SubElement(classes, "class", attributes)
        SubElement(page, "methods")
        inside = SubElement(page, "lines")
        for number, entries in sorted(lines.items()):
            SubElement(inside, "line", _line(number, entries))


def _line(number: int, entries: Sequence[Entry]) -> dict[str, str]:
    line = {"number": str(number), "hits": str(_hits(entries))}
    if len(entries) == 1:
        return {**line, "branch": "false"}
    covered = sum(entry.covered for entry in entries)
    told = f"{100 * covered // len(entries)}% ({covered}/{len(entries)})"
    return {**line, "branch": "true", "condition-coverage": told}


def _hits(entries: Sequence[Entry]) -> int:
    """How many cases touch something that a line documents."""
    return len({case for entry in entries if entry.covered for case in entry.cases})


def _rate(part: int, whole: int) -> str:
    return f"{part / whole:.4f}" if whole else "1"
