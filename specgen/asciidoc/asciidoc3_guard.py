"""Runs the program asciidoc3 so that a page cannot make it run or read anything.

This file is no module of specgen: `asciidoc3_run` starts it as a script in a process of its
own, as a debugger or a profiler is started, with

    SECONDS PROGRAM ARGUMENTS…

`--safe` stops `eval` and `sys` in a page, but neither a `filter` that a page gives to a
block nor the shell that renders an AsciiDoc cell of a table, and `:conf-files:` opens any
file. So the interpreter itself refuses: an audit hook, which cannot be taken away again, lets
through only what is listed here, and files only in the folder of the program (reading), in
Python's own (reading) and in the current folder. The hook is no prison for arbitrary Python;
that `--safe` keeps out. A refusal is a `PermissionError`, so that asciidoc3 names the line.
"""

from __future__ import annotations

import contextlib
import os
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path

__all__ = ["guard", "limit", "main"]

# What happens inside the process and touches nothing else. Any other event is refused,
# those of later versions of Python too.
HARMLESS = frozenset(
    {
        "builtins.id",
        "code.__new__",
        "compile",
        "cpython.PyInterpreterState_Clear",
        "cpython._PySys_ClearAuditHooks",
        "exec",
        "glob.glob",
        "glob.glob/2",
        "import",
        "marshal.loads",
        "object.__delattr__",
        "object.__getattr__",
        "object.__setattr__",
        "os.walk",
        "sys._getframe",
        "sys._getframemodulename",
        "sys.excepthook",
        "sys.unraisablehook",
    }
)
# Events whose first argument is a path, and those of them that change what is there.
PATHS = frozenset({"open", "os.listdir", "os.scandir", "os.remove", "os.truncate"})
WRITING = frozenset({"os.remove", "os.truncate"})
WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

MEMORY_BYTES = 1 << 30
FILE_BYTES = 64 << 20
OPEN_FILES = 32


def limit(seconds: int) -> None:
    """Limits what this process may use, where the platform can.

    Args:
        seconds: The seconds of processor time after which the system ends the process.
    """
    try:
        import resource  # not there on every platform
    except ImportError:
        return
    limits = {
        "RLIMIT_CPU": seconds,
        "RLIMIT_AS": MEMORY_BYTES,
        "RLIMIT_FSIZE": FILE_BYTES,
        "RLIMIT_NOFILE": OPEN_FILES,
        "RLIMIT_NPROC": 0,
        "RLIMIT_CORE": 0,
    }
    for name, value in limits.items():
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (value, value))


def guard(program: Path) -> None:
    """Installs the audit hook, for as long as this process lives."""
    own = os.path.realpath(os.curdir)
    library = Path(os.__file__).parent
    readable = (own, os.path.realpath(program.parent), os.path.realpath(library))

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event in HARMLESS:
            return
        if event in PATHS:
            folders = (own,) if _writes(event, arguments) else readable
            if _inside(arguments[0], folders):
                return
        raise PermissionError(f"specgen lets a page run and read nothing ({event})")

    sys.addaudithook(hook)


def _writes(event: str, arguments: tuple[object, ...]) -> bool:
    if event != "open":
        return event in WRITING
    flags = arguments[2]
    return not isinstance(flags, int) or bool(flags & WRITE_FLAGS)


def _inside(path: object, folders: tuple[str, ...]) -> bool:
    if isinstance(path, int):
        return True  # a file that is open already: nothing came with this process
    if not isinstance(path, (str, bytes, os.PathLike)):
        return False
    full = os.path.realpath(os.fsdecode(path))
    return any(full == folder or full.startswith(folder + os.sep) for folder in folders)


def main() -> None:
    """Runs the program named on the command line in place of this one."""
    seconds, program, *arguments = sys.argv[1:]
    limit(int(seconds))
    # Before the hook: the loader keeps the compiled form beside the program, which takes
    # two thirds of the time of every later run away.
    code = SourceFileLoader("__main__", program).get_code("__main__")
    if code is None:
        sys.exit(f"{program} holds no code")
    sys.argv = [program, *arguments]
    guard(Path(program))
    exec(code, {"__name__": "__main__", "__file__": program, "__builtins__": __builtins__})


if __name__ == "__main__":
    main()
