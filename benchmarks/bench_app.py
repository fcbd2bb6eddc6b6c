"""The app under a class: windows that move sliders at once.

Each window speaks to the app as a browser does, over its own connection: it opens a case, and when
all windows have a first answer, it moves a slider every second. The time from the move to the new
live answer is measured, and the memory of the app's processes. Run it alone:
``python -m benchmarks.bench_app [WINDOWS] [SECONDS] [CASE]``. It ends after SECONDS and at most
four minutes, and exits with 1 if an answer was lost.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from detente.cases import load
from detente.scenario import numbers

WINDOWS, SECONDS, CASE, EVERY = 30, 20.0, "cuba-1962", 1.0
LONGEST = 120.0
"""Seconds to wait for a first answer."""
PATIENCE = 30.0
"""Seconds to wait for the answer to a move, and for the app to start and to end."""


def memory(pid: int) -> float:
    """Return the memory of a process and those below it, in MB (shared pages counted once)."""
    found, pids = 0.0, [pid]
    while pids:
        one = pids.pop()
        try:
            for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    found += int(line.split()[1]) / 1024
            pids += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except (OSError, ValueError):
            continue
    return found


async def window(
    address: str, case: str, seconds: float, waits: list[float], lost: list[str],
    all_open: asyncio.Barrier,
) -> None:
    """Open a case, move its sliders for some seconds, and note how long each answer took."""
    from websockets.asyncio.client import connect

    ranges = {path: (q.low, q.high) for path, q in numbers(load(case)).items() if q.is_range}
    parts = urlsplit(address)
    key = parse_qs(parts.query)["token"][0]
    headers = {"Cookie": f"detente-{parts.port}={key}"}
    async with connect(
        f"ws://{parts.netloc}/websocket/", additional_headers=headers,
        origin=f"http://{parts.netloc}", max_size=None,  # type: ignore[arg-type]
    ) as socket:
        hidden = {f".clientdata_output_{name}_hidden": name not in ("live", "form", "both")
                  for name in ("live", "form", "both", "changes", "progress", "errors")}
        await socket.send(json.dumps({"method": "init", "data": {
            ".clientdata_url_search": f"?case={case}", ".clientdata_url_protocol": "http:",
            ".clientdata_url_hostname": parts.hostname, ".clientdata_url_port": str(parts.port),
            ".clientdata_url_pathname": "/", ".clientdata_pixelratio": 1, **hidden}}))
        if not await answer(socket, LONGEST):
            lost.append("no first answer")
        await all_open.wait()
        until = time.monotonic() + seconds
        dice = random.Random(id(socket))
        while time.monotonic() < until:
            await asyncio.sleep(EVERY * dice.uniform(0.5, 1.5))
            path = dice.choice(list(ranges))
            value = float(f"{dice.uniform(*ranges[path]):.6g}")
            began = time.monotonic()
            await socket.send(json.dumps({"method": "update", "data": {
                "moved": {path: value}}}))
            if await answer(socket, PATIENCE):
                waits.append(time.monotonic() - began)
            else:
                lost.append(f"no answer to {path} = {value}")


async def answer(socket: object, wait: float) -> bool:
    """Wait for a live answer; return whether it came."""
    until = time.monotonic() + wait
    while (left := until - time.monotonic()) > 0:
        try:
            text = await asyncio.wait_for(socket.recv(), left)  # type: ignore[attr-defined]
        except TimeoutError:
            return False
        message = json.loads(text)
        found = (message.get("values") or {}).get("live")
        if found and "residual" in json.dumps(found):
            return True
    return False


@contextmanager
def started(folder: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the app in a folder, and end it."""
    with subprocess.Popen(
        [sys.executable, "-m", "detente", "app", folder, "--no-browser", "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()  # empty if it ended
            if "http://" not in line:
                raise RuntimeError("the app did not start; `detente app` says why")
            yield process, line.split()[-1]
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


async def measure(windows: int, seconds: float, case: str) -> dict[str, object] | None:
    """Start the app, open the windows, and print what was measured."""
    waits: list[float] = []
    lost: list[str] = []
    all_open = asyncio.Barrier(windows + 1)
    with tempfile.TemporaryDirectory() as folder, started(folder) as (process, address):
        empty = memory(process.pid)
        began = time.monotonic()
        opened = [asyncio.create_task(window(address, case, seconds, waits, lost, all_open))
                  for _ in range(windows)]
        try:
            async with asyncio.timeout(LONGEST + PATIENCE):
                await all_open.wait()
            first = time.monotonic() - began
            await asyncio.sleep(seconds / 2)
            full = memory(process.pid)
            async with asyncio.timeout(seconds + 2 * PATIENCE):
                ended = await asyncio.gather(*opened, return_exceptions=True)
        except TimeoutError:
            print(f"the windows did not end in time; {len(waits)} answers, lost {lost[:3]}")
            return None
        finally:
            for one in opened:
                one.cancel()
    lost += [repr(e) for e in ended if e is not None]
    waits.sort()
    if not waits:
        print(f"no answer came: {lost[:3]}")
        return None
    ninth = 1000 * waits[int(0.9 * len(waits))]
    note = (f"{windows} windows, {case}, {seconds:.0f} s, {os.cpu_count()} processors: "
            f"first answers after {first:.0f} s, {len(waits)} answers, median "
            f"{1000 * statistics.median(waits):.0f} ms, ninth decile {ninth:.0f} ms, lost "
            f"{len(lost)}; memory {empty:.0f} MB empty, {full:.0f} MB with all, "
            f"{(full - empty) / windows:.1f} MB a window")
    print(note)
    return {"windows": windows, "ninth": round(ninth), "note": note, "lost": len(lost)}


def rows(quick: bool = False) -> list[dict[str, object]]:
    """Return the ninth decile of the answers of a class."""
    made = asyncio.run(measure(4 if quick else WINDOWS, 5.0 if quick else SECONDS, CASE))
    return [] if made is None else [
        {"work": f"app: {made['windows']} windows that move sliders", "figure": made["ninth"],
         "unit": "ms", "target": None, "ratio": None, "note": made["note"]}]


if __name__ == "__main__":
    asked = sys.argv[1:]
    made = asyncio.run(measure(int(asked[0]) if asked else WINDOWS,
                               float(asked[1]) if len(asked) > 1 else SECONDS,
                               asked[2] if len(asked) > 2 else CASE))
    sys.exit(1 if made is None or made["lost"] else 0)
