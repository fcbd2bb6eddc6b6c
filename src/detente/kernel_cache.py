# mypy: disable-error-code="no-untyped-call, assignment"
"""The compiled kernels on disk: never stale, repaired if damaged, and never in the way.

`njit` compiles as numba does, and keeps the result in the user's cache folder. numba's own cache
looks only at the file that holds a function. Here the folder's name holds a hash of that file, of
every file of detente that it imports, and of the versions of numba, llvmlite, numpy and Python. A
changed file leads to another folder, so an old kernel cannot answer.

Each file begins with a hash of its content. A file that is truncated, empty or foreign is removed,
and the kernel is compiled again. If no folder can be written to, every run compiles. Either is said
once on standard error. Folders that were not used for a month are removed.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn
from uuid import uuid4

import numba
from numba.core.caching import CompileResultCacheImpl, FunctionCache
from numba.core.serialize import dumps

from detente.streams import notice

__all__ = ["closure", "folder_of", "kept", "njit"]

loading = False
"""Whether a kernel is read from the disk now; numba's lock then looks as if it compiled."""
MAGIC = b"detente kernel 1\n"
DIGEST = 32
NO_KERNEL = {f"detente.{name}" for name in ("errors", "kernel_cache", "printable", "streams")}
"""Modules without a function, a constant or a type that a kernel uses; they change often."""
MONTH = 30 * 24 * 3600.0
FOLDER = re.compile(r"[\w.]+-[0-9a-f]{16}")
IMPORT = re.compile(
    r"^from +(\w[\w.]*) +import +(\([^)]*\)|[^\n]*)|^import +(\w[\w.]*)", re.M
)
"""Imports at the top of a module; a kernel can use no others."""


