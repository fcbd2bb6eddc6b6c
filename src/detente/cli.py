"""The command line: one file a command under ``commands/``, and one place for errors.

A command is a module of :mod:`detente.commands` with ``NAME``, ``HELP`` and ``command``. Only the
named command's module is imported, and heavy libraries only inside it, so that help stays instant.

Exit codes: 0 success, 1 a result could not be certified (it is still printed, marked), 2 bad input,
70 a mistake of detente's own, 130 interrupted, 141 the reader of our output went away.
"""

from __future__ import annotations

import os
import pkgutil
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from importlib import import_module
from types import ModuleType
from typing import Any

import typer

from detente import commands
from detente.errors import DetenteError
from detente.version import __version__

__all__ = ["INTERNAL_ERROR", "application", "command_modules", "main"]

INTERNAL_ERROR = 70
INTERRUPTED = 130
BROKEN_PIPE = 141

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
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
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
            for part in module.command.registered_commands:
                part.callback = part.callback and _quiet_pipe(part.callback)
            app.add_typer(
                module.command, name=module.NAME, help=module.HELP, no_args_is_help=True, **settings
            )
        else:
            app.command(module.NAME, help=module.HELP, **settings)(_quiet_pipe(module.command))
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code; no exception leaves this function.

    Examples
    --------
    >>> main(["--version"])
    detente 0.1.0
    0
    """
    words = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    debugging = bool(os.environ.get("DETENTE_DEBUG"))
    try:
        first = words[0] if words and not words[0].startswith("-") else None
        run = typer.main.get_command(application(command_modules(first)))
        code = run.main(args=words, prog_name="detente", standalone_mode=False)
        code = code if isinstance(code, int) else 0
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except BrokenPipeError:
        code = BROKEN_PIPE
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
            code = _complain(
                f"internal error: {type(wrong).__name__}: {' '.join(str(wrong).split())} "
                "(this is an error in detente; please report it; DETENTE_DEBUG=1 shows the "
                "traceback)",
                INTERNAL_ERROR,
            )
    if code == INTERRUPTED:
        _complain("interrupted; finished files are kept", code)
    if code == BROKEN_PIPE:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
    return code


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"detente {__version__}")
        raise typer.Exit


def _quiet_pipe(command: Callable[..., Any]) -> Callable[..., None]:
    """Turn a reader that went away into its exit code before typer makes it an exit 1."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
            sys.stdout.flush()
        except BrokenPipeError as gone:
            raise typer.Exit(BROKEN_PIPE) from gone
        except SystemExit as gone:
            if isinstance(gone.__context__, BrokenPipeError):  # how rich leaves
                raise typer.Exit(BROKEN_PIPE) from gone
            raise

    return run


def _usage(wrong: Any) -> str:
    """Word a usage error, with the command whose help to read."""
    text = wrong.format_message().strip()
    context = getattr(wrong, "ctx", None)
    if type(wrong).__name__ == "NoArgsIsHelpError":  # its message is the whole help text
        text = "a subcommand is missing"
    return f"{text} (see `{context.command_path} --help`)" if context else text


def _complain(text: str, code: int) -> int:
    """Print a message on standard error, each error on a line of its own; return ``code``."""
    if text:
        lines = (" ".join(line.split()) for line in text.splitlines())
        print("detente: " + "\n".join(line for line in lines if line), file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
