"""Divide a text into turns and sentences; a long text is divided by a process with limits.

A text of at most `LONG` code points is divided in a few seconds, also if it was written to be slow.
A longer one gets a process of its own, with the limits on time and memory of
`detente.reading.bounds`, so it cannot stop the program.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from typing import NamedTuple

from detente.errors import InputError
from detente.reading import bounds
from detente.reading.forms.registry import divided, form_named
from detente.reading.markdown import blocks
from detente.reading.records import Spoken
from detente.reading.sentences import sentences
from detente.reading.sources import Source

__all__ = ["LONG", "Divided", "divide", "main"]

LONG = 200_000
"""Code points of the longest text that is divided in this process."""
PROGRAM = ("import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
           "from detente.reading.divide import main; main(int(sys.argv[2]), int(sys.argv[3]))")


class Divided(NamedTuple):
    """The parts of a text.

    Attributes
    ----------
    turns : list of Spoken
    form, reason : str
        The form of the turns, and the reason for it.
    sentences : list of tuple
        The place of the turn, and the span of each sentence.
    """

    turns: list[Spoken]
    form: str
    reason: str
    sentences: list[tuple[int | None, int, int]]


def divide(source: Source, form: str | None = None) -> Divided:
    """Divide a text, in another process if it is longer than `LONG`.

    Parameters
    ----------
    source
        The text.
    form
        The form's name; None takes the one that fits best.

    Raises
    ------
    InputError
        There is no such form, the text has too many turns, or it needs more time or memory than
        the limits.
    """
    if form is not None:
        form_named(form)
    return _here(source, form) if len(source.text) <= LONG else _apart(source, form)


def _here(source: Source, form: str | None) -> Divided:
    turns, name, reason = divided(source, form)
    limits = blocks(source.text) if source.kind == "markdown" else None
    found = sentences(source.text, [(k, t.start, t.end) for k, t in enumerate(turns)], limits)
    return Divided(turns, name, reason, found)


def _apart(source: Source, form: str | None) -> Divided:
    command = [sys.executable, "-I", "-c", PROGRAM, json.dumps(sys.path),
               str(bounds.MOST_SECONDS), str(bounds.MOST_MEMORY)]
    given = json.dumps({"source": asdict(source), "form": form})
    try:
        done = subprocess.run(command, input=given.encode(), stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, timeout=bounds.MOST_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise _slow(source) from None
    except OSError as wrong:
        raise InputError(f"the program that divides a text did not start: {wrong.strerror}",
                         file=source.name,
                         expected="a Python that may start other programs") from None
    try:
        said = json.loads(done.stdout)
    except ValueError:
        if done.returncode in (-9, -24):  # killed at the limit of the CPU
            raise _slow(source) from None
        if done.returncode > 0:
            raise RuntimeError("the program that divides a text ended with code "
                               f"{done.returncode}") from None
        raise _too_large(source) from None
    if "memory" in said:
        raise _too_large(source)
    if "wrong" in said:
        raise InputError(**said["wrong"])
    return Divided([Spoken(*t) for t in said["turns"]], said["form"], said["reason"],
                   [(k, a, b) for k, a, b in said["sentences"]])


def _slow(source: Source) -> InputError:
    return InputError("to divide the text into turns and sentences takes longer than the limit of "
                      f"{bounds.MOST_SECONDS} s", file=source.name, expected="a shorter text",
                      remedy="divide the file into several")


def _too_large(source: Source) -> InputError:
    return InputError("to divide the text into turns and sentences needs more memory than the "
                      f"limit of {bounds.MOST_MEMORY >> 20:,} MB", file=source.name,
                      expected="a shorter text", remedy="divide the file into several")


def main(seconds: int, memory: int) -> None:
    """Divide the text on standard input within limits, and print the parts as JSON."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the caller's clock remains
        pass
    else:
        for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds),
                           (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
            resource.setrlimit(what, (most, most))
    try:
        given = json.loads(sys.stdin.buffer.read())
        spoken = tuple(Spoken(*t) for t in given["source"].pop("spoken"))
        said = json.dumps(_here(Source(**given["source"], spoken=spoken),
                                given["form"])._asdict())
    except MemoryError:
        said = '{"memory": true}'
    except InputError as wrong:
        said = json.dumps({"wrong": asdict(wrong)})
    sys.stdout.write(said)
