"""The app under a class: windows that move sliders at once.

Each window speaks to the app as a browser does, over its own connection: it opens a case, then
moves a slider every second. The time from the move to the new live answer is measured, and the
memory of the app's processes. Run it alone:
``python -m benchmarks.bench_app [WINDOWS] [SECONDS] [CASE]``.
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
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from detente.cases import load
from detente.scenario import numbers

WINDOWS, SECONDS, CASE, EVERY = 30, 20.0, "cuba-1962", 1.0
LONGEST = 120.0
"""Seconds to wait for a first answer."""


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
    address: str, case: str, until: float, waits: list[float], lost: list[str]
) -> None:
    """Open a case, move its sliders until a time, and note how long each answer took."""
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
        await answer(socket, LONGEST)
        dice = random.Random(id(socket))
        while time.monotonic() < until:
            await asyncio.sleep(EVERY * dice.uniform(0.5, 1.5))
            path = dice.choice(list(ranges))
            value = float(f"{dice.uniform(*ranges[path]):.6g}")
            began = time.monotonic()
            await socket.send(json.dumps({"method": "update", "data": {
                "moved": {path: value}}}))
            if await answer(socket, 30.0):
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


async def measure(windows: int, seconds: float, case: str) -> dict[str, object] | None:
    """Start the app, open the windows, and print what was measured."""
    folder = tempfile.mkdtemp()
    process = subprocess.Popen(
        [sys.executable, "-m", "detente", "app", folder, "--no-browser", "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    address = process.stdout.readline().split()[-1]
    empty = memory(process.pid)
    waits: list[float] = []
    lost: list[str] = []
    began = time.monotonic()
    opened = [asyncio.create_task(
        window(address, case, began + 10 + seconds, waits, lost)) for _ in range(windows)]
    await asyncio.sleep(10 + seconds / 2)
    full = memory(process.pid)
    ended = await asyncio.gather(*opened, return_exceptions=True)
    lost += [repr(e) for e in ended if e is not None]
    process.terminate()
    process.wait(20)
    waits.sort()
    if not waits:
        print(f"no answer came: {lost[:3]}")
        return None
    ninth = 1000 * waits[int(0.9 * len(waits))]
    note = (f"{windows} windows, {case}, {seconds:.0f} s, {os.cpu_count()} processors: "
            f"{len(waits)} answers, median {1000 * statistics.median(waits):.0f} ms, ninth decile "
            f"{ninth:.0f} ms, lost {len(lost)}; memory {empty:.0f} MB empty, {full:.0f} MB with "
            f"all, {(full - empty) / windows:.1f} MB a window")
    print(note)
    return {"windows": windows, "ninth": round(ninth), "note": note}


def rows(quick: bool = False) -> list[dict[str, object]]:
    """Return the ninth decile of the answers of a class."""
    made = asyncio.run(measure(4 if quick else WINDOWS, 5.0 if quick else SECONDS, CASE))
    return [] if made is None else [
        {"work": f"app: {made['windows']} windows that move sliders", "figure": made["ninth"],
         "unit": "ms", "target": None, "ratio": None, "note": made["note"]}]


if __name__ == "__main__":
    asked = sys.argv[1:]
    asyncio.run(measure(int(asked[0]) if asked else WINDOWS,
                        float(asked[1]) if len(asked) > 1 else SECONDS,
                        asked[2] if len(asked) > 2 else CASE))
