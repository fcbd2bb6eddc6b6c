"""The command line: one file a command under ``commands/``, and one place for errors.

A command is a module of :mod:`detente.commands` with ``NAME``, ``HELP`` and ``command``. Only the
named command's module is imported, and heavy libraries only inside it, so that help stays instant.

Exit codes: 0 success; 1 a result could not be checked (it is still printed, marked) or there was
not enough memory; 2 bad input; 70 a mistake of detente's own; 74 an output cannot be written; 130
interrupted; 141 the reader of our output went away.
"""

from __future__ import annotations

import errno
import os
import pkgutil
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import Any

import typer

from detente import commands
from detente.commands import _outputs
from detente.errors import DetenteError, OutputError, ReaderGoneError
from detente.streams import guarded, notice
from detente.version import __version__

__all__ = ["INTERNAL_ERROR", "application", "command_modules", "main"]

NO_MEMORY = 1
INTERNAL_ERROR = 70
NOT_WRITTEN = 74
INTERRUPTED = 130
BROKEN_PIPE = 141

DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG}
"""Errors of a disk in any part of the program."""
MEMORY_WORDS = ("cannot allocate memory", "failed to map segment", "can't start new thread",
                "unable to allocate", "out of memory", "find/load shared object")

ABOUT = (
    "Analyse an international crisis: read a crisis file, solve its game, check the equilibria and "
    "report the findings."
)
EPILOG = (
    "Begin with `detente cases`, then `detente run NAME`. Every command takes --help and --json."
)


def command_modules(first_word: str | None = None) -> list[ModuleType]:
    """Import the command modules, or only the one that ``first_word`` names.

    Examples
    --------
    >>> [m.NAME for m in command_modules("cases")]
    ['cases']
    """
    names = sorted(m.name for m in pkgutil.iter_modules(commands.__path__) if m.name[0] != "_")
    wanted = (first_word or "").replace("-", "_")
    return [
        import_module(f"{commands.__name__}.{name}")
        for name in ([wanted] if wanted in names else names)
    ]


def application(modules: Sequence[ModuleType]) -> typer.Typer:
    """Return the typer application that holds the commands of ``modules``."""
    app = typer.Typer(
        name="detente",
        help=ABOUT,
        epilog=EPILOG,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={
            "help_option_names": ["-h", "--help"], "max_content_width": 100,
            "color": True,  # or typer would drop escape sequences, which `streams` spells out
        },
    )

    @app.callback()
    def _about(
        version: bool = typer.Option(
            False, "--version", callback=_version, is_eager=True, help="Print the version."
        ),
    ) -> None: ...

    for module in modules:
        settings = {"epilog": module.EPILOG} if hasattr(module, "EPILOG") else {}
        settings["short_help"] = module.HELP.partition("\n")[0]  # or it would be cut short
        if isinstance(module.command, typer.Typer):  # a command with words of its own
            app.add_typer(
                module.command, name=module.NAME, help=module.HELP, no_args_is_help=True, **settings
            )
        else:
            app.command(module.NAME, help=module.HELP, **settings)(module.command)
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code; no exception leaves this function.

    Examples
    --------
    >>> main(["--version"])
    detente 0.5.0.dev0
    0
    """
    words = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    before = warnings.showwarning
    with guarded():
        warnings.showwarning = _warning
        try:
            code = _run(words)
        finally:
            warnings.showwarning = before
    if code in (BROKEN_PIPE, NOT_WRITTEN):
        _forget_output()
    return code


def _run(words: list[str]) -> int:
    """Run the command and return the exit code, which every error of it becomes."""
    debugging = bool(os.environ.get("DETENTE_DEBUG"))
    _outputs.FAILED.clear()
    try:
        code = _command(words)
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except (BrokenPipeError, ReaderGoneError):
        code = BROKEN_PIPE
    except OutputError as wrong:
        code = _complain(str(wrong), NOT_WRITTEN)
    except DetenteError as wrong:
        if debugging:
            raise
        code = _complain(str(wrong), 2)
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except Exception as wrong:
        usage = getattr(wrong, "format_message", None)  # click's own usage errors
        if usage is not None:
            code = _complain(_usage(wrong), 2)
        elif debugging:
            raise
        else:
            code = _unexpected(wrong)
    if code == INTERRUPTED:
        _complain("interrupted; finished files are kept", code)
    if _outputs.FAILED and code in (0, 1):  # told when it happened
        return NOT_WRITTEN
    return code


def _command(words: list[str]) -> int:
    first = words[0] if words and not words[0].startswith("-") else None
    run = typer.main.get_command(application(command_modules(first)))
    code = run.main(args=words, prog_name="detente", standalone_mode=False)
    return code if isinstance(code, int) else 0


def _unexpected(wrong: Exception) -> int:
    """Return the exit code of an error that no command expects."""
    text = " ".join(str(wrong).split())
    if (
        isinstance(wrong, MemoryError)
        or getattr(wrong, "errno", None) == errno.ENOMEM
        or (isinstance(wrong, (ImportError, RuntimeError, OSError))
            and any(words in text.lower() for words in MEMORY_WORDS))
    ):
        return _complain(
            "there is not enough memory, so the result could not be computed; use fewer samples, "
            "a smaller case, or a higher limit (`ulimit -v 4000000` or none)", NO_MEMORY)
    if isinstance(wrong, OSError) and wrong.errno in DISK:
        where = f"{wrong.filename}: " if wrong.filename else ""
        return _complain(
            f"{where}cannot write: {(wrong.strerror or text).lower()}; expected a disk with space "
            "that you may write to", NOT_WRITTEN)
    return _complain(
        f"internal error: {type(wrong).__name__}: {text} "
        "(this is an error in detente; please report it; DETENTE_DEBUG=1 shows the traceback)",
        INTERNAL_ERROR,
    )


def _forget_output() -> None:
    """Let Python end without trying again to write what standard output refused."""
    with suppress(OSError, ValueError):
        number = sys.__stdout__.fileno() if sys.__stdout__ else 1
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)


def _warning(message: Warning | str, *_: Any, **__: Any) -> None:
    """Print a warning as one line, without the place in the program."""
    notice(f"warning: {message}")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"detente {__version__}")
        raise typer.Exit


def _usage(wrong: Any) -> str:
    """Word a usage error, with the command whose help to read."""
    text = wrong.format_message().strip()
    context = getattr(wrong, "ctx", None)
    if type(wrong).__name__ == "NoArgsIsHelpError":  # its message is the whole help text
        text = "a subcommand is missing"
    return f"{text} (see `{context.command_path} --help`)" if context else text


def _complain(text: str, code: int) -> int:
    """Print a message on standard error; return ``code``."""
    notice(text)
    return code


if __name__ == "__main__":
    sys.exit(main())
