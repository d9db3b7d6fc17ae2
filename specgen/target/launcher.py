"""Starts a program that ends when specgen does, even if specgen is killed outright.

Run as a script by `engine`, without the package around it, since it must start fast:
`python -I -S launcher.py tie|watch PARENT_PID PROGRAM ARGUMENT...`. `tie` (Linux) has the
kernel kill the program with the thread that started it and then becomes the program.
`watch` stays beside the program and ends it when the pipe on standard input is closed,
which the system does for a parent that is gone.
"""

import os
import signal
import sys

__all__ = ["CANNOT_EXECUTE", "become", "main", "tie", "watch"]

CANNOT_EXECUTE = 126
PR_SET_PDEATHSIG = 1


def tie(parent: int) -> bool:
    """Asks the kernel to kill this process with its parent; False if it does not do that."""
    import ctypes  # takes 8 ms that `watch` need not pay

    try:
        failed = ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except (OSError, AttributeError):
        return False
    if os.getppid() != parent:  # it went before the kernel knew
        os._exit(1)
    return not failed


def become(command: list[str]) -> None:
    """Turns this process into the program, with nothing on its standard input."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.execv(command[0], command)


def watch(command: list[str]) -> int:
    """Runs the program until it or standard input ends; returns its exit code."""
    import subprocess
    import threading

    signal.signal(signal.SIGTERM, lambda *_: None)  # the closed pipe says the same
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)

    def until_closed() -> None:
        while os.read(0, 1):
            pass
        child.kill()

    threading.Thread(target=until_closed, daemon=True).start()
    code = child.wait()
    if code < 0 and os.name == "posix":  # end the same way
        signal.signal(-code, signal.SIG_DFL) if -code != signal.SIGKILL else None
        os.kill(os.getpid(), -code)
    return code


def main(way: str, parent: str, *command: str) -> int:
    """Starts the program in the given way; returns its exit code if it returns at all."""
    try:
        if way == "tie" and tie(int(parent)):
            become(list(command))
        return watch(list(command))
    except OSError as error:
        sys.stderr.write(f"launcher: {error.strerror}\n")
        return CANNOT_EXECUTE


if __name__ == "__main__":
    os._exit(main(*sys.argv[1:]))
