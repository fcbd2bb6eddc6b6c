"""Download registered files, verify them, and keep them in the user's cache.

Only an explicit command or call downloads. Every file is compared with its registered SHA-256
before it enters the cache. A file that differs is reported and not kept, and the cache does not
change. An interrupted download is tried again and continues at the byte where it stopped. Of
several processes that fetch one file, one downloads it and the others wait for it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from detente.errors import InputError
from detente.history.dataset import DataSet
from detente.history.download import NotTheFileError, UnreachableError, download
from detente.history.needs import need
from detente.history.registry import get
from detente.lock import locked

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
    try:
        parts = urlsplit(base)
    except ValueError as error:
        raise InputError(f"cannot read the base address {base!r}: {error}",
                         expected=_BASES) from error
    if parts.scheme == "file":
        return Path(unquote(parts.path))
    if len(parts.scheme) < 2:  # a path, or a drive's letter
        return Path(base).expanduser()
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(f"cannot read the base address {base!r}", expected=_BASES)
    return None


_BASES = "an https://, http:// or file:// address, or a folder"


def _intact(path: Path, data: DataSet) -> bool:
    """Return whether a file holds the registered bytes. Its length is compared before its hash."""
    try:
        if not path.is_file() or path.stat().st_size != data.size:
            return False
        return _hash(path) == data.sha256
    except OSError:
        return False


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _another(data: DataSet, where: str, why: str, remedy: str) -> InputError:
    return InputError(
        f"{data.name}: {where} is not the registered one (truncated or changed): {why}; it was not "
        "kept", expected=f"SHA-256 {data.sha256}, {data.size:,} bytes", remedy=remedy,
    )


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
    if _intact(target, data):
        return target
    where = base_address(base)
    local = _local(where)
    url = f"{where}/{data.address}"
    if local is not None:
        source = local / data.address
        if not source.is_file():
            raise InputError(
                f"{name}: there is no file {source}", expected=f"{data.address} under the base"
            )
        url = str(source)
    part = target.with_name(f".{target.name}.part")
    try:
        os.makedirs(target.parent, exist_ok=True)
        with locked(target.with_name(f".{target.name}.lock")):
            if _intact(target, data):  # another process fetched it meanwhile
                return target
            _retrieve(url, target, data, lambda: download(url, part, data.size, retries)
                      if local is None else _copy(source, part, data), part)
    except NotTheFileError as error:
        raise _another(data, f"the file at {url}", str(error),
                       "try again, or take another --base") from error
    except UnreachableError as error:
        raise InputError(
            f"{name}: could not fetch {url}: {error}",
            expected="a base address (--base or DETENTE_DATA_BASE) that serves the file",
            remedy="run the command again, which continues an incomplete download, or take a copy "
            "of the file with `detente data add`",
        ) from error
    except TimeoutError as error:
        raise InputError(
            f"{name}: could not fetch {url}: {error}", expected="one fetch of a file at a time",
            remedy="run the command again when the other process has ended",
        ) from error
    except OSError as error:
        raise InputError(
            f"{name}: could not fetch {url}: {_why(error)}",
            expected="a readable source and a writable cache folder (DETENTE_DATA_CACHE) with "
            "space on the disk",
        ) from error
    return target


def _retrieve(
    url: str, target: Path, data: DataSet, bring: Callable[[], None], part: Path
) -> None:
    """Download a file, which pooch then verifies and moves into the cache.

    Pooch's own downloaders read as much as a server sends. ``bring`` writes the bytes to ``part``
    within the registered size, and continues an incomplete part. The hash is computed here too,
    because the message about a wrong file states it.
    """
    pooch = need("pooch")
    pooch.get_logger().setLevel("ERROR")
    bring()
    found = _hash(part)
    if found != data.sha256:
        part.unlink()
        raise NotTheFileError(f"its SHA-256 is {found}")

    def downloader(url: str, output_file: Any, pooch: Any) -> None:
        os.replace(part, output_file)  # with the permissions that the umask gives

    pooch.retrieve(url, f"sha256:{data.sha256}", fname=target.name, path=target.parent,
                   downloader=downloader)


def _copy(source: Path, part: Path, data: DataSet) -> None:
    """Copy a local file of the registered length."""
    length = source.stat().st_size
    if length != data.size:
        raise NotTheFileError(f"it has {length:,} bytes")
    try:
        shutil.copyfile(source, part)
    except OSError:
        part.unlink(missing_ok=True)  # the disk may be full: free its space
        raise


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
        with Path(path).open("rb") as stream:
            content = stream.read(data.size + 1)  # a device or a pipe may never end
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path}: {error}".splitlines()[0],
                         expected=f"the path of a copy of {name}") from error
    if not data.verify(content):
        length = f"{len(content):,}" if len(content) <= data.size else f"more than {data.size:,}"
        raise InputError(
            f"{path} is not the registered file of {name}: it has {length} bytes and the SHA-256 "
            f"{hashlib.sha256(content).hexdigest()}" if len(content) <= data.size else
            f"{path} is not the registered file of {name}: it has {length} bytes",
            expected=f"SHA-256 {data.sha256}, {data.size:,} bytes",
            remedy=f"fetch the file with `detente data fetch {name}`",
        )
    part = target.with_name(f".{target.name}.part")
    try:
        os.makedirs(target.parent, exist_ok=True)
        with locked(target.with_name(f".{target.name}.lock")):
            try:
                with part.open("wb") as out:  # with the permissions that the umask gives
                    out.write(content)
                    out.flush()
                    os.fsync(out.fileno())
                os.replace(part, target)
            except OSError:
                part.unlink(missing_ok=True)
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
    if not _intact(target, data):
        raise InputError(
            f"{name}: the file {target} has changed since it was downloaded",
            expected=f"`detente data fetch {name}` again",
        )
    return target
