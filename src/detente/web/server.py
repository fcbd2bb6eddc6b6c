"""Start the app on this machine."""

from __future__ import annotations

import json
import os
import socket
import sys
import webbrowser
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from detente.errors import InputError

__all__ = ["PORT", "check_installed", "serve"]

PORT = 8062
"""The port that is tried first if none is asked for."""
TRIED = 20
LOOPBACK = "127.0.0.1"
SWITCH = 0.0005
"""Seconds for which a thread keeps the interpreter while another waits for it (default: 0.005). The
loop that answers all windows asks for it many times in an answer."""
MOST_MESSAGE = 8 << 20
"""Most bytes of a message from a browser: a text of the largest size has up to six per letter."""


def check_installed() -> None:
    """Refuse to start without the packages of the extra.

    Raises
    ------
    InputError
        They are missing.
    """
    if find_spec("shiny") is None or find_spec("uvicorn") is None:
        raise InputError("the app needs Shiny for Python, which is not installed",
                         expected='its packages: pip install "detente[app]", or in a clone '
                         "python3 dev.py app")


def serve(
    folder: str | Path, host: str | None = None, port: int | None = None, *, browser: bool = True,
    as_json: bool = False,
) -> None:
    """Serve the app until it is interrupted.

    Parameters
    ----------
    folder
        The only folder that is read and written.
    host
        An address of this machine at which others reach the app; None for this machine only.
    port
        The port; None takes the first free one from `PORT` on.
    browser
        Whether to open the browser.
    as_json
        Print the address and the folder as one JSON document.

    Raises
    ------
    InputError
        Shiny is not installed, there is no such folder, or the port is taken.
    """
    check_installed()
    from detente.web.folder import Folder

    place = Folder(folder)
    listening = _listen(host or LOOPBACK, port)
    at = listening.getsockname()[1]
    run(place, listening, host, at, browser, as_json)


def run(
    place: Any, listening: socket.socket, host: str | None, port: int, browser: bool,
    as_json: bool,
) -> None:
    """Serve on a socket that listens."""
    import uvicorn

    from detente.web.guard import Guard, new_token
    from detente.web.jobs import Jobs, prepare
    from detente.web.site import site

    prepare()
    sys.setswitchinterval(SWITCH)
    token = new_token()
    names = ("127.0.0.1", "localhost", "[::1]")
    guard = Guard(site(place, Jobs()), token,
                  None if host else [f"{name}:{port}" for name in names], f"detente-{port}")
    shown = host if host and host not in ("0.0.0.0", "::") else LOOPBACK
    address = f"http://{shown}:{port}/?token={token}"
    print(json.dumps({"address": address, "folder": str(place.path)}) if as_json
          else f"detente app: {address}", flush=True)
    print(f"Folder: {place.path}. Ctrl-C ends the app.", file=sys.stderr, flush=True)
    if host:
        print("Warning: others can reach this app. All who have the address above read and change "
              "the files of the folder, and the connection is not encrypted.", file=sys.stderr,
              flush=True)
    if browser:
        webbrowser.open(address)
    settings = uvicorn.Config(
        guard, log_level="error", ws_max_size=MOST_MESSAGE, lifespan="on", server_header=False,
        timeout_graceful_shutdown=1)
    uvicorn.Server(settings).run(sockets=[listening])


def _listen(host: str, port: int | None) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    ports = [port] if port is not None else [*range(PORT, PORT + TRIED), 0]
    for one in ports:
        listening = socket.socket(family, socket.SOCK_STREAM)
        if os.name == "posix":  # elsewhere it would let two programs share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, one))
            listening.listen(128)  # a browser that is early waits, and the port is taken
        except OSError as wrong:
            listening.close()
            if port is None and one:
                continue
            raise InputError(f"the app cannot listen at {host}, port {one}: {wrong.strerror}",
                             field="--host" if port is None else "--port",
                             expected="an address of this machine and a free port; without "
                             "--port a free one is taken") from None
        listening.set_inheritable(True)
        return listening
    raise AssertionError("port 0 is always free")