def njit(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Return the decorator ``numba.njit(**options)`` whose compiled functions are kept on disk.

    Examples
    --------
    >>> from detente.lenses.graph_model import reach
    >>> type(reach._least._cache).__name__
    'KernelCache'
    """
    options.pop("cache", None)
    compile_it = numba.njit(**options)

    def decorate(function: Callable[..., Any]) -> Any:
        made = compile_it(function)
        if hasattr(made, "_cache"):  # not if numba is switched off (NUMBA_DISABLE_JIT)
            with _uncached_if_it_fails():
                made._cache = KernelCache(function)
        return made

    return decorate


def closure(module: str) -> dict[str, Path]:
    """Return the files of a module and of what it imports from its package and from detente.

    Examples
    --------
    >>> sorted(closure("detente.lenses.graph_model.reach"))[:2]
    ['detente.arrays', 'detente.lenses.graph_model.model']
    """
    followed = {module.split(".")[0], "detente"}
    found: dict[str, Path] = {}
    left = [module]
    while left:
        name = left.pop()
        if name in found or name in NO_KERNEL or name.split(".")[0] not in followed:
            continue
        file = _file(name)
        if file is not None:
            found[name] = file
            left += _imports(file)
    if module not in found:
        raise OSError(f"the source of {module} is not on this machine")
    return found


def _file(module: str) -> Path | None:
    """Return the file of a module whose package is imported already, None if it has none."""
    top, *parts = module.split(".")
    root = getattr(sys.modules.get(top), "__file__", None)
    if root is None:
        return None
    place = Path(root).parent.joinpath(*parts)
    candidates = (place.with_name(f"{place.name}.py"), place / "__init__.py") if parts else (
        Path(root),)
    return next((file for file in candidates if file.is_file()), None)


@cache
def _imports(file: Path) -> tuple[str, ...]:
    names: list[str] = []
    for match in IMPORT.finditer(_source(file).decode("utf-8")):
        module = match[1] or match[3]
        # An imported name may be a module; `_file` answers None if it is not.
        names += [module, *(f"{module}.{name}" for name in re.findall(r"\w+", match[2] or ""))]
    return tuple(names)


@cache
def _source(file: Path) -> bytes:
    return file.read_bytes()


@cache
def _versions() -> bytes:
    """Return what else decides the machine code: versions, and numba's switches."""
    switches = sorted(
        (k, v) for k, v in os.environ.items()
        if k.startswith("NUMBA_") and not k.startswith(("NUMBA_CACHE", "NUMBA_DEBUG"))
    )
    parts = (numba.__version__, version("llvmlite"), version("numpy"), sys.version, switches)
    return repr(parts).encode()


@cache
def folder_of(module: str) -> str:
    """Return the name of a module's folder of kernels: its name, and a hash of its sources."""
    digest = hashlib.sha256(_versions())
    for name, file in sorted(closure(module).items()):
        digest.update(f"\n{name} ".encode() + hashlib.sha256(_source(file)).digest())
    return f"{module.removeprefix('detente.')}-{digest.hexdigest()[:16]}"


def kept(module: str, function: str) -> bool | None:
    """Return whether a kernel of a function is on the disk; None if none can be kept."""
    base = None if getattr(numba.config, "DISABLE_JIT", False) else _base()
    if base is None:
        return None
    names = (file.name for file in (base / folder_of(module)).glob("*.kernel"))
    return any(re.search(rf"(^|\.){function}-", name) for name in names)


@cache
def _base() -> Path | None:
    """Return the folder that holds the folders of kernels; None if no place can be written to."""
    tried: list[str] = []
    for place, private in _places():
        try:
            place.mkdir(parents=True, exist_ok=True, mode=0o700 if private else 0o777)
            _check_owner(place)
            tempfile.TemporaryFile(dir=place).close()
        except OSError as wrong:
            tried.append(f"{place}: {wrong.strerror or wrong}")
            continue
        if tried:
            notice(f"compiled kernels are kept in {place} ({'; '.join(tried)})", once="base")
        return place
    notice(
        "compiled kernels cannot be kept, so every run compiles them (about a minute): "
        f"{'; '.join(tried)}; set XDG_CACHE_HOME to a folder that you may write to", once="base")
    return None


def _places() -> list[tuple[Path, bool]]:
    """Return the folders to try, and whether others must not write there."""
    places: list[tuple[Path, bool]] = []
    named = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    with suppress(RuntimeError):  # the user has no home
        if named and os.path.isabs(named):  # the rule of XDG: others are ignored
            user = Path(named)
        elif sys.platform == "win32":
            user = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        elif sys.platform == "darwin":
            user = Path.home() / "Library" / "Caches"
        else:
            user = Path.home() / ".cache"
        places.append((user / "detente" / "kernels", False))
    with suppress(OSError):
        who = os.getuid() if hasattr(os, "getuid") else "user"
        places.append((Path(tempfile.gettempdir()) / f"detente-{who}" / "kernels", True))
    return places


def _check_owner(place: Path) -> None:
    """Refuse a folder in which another user could place a kernel, which is a program."""
    if not hasattr(os, "getuid"):
        return
    for folder in (place, place.parent):
        found = os.lstat(folder) if folder == place else os.stat(folder)
        if found.st_uid not in (os.getuid(), 0) or found.st_mode & 0o002:
            raise PermissionError(13, "others may write there")


@cache
def _tidy(base: Path) -> None:
    """Remove folders of kernels that were not used for a month."""
    now = time.time()
    with suppress(OSError):
        for folder in list(base.iterdir()):
            if FOLDER.fullmatch(folder.name) and now - folder.stat().st_mtime > MONTH:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _uncached_if_it_fails() -> Iterator[None]:
    """Go on without the cache if it fails for any reason, and say so once."""
    try:
        yield
    except Exception as wrong:
        why = getattr(wrong, "strerror", None) or str(wrong) or type(wrong).__name__
        notice(f"compiled kernels are not kept: {why}", once="uncached")


class Locator:
    """Says where the kernels of a function are; numba asks it."""

    def __init__(self, function: Any, file: str) -> None:
        self._py_file, self._function = file, function

    @classmethod
    def from_function(cls, function: Any, file: str) -> Locator:
        """Return the locator of a function."""
        return cls(function, file)

    def get_cache_path(self) -> str:
        """Return the folder's name; `Kernels` finds its place."""
        return folder_of(self._function.__module__)

    def get_source_stamp(self) -> str:
        """Return what must agree for a kernel to be used."""
        return folder_of(self._function.__module__)

    def get_disambiguator(self) -> str:
        """Return what tells functions of the same name apart."""
        return str(self._function.__code__.co_firstlineno)

    def ensure_cache_path(self) -> None:
        """Do nothing; `Kernels.save` makes the folder."""


class _Implementation(CompileResultCacheImpl):  # type: ignore[misc]
    _locator_classes = (Locator,)


class KernelCache(FunctionCache):  # type: ignore[misc]
    """The cache of one function, as numba's dispatcher uses it; no failure of it is an error."""

    _impl_class = _Implementation

    def __init__(self, function: Any) -> None:
        super().__init__(function)
        self._kernels = Kernels(self._cache_path, self._impl.filename_base)
        self._cache_file = self._kernels

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the kernel of a signature, None if it is not there or cannot be used."""
        global loading
        loading = True  # numba's lock for compiling is held, so no two threads are here
        try:
            return super().load_overload(sig, target_context)
        except Exception as wrong:
            self._kernels.repair(wrong)
            return None
        finally:
            loading = False

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the kernel of a signature if that is possible."""
        with _uncached_if_it_fails():
            super().save_overload(sig, data)


class Kernels:
    """The files of one function: one per signature, each with a hash of its content."""

    def __init__(self, folder: str, name: str) -> None:
        self.folder, self.name = folder, re.sub(r"[^\w.-]", "", name)
        self.last: Path | None = None

    def _place(self, key: Any) -> Path | None:
        base = _base()
        if base is None:
            return None
        which = hashlib.sha256(repr(key).encode()).hexdigest()[:20]
        return base / self.folder / f"{self.name}.{which}.kernel"

    def load(self, key: Any) -> Any:
        """Return what was saved under a key, None if nothing was."""
        place = self.last = self._place(key)
        if place is None:
            return None
        try:
            content = place.read_bytes()
        except FileNotFoundError:
            return None
        payload = content[len(MAGIC) + DIGEST :]
        if not content.startswith(MAGIC) or (
            hashlib.sha256(payload).digest() != content[len(MAGIC) : len(MAGIC) + DIGEST]
        ):
            self._fail("the file is damaged")
        there, data = pickle.loads(payload)
        if there != key:
            self._fail("the file belongs to another signature")
        _touched(place.parent)
        return data

    def save(self, key: Any, data: Any) -> None:
        """Write a file whole."""
        place = self._place(key)
        if place is None:
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        _tidy(place.parent.parent)
        payload = dumps((key, data))
        partial = place.with_name(f".{uuid4().hex[:12]}.part")
        try:
            partial.write_bytes(MAGIC + hashlib.sha256(payload).digest() + payload)
            with suppress(IsADirectoryError):  # a folder has that name: leave it
                os.replace(partial, place)
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)

    def flush(self) -> None:
        """Do nothing: numba calls it to forget kernels, and a stale one has another folder."""

    def repair(self, wrong: Exception) -> None:
        """Remove the file that could not be used, and say so once."""
        why = getattr(wrong, "strerror", None) or str(wrong) or type(wrong).__name__
        notice(f"a compiled kernel could not be read and is compiled again ({self.last}: {why})",
            once="repair")
        if self.last is not None:
            with suppress(OSError):
                self.last.unlink()

    @staticmethod
    def _fail(why: str) -> NoReturn:
        raise ValueError(why)


@cache
def _touched(folder: Path) -> None:
    """Note that a folder is in use, once per process."""
    with suppress(OSError):
        if time.time() - folder.stat().st_mtime > 3600:
            os.utime(folder)
