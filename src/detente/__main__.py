"""The program ``detente``, also as ``python -m detente``.

Importing the libraries takes some tenths of a second. An interruption (Ctrl-C) in that time ends
the program with the same message and exit code as later, so this file imports as little as it can.
"""

import atexit
import os
import signal
import sys
from typing import NoReturn

__all__ = ["program"]

INTERRUPTED = 130
MESSAGE = b"detente: interrupted; finished files are kept\n"


def _leave(*_: object) -> NoReturn:
    """End the process at once: nothing was begun, or everything was written."""
    try:
        os.write(2, MESSAGE)
    finally:
        os._exit(INTERRUPTED)


def _unraisable(unraisable: "sys.UnraisableHookArgs") -> None:
    """Leave if Python would ignore an interruption, as it does within a callback of a library."""
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        _leave()
    sys.__unraisablehook__(unraisable)


def _keep_standard_numbers() -> None:
    """Open the null device in the place of a closed standard stream.

    Otherwise the next file that is opened would take its number, and a library that writes to
    standard output would write into that file. ``sys.stdout`` stays None, so the command line
    reports that its output is closed.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)


def program() -> NoReturn:
    """Run the command line and end the process."""
    heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # else a shell's choice
    if heard:
        signal.signal(signal.SIGINT, _leave)
        # Functions registered first run last. All results are written by then, and while Python
        # ends it would give the signal its default effect, which hides the exit code.
        atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
    sys.unraisablehook = _unraisable
    _keep_standard_numbers()
    from detente.cli import main

    def interrupt(*_: object) -> NoReturn:
        signal.signal(signal.SIGINT, _leave)  # a second one does not wait for anything
        raise KeyboardInterrupt

    code = INTERRUPTED
    try:
        if heard:
            signal.signal(signal.SIGINT, interrupt)
        code = main()
    except KeyboardInterrupt:  # between the lines of main
        _leave()
    finally:
        if heard:
            signal.signal(signal.SIGINT, _leave)
    if code == INTERRUPTED:
        os._exit(code)  # without waiting for threads that still compute
    sys.exit(code)


if __name__ == "__main__":
    program()
