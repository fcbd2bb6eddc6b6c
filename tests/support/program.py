"""Runs the program as a user does: in a process of its own, through a shell where that matters."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.warm import Warm

PROGRAM = [sys.executable, "-m", "detente"]

CRISIS = """
crisis: a-quarrel
title: "A qu\u00e4rrel \\x1b[2J\\x1b]0;owned\\a \\u202e over \u2013 the strait"
actors:
  aland: {role: principal}
  bland: {role: principal}
stake: {name: the strait, first: aland, status_quo: 0.5}
turns: {first: aland, each: 2}
delay_cost: 0.01 to 0.03
war: {win_chance: 0.6, cost: 0.2}
"""
"""A small crisis. Its title holds escape sequences, a direction mark and letters beyond ASCII."""


WARM = Warm() if hasattr(os, "fork") else None


def detente(
    *words: str | Path, cwd: Path | None = None, timeout: float = 900, stdin: bytes = b"",
    fresh: bool = False, **environment: str,
) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a process of its own and return what it did, its output as bytes.

    The process is a fork of one that has read the libraries, unless it must start from nothing
    (``fresh``) or an environment is given that is read early.
    """
    line, given = [str(word) for word in words], {**os.environ, **environment}
    if WARM is not None and not fresh and WARM.fits(given):
        return WARM.run(line, cwd or Path.cwd(), stdin, given, timeout)
    return subprocess.run([*PROGRAM, *line], capture_output=True, cwd=cwd, timeout=timeout,
                          input=stdin, env=given)


def outputs(*words: str | Path, **settings: Any) -> subprocess.CompletedProcess[str]:
    """Return what `detente` does, with the outputs as text."""
    done = detente(*words, **settings)
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def shell(line: str, cwd: Path | None = None, **environment: str) -> tuple[int, str, str]:
    """Run a line of bash in which DETENTE is the program; return exit code and both outputs."""
    done = subprocess.run(
        ["bash", "-c", line], capture_output=True, cwd=cwd, timeout=900, stdin=subprocess.DEVNULL,
        env={**os.environ, "DETENTE": " ".join(PROGRAM), **environment},
    )
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode()


def harmless(output: bytes) -> bool:
    """Whether a terminal would obey nothing in an output."""
    text = output.decode("utf-8")
    return not any(c in text for c in "\x1b\x07\x08\r\x9b\u202e\u200b\u2066")
