"""Download registered files, verify them, and keep them in the user's cache.

Only an explicit command or call downloads. Every file is compared with its registered SHA-256
before it enters the cache. A file that differs is reported and not kept, and the cache does not
change. An interrupted download is tried again and continues at the byte where it stopped.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from detente.errors import InputError
from detente.history.dataset import DataSet
from detente.history.download import resuming
from detente.history.needs import need
from detente.history.registry import get

__all__ = ["DEFAULT_BASE", "add", "base_address", "cache_folder", "fetch", "held", "path_of"]

DEFAULT_BASE = "https://raw.githubusercontent.com"
"""Serves public files under OWNER/REPOSITORY/COMMIT/PATH."""


def base_address(base: str | None = None) -> str:
    """Return the base address: the argument, else DETENTE_DATA_BASE, else `DEFAULT_BASE`."""
    return (base or os.environ.get("DETENTE_DATA_BASE") or DEFAULT_BASE).rstrip("/")


def cache_folder() -> Path:
    """Return the folder of downloaded files: DETENTE_DATA_CACHE, else the user's cache folder."""
    named = os.environ.get("DETENTE_DATA_CACHE")
    if named:
        return Path(named).expanduser()
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "detente" / "data"


def _cached(data: DataSet, folder: Path | None) -> Path:
    return (folder or cache_folder()) / data.file_name


def held(name: str, folder: Path | None = None) -> bool:
    """Return whether the file is in the cache. Its bytes are verified when it is read."""
    return _cached(get(name), folder).is_file()


def _local(base: str) -> Path | None:
    """Return the folder that a base address names, or None if it names a server."""
    parts = urlparse(base)
    if parts.scheme == "file":
        return Path(unquote(parts.path))
    return None if len(parts.scheme) > 1 else Path(base).expanduser()


def _copy(source: Path) -> Callable[[str, Any, Any], None]:
    def downloader(url: str, output_file: Any, pooch: Any) -> None:
        shutil.copyfile(source, output_file)

    return downloader


def fetch(
    name: str, *, base: str | None = None, folder: Path | None = None, retries: int = 3
) -> Path:
    """Return the path of a verified file, and download it if it is not in the cache.

    Parameters
    ----------
    name
        A registered data set.
    base
        Base of the source: an ``https://`` address, a ``file://`` address or a folder. Defaults to
        the environment variable DETENTE_DATA_BASE, else `DEFAULT_BASE`.
    folder
        Folder of the copy; defaults to `cache_folder`.
    retries
        Further attempts after a failed download.

    Raises
    ------
    InputError
        The file cannot be downloaded, differs from the registered one, or cannot be written.
    """
    data = get(name)
    target = _cached(data, folder)
    if target.is_file() and data.verify(target.read_bytes()):
        return target
    pooch = need("pooch")
    pooch.get_logger().setLevel("ERROR")
    where = base_address(base)
    local = _local(where)
    if local is not None:
        source = local / data.address
        if not source.is_file():
            raise InputError(
                f"{name}: there is no file {source}", expected=f"{data.address} under the base"
            )
        url, downloader = source.as_uri(), _copy(source)
    else:
        part = target.with_name(f".{target.name}.part")
        url, downloader = f"{where}/{data.address}", resuming(part, data.size)
    try:
        os.makedirs(target.parent, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as work:
            keeper = pooch.create(
                path=work, base_url="", registry={target.name: f"sha256:{data.sha256}"},
                urls={target.name: url}, retry_if_failed=retries,
            )
            os.replace(keeper.fetch(target.name, downloader=downloader), target)
    except ValueError as error:
        if "does not match" not in str(error):
            raise InputError(f"{name}: {error}", expected="a readable file of the data set; try "
                             "again, or take another --base") from error
        raise InputError(
            f"{name}: the file at {url} is not the registered one (truncated or changed); "
            "it was not kept", expected=f"SHA-256 {data.sha256}, {data.size} bytes; try again, or "
            "take another --base",
        ) from error
    except OSError as error:
        raise InputError(
            f"{name}: could not fetch {url}: {_why(error)}",
            expected="a reachable base address (--base or DETENTE_DATA_BASE) and room on the disk, "
            "or `detente data add` with a copy of the file",
        ) from error
    return target


def _why(error: OSError) -> str:
    """Return the first line of an error, without the nested messages of the library."""
    return (error.strerror or str(error).splitlines()[0] if str(error) else type(error).__name__)[
        :200
    ]


def add(name: str, path: Path, *, folder: Path | None = None) -> Path:
    """Verify a file that the user already has, and copy it into the cache.

    Raises
    ------
    InputError
        The file is missing, is not the registered one, or cannot be written.
    """
    data = get(name)
    target = _cached(data, folder)
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}: {_why(error)}",
                         expected=f"the path of a copy of {name}") from error
    if not data.verify(content):
        raise InputError(
            f"{path} is not the registered file of {name} ({len(content)} bytes)",
            expected=f"SHA-256 {data.sha256}, {data.size} bytes",
        )
    try:
        os.makedirs(target.parent, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content)
            os.replace(temporary, target)
        except OSError:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise InputError(f"{name}: cannot write the file: {_why(error)}", expected="a writable "
                         "cache folder (DETENTE_DATA_CACHE) with space on the disk") from error
    return target


def path_of(name: str, folder: Path | None = None) -> Path:
    """Verify a file in the cache and return its path.

    Raises
    ------
    InputError
        The file has not been downloaded, or its bytes have changed since.
    """
    data = get(name)
    target = _cached(data, folder)
    if not target.is_file():
        raise InputError(
            f"{name} has not been downloaded", expected=f"`detente data fetch {name}` first"
        )
    if not data.verify(target.read_bytes()):
        raise InputError(
            f"{name}: the file {target} has changed since it was downloaded",
            expected=f"`detente data fetch {name}` again",
        )
    return target
