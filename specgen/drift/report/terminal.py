"""What a person sees while a run goes on, and the summary at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from specgen.drift.results import broken_pages, silent_pages, summary_of
from specgen.drift.values import PageCase, RunReport
from specgen.messages import Piece, Style, printable, printable_lines, render
from specgen.render.rendered import Planned
from specgen.replay.telling import findings_text
from specgen.replay.values import CaseResult, Kind, Outcome
from specgen.target.values import TargetInfo

__all__ = ["Terminal", "last_line", "styled"]

STYLES = {
    Style.PLAIN: "",
    Style.PLACE: "bold",
    Style.ERROR: "bold red",
    Style.WARNING: "bold yellow",
    Style.NOTE: "bold blue",
    Style.GUTTER: "blue",
    Style.PAGE: "green",
    Style.CLUSTER: "red",
    Style.HINT: "cyan",
}
MARKS = {
    Outcome.PASSED: ("ok", "green"),
    Outcome.FAILED: ("FAILED", "bold red"),
    Outcome.ERROR: ("ERROR", "bold magenta"),
    Outcome.SKIPPED: ("skipped", "yellow"),
}
# How many lines of one sort a summary shows; the rest is counted.
MOST = 8


def elapsed(seconds: float) -> str:
    """A duration as people read it; tests put a clock that stands still in its place."""
    return f"{seconds:.2f} s"


def styled(pieces: Sequence[Piece]) -> Text:
    """Pieces of a message as rich prints them; colour depends on where it is printed."""
    return Text.assemble(*((piece.text, STYLES[piece.style]) for piece in pieces))


@dataclass(slots=True)
class Terminal:
    """Listens to a run and tells it to a person.

    Attributes:
        console: Where to print.
        cases: The planned cases by id.
        shown: Gives a page's name as people can open it.
        quiet: Only failures and the last line.
        verbose: A line for each case.
        by_case: Whether findings are told as they come, each case with its own; whoever tells
            them otherwise does so at the end.
    """

    console: Console
    cases: dict[str, Planned]
    shown: Callable[[str], str]
    quiet: bool = False
    verbose: bool = False
    by_case: bool = True
    progress: Progress | None = None
    open_pages: dict[str, list[CaseResult]] = field(default_factory=dict)
    waiting: Counter[str] = field(default_factory=Counter)
    told: set[str] = field(default_factory=set)
    lost: bool = False

    def begin(self) -> None:
        """Shows the bar of progress, where there is a terminal to show it on."""
        self.waiting = Counter(case.page for case in self.cases.values())
        if self.quiet or not self.console.is_terminal:
            return
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.console,
            transient=True,
        )
        self.progress.add_task("starting", total=len(self.cases))
        self.progress.start()

    def target_opened(self, info: TargetInfo, seconds: float | None = None) -> None:
        """The target answers: says what it is, and how long that took."""
        if self.quiet:
            return
        what = f"{info.engine}, answers as " if info.engine else ""
        self.console.print(
            Text.assemble(
                ("target ", "dim"),
                (info.name, "bold"),
                f": {printable(what)}{printable(info.distribution)} {printable(info.version)}",
                (f" ({elapsed(seconds)})" if seconds is not None else "", "dim"),
            ),
            soft_wrap=True,
        )

    def target_lost(self) -> None:
        """No further case can be judged; `end` says why."""
        self.lost = True

    def case_started(self, case_id: str) -> None:
        """Shows on the bar what is being replayed."""
        if self.progress is not None and case_id in self.cases:
            page = printable(self.cases[case_id].page)
            room = max(20, self.console.width - 50)
            short = page if len(page) <= room else f"…{page[1 - room :]}"
            self.progress.update(self.progress.task_ids[0], description=short)

    def case_finished(self, result: CaseResult) -> None:
        """Counts a case, shows what it found, and closes its page after the last one."""
        case = self.cases.get(result.id)
        if case is None:
            return
        self.told.add(case.id)
        if self.progress is not None:
            self.progress.advance(self.progress.task_ids[0])
        self.open_pages.setdefault(case.page, []).append(result)
        self.waiting[case.page] -= 1
        if self.verbose:
            self._case_line(case, result)
        if self.by_case:
            self._findings(case, result)
        if not self.waiting[case.page] and not self.quiet and self.by_case:
            self._page_line(case.page)

    def replay(self, report: RunReport) -> None:
        """Tells what came of a run that is over, as it would have been told meanwhile."""
        self.begin()
        if report.target is not None:
            self.target_opened(report.target)
        self.lost = report.lost is not None
        for each in report.cases:
            if not each.result.reason.startswith("not run"):
                self.case_finished(each.result)

    def end(
        self,
        report: RunReport,
        tell: Callable[[], None] | None = None,
        accepted: Collection[str] = (),
    ) -> None:
        """Takes the bar away and prints the summary; its last line holds `N passed`.

        Args:
            report: The run.
            tell: Prints what else is to be told, between what went wrong and the notes.
            accepted: The ids of red cases that somebody accepted.
        """
        if self.progress is not None:
            self.progress.stop()
        if report.interrupted:
            text = "interrupted: what has no result yet counts as an error"
            self.console.print(Text(text, "bold yellow"), soft_wrap=True)
        self._lost_cases(report)
        self._unheard(report)
        self._problems(report)
        if report.crashed:
            self.console.print(Text("the session ended in a way nobody planned:", "bold red"))
            self.console.print(Text(printable_lines(report.crashed[-4000:])), soft_wrap=True)
        if tell is not None:
            tell()
        if not self.quiet:
            self._notes(report)
        self.console.print(last_line(report, accepted), soft_wrap=True)

    def note(self, text: str) -> None:
        """Shows what was found out after the end."""
        self.console.print(Text(printable(text), "yellow"), soft_wrap=True)

    def _case_line(self, case: Planned, result: CaseResult) -> None:
        word, style = MARKS[result.outcome]
        place = f"{self.shown(case.file)}:{case.line}"
        self.console.print(
            Text.assemble(
                (f"{word:>7} ", style),
                printable(place),
                (f" {printable(case.slug)} {elapsed(result.duration_s)}", "dim"),
                (f", {elapsed(result.waited_s)} of it waiting" if result.waited_s else "", "dim"),
            ),
            soft_wrap=True,
        )

    def _findings(self, case: Planned, result: CaseResult) -> None:
        if self.lost and not result.findings:
            return  # the summary tells once why no case could be judged
        if not result.outcome.is_red and not (self.verbose and result.findings):
            return
        if result.findings:
            text = styled(findings_text(result.findings, self.shown))
            self.console.print(text, soft_wrap=True)
        else:
            place = (f"{printable(self.shown(case.file))}:{case.line}:1: ", "bold")
            reason = printable_lines(result.reason or result.message)
            text = Text.assemble(place, ("error[not-judged]", "bold magenta"), f" {reason}\n")
            self.console.print(text, soft_wrap=True)

    def _page_line(self, page: str) -> None:
        results = self.open_pages.pop(page, [])
        if self.lost:
            return
        count = Counter(result.outcome for result in results)
        bad = count[Outcome.FAILED] + count[Outcome.ERROR]
        parts = [f"{n} {outcome.value}" for outcome in Outcome if (n := count[outcome])]
        if bad:
            mark = ("FAILED ", "bold red")
        elif count[Outcome.PASSED]:
            mark = ("    ok ", "green")
        else:
            mark = ("     - ", "yellow")
        name = printable(self.shown(page))
        self.console.print(
            Text.assemble(mark, name, (f"  {', '.join(parts)}", "dim")), soft_wrap=True
        )

    def _lost_cases(self, report: RunReport) -> None:
        if report.lost is not None:
            self.console.print(
                Text.assemble(("error: ", "bold red"), printable_lines(report.lost.message)),
                soft_wrap=True,
            )
            if report.lost.hint:
                self.console.print(f"  help: {report.lost.hint}", style="cyan", soft_wrap=True)

    def _unheard(self, report: RunReport) -> None:
        """The cases of which nothing was heard, where nothing else says why."""
        if report.interrupted or report.lost or not self.by_case:
            return
        for each in report.cases:
            told = each.case.id in self.told
            told = told or (bool(report.crashed) and each.result.message.startswith("not run"))
            if each.result.outcome is Outcome.ERROR and not told:
                self._findings(each.case, each.result)

    def _problems(self, report: RunReport) -> None:
        for page, reason in report.unreadable:
            self.console.print(
                Text.assemble((f"{printable(self.shown(page))}: ", "bold"), printable(reason)),
                soft_wrap=True,
            )
        for message in (each for page in report.pages for each in page.unread):
            text = styled(render(replace(message, path=self.shown(message.path))))
            self.console.print()
            self.console.print(text, soft_wrap=True, end="")

    def _notes(self, report: RunReport) -> None:
        self.console.print()
        silent = [self.shown(page) for page in silent_pages(report)]
        if silent:
            text = f"no request sent, so nothing checked:{_listed(silent)}"
            self.console.print(Text(text, "yellow"), soft_wrap=True)
        if report.target is not None and report.emulated:
            count = sum(each.result.emulated for each in report.cases)
            families = ", ".join(report.target.emulated)
            rest = "1 case rests on it" if count == 1 else f"{count} cases rest on it"
            text = f"{families}: emulated by specgen ({rest})"
            self.console.print(Text(text, "yellow"), soft_wrap=True)
        unknown = _unknown(report)
        if unknown:
            text = f"the recording does not know:{_listed(unknown, few=0)}"
            self.console.print(Text(text, "yellow"), soft_wrap=True)
        for each in report.cases:
            if each.result.left:
                text = f"case {each.case.id} left {', '.join(each.result.left)}"
                self.console.print(Text(printable(text), "yellow"), soft_wrap=True)
        red = sum(each.result.outcome.is_red for each in report.cases)
        if self.by_case and red > MOST:
            text = f"`specgen drift` tells what these {red} red cases have in common"
            self.console.print(Text(text, "cyan"), soft_wrap=True)
        warnings = _warnings(report.cases)
        if warnings:
            what = "1 deprecation warning" if warnings == 1 else f"{warnings} deprecation warnings"
            text = f"{what} that no page tells of (--verbose shows all)"
            self.console.print(Text(text, "yellow"), soft_wrap=True)


def _listed(names: Sequence[str], few: int = 2) -> str:
    """A few names in the line that they belong to, or some more below it, one a line."""
    shown = [printable(name) for name in names[:MOST]]
    if len(names) <= few:
        return f" {', '.join(shown)}"
    more = [f"and {len(names) - MOST} more"] if len(names) > MOST else []
    return "".join(f"\n  {line}" for line in (*shown, *more))


def _warnings(cases: Sequence[PageCase]) -> int:
    """How many deprecation warnings came that no page tells of."""
    found = (finding for each in cases for finding in each.result.findings)
    return sum(finding.kind is Kind.WARNING and finding.expected is None for finding in found)


def _unknown(report: RunReport) -> list[str]:
    """The requests that a recording does not know, each once, in page order."""
    if report.target is None or report.target.name != "recording":
        return []
    found = (finding for each in report.cases for finding in each.result.findings)
    return list(dict.fromkeys(f.request for f in found if f.kind is Kind.TARGET))


def last_line(report: RunReport, accepted: Collection[str] = ()) -> Text:
    """The verdicts of a run in one line, which holds `N passed`.

    Args:
        report: The run.
        accepted: The ids of red cases that somebody accepted.
    """
    known = Counter(each.result.outcome for each in report.cases if each.case.id in accepted)
    figures = summary_of(report)
    passed = figures["passed"]
    body, status = figures["passed_with_body"], figures["passed_status_only"]
    bad = [
        (figures[each], each, colour)
        for each, colour in ((Outcome.FAILED, "red"), (Outcome.ERROR, "magenta"))
        if figures[each]
    ]
    pieces: list[tuple[str, str]] = []
    for count, outcome, colour in bad:
        told = f" ({known[outcome]} accepted)" if known[outcome] else ""
        pieces += [(f"{count} {outcome}", f"bold {colour}"), (f"{told}, ", "")]
    pieces.append((f"{passed} passed", "bold green" if not bad else "bold"))
    if passed:
        in_part = f", {part} of them in part" if (part := figures["passed_in_part"]) else ""
        shape = f", {shapes} by its shape" if (shapes := figures["passed_by_shape"]) else ""
        told = f" ({body} with the body checked{in_part}{shape}, {status} by status only)"
        pieces.append((told, ""))
    if figures["skipped"]:
        pieces.append((f", {figures['skipped']} skipped", "yellow"))
    if broken := broken_pages(report):
        what = "1 page" if len(broken) == 1 else f"{len(broken)} pages"
        pieces.append((f", {what} not read in full", "bold red"))
    pieces.append((f" in {elapsed(report.duration_s)}", "dim"))
    return Text.assemble(*pieces)
