"""Run a part of the reading in another process, within the limits on time and memory.

The process gets JSON on its standard input and prints JSON. Its standard error is dropped, because
a message of Python may hold words of a text.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from detente.errors import InputError
from detente.reading import bounds

__all__ = ["apart", "main"]

PROGRAM = ("import importlib, json, sys; sys.path[:] = json.loads(sys.argv[1]); "
           "from detente.reading.apart import main; "
           "main(importlib.import_module(sys.argv[2]).answer, *map(int, sys.argv[3:5]))")


def apart(module: str, given: Any, *, work: str, file: str, remedy: str) -> Any:
    """Return the answer of a module's function ``answer`` to a JSON value.

    Parameters
    ----------
    module
        The module's name, which is a part of the program and never of a text.
    given
        The argument of ``answer``, as JSON can hold it.
    work, file, remedy
        What the function does ("to divide the text"), the document and the way out, for errors.

    Raises
    ------
    InputError
        The work needs more time or memory than the limits, or ``answer`` raised it.
    """
    command = [sys.executable, "-I", "-c", PROGRAM, json.dumps(sys.path), module,
               str(bounds.MOST_SECONDS), str(bounds.MOST_MEMORY)]
    slow = InputError(f"{work} takes longer than the limit of {bounds.MOST_SECONDS} s", file=file,
                      expected="a shorter text", remedy=remedy)
    large = InputError(f"{work} needs more memory than the limit of "
                       f"{bounds.MOST_MEMORY >> 20:,} MB", file=file, expected="a shorter text",
                       remedy=remedy)
    try:
        done = subprocess.run(command, input=json.dumps(given).encode(), stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, timeout=bounds.MOST_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise slow from None
    except OSError as wrong:
        raise InputError(f"the program that reads a long text did not start: {wrong.strerror}",
                         file=file, expected="a Python that may start other programs") from None
    try:
        said = json.loads(done.stdout)
    except ValueError:
        if done.returncode in (-9, -24):  # killed at the limit of the CPU
            raise slow from None
        if done.returncode > 0:
            raise RuntimeError("the program that reads a long text ended with code "
                               f"{done.returncode}") from None
        raise large from None
    if "memory" in said:
        raise large
    if "wrong" in said:
        raise InputError(**said["wrong"])
    return said["answer"]


def main(answer: Callable[[Any], Any], seconds: int, memory: int) -> None:
    """Answer the JSON on standard input within limits, and print the answer as JSON."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the caller's clock remains
        pass
    else:
        for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds),
                           (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
            resource.setrlimit(what, (most, most))
    try:
        said = json.dumps({"answer": answer(json.loads(sys.stdin.buffer.read()))})
    except MemoryError:
        said = '{"memory": true}'
    except InputError as wrong:
        said = json.dumps({"wrong": asdict(wrong)})
    sys.stdout.write(said)
