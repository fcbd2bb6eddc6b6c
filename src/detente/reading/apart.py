"""Run a part of the reading in another process, within the limits on time and memory.

This is the only place of the reading that starts a process. The process gets bytes on its standard
input and prints JSON. Its standard error is dropped, because a message of Python may hold words of
a text.
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
           "main(importlib.import_module(sys.argv[2]).answer, sys.argv[3:-2], "
           "*map(int, sys.argv[-2:]))")
AT_LIMIT = (-9, -24)
"""Codes of a process that was killed at the limit of the CPU."""


def apart(
    module: str, given: bytes, *words: str, work: str, file: str, expected: str = "a shorter text",
    remedy: str | None = None, ended: InputError | None = None,
) -> Any:
    """Return the answer of a module's function ``answer`` to bytes.

    Parameters
    ----------
    module
        The module's name, which is a part of the program and never of a text.
    given, words
        The arguments of ``answer``. Other users of the machine can see the words.
    work, file, expected, remedy
        What the function does ("to divide the text"), the document and the way out, for errors.
    ended
        The error if the process ends by itself without an answer; None takes a lack of memory, or
        an error of the program.

    Raises
    ------
    InputError
        The work needs more time or memory than the limits, or ``answer`` raised it.
    """
    command = [sys.executable, "-I", "-c", PROGRAM, json.dumps(sys.path), module, *words,
               str(bounds.MOST_SECONDS), str(bounds.MOST_MEMORY)]
    slow = InputError(f"{work} takes longer than the limit of {bounds.MOST_SECONDS} s", file=file,
                      expected=expected, remedy=remedy)
    large = InputError(f"{work} needs more memory than the limit of "
                       f"{bounds.MOST_MEMORY >> 20:,} MB", file=file, expected=expected,
                       remedy=remedy)
    try:
        done = subprocess.run(command, input=given, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, timeout=bounds.MOST_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise slow from None
    except OSError as wrong:
        raise InputError(f"the program that reads the file did not start: {wrong.strerror}",
                         file=file, expected="a Python that may start other programs") from None
    try:
        said = json.loads(done.stdout)
    except ValueError:
        if done.returncode in AT_LIMIT:
            raise slow from None
        if ended is not None:
            raise ended from None
        if done.returncode > 0:
            raise RuntimeError("the program that reads the file ended with code "
                               f"{done.returncode}") from None
        raise large from None
    if "memory" in said:
        raise large
    if "wrong" in said:
        raise InputError(**said["wrong"])
    return said["answer"]


def main(
    answer: Callable[..., Any], words: list[str], seconds: int, memory: int
) -> None:
    """Answer the bytes on standard input within limits, and print the answer as JSON."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the caller's clock remains
        pass
    else:
        for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds),
                           (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
            resource.setrlimit(what, (most, most))
    try:
        said = json.dumps({"answer": answer(sys.stdin.buffer.read(), *words)})
    except MemoryError:
        said = '{"memory": true}'
    except InputError as wrong:
        said = json.dumps({"wrong": asdict(wrong)})
    sys.stdout.write(said)
