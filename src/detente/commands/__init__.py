"""The commands of the command line, one file each.

A command file has three names at module level and imports only ``typer`` and the standard library
there, because every one of them is imported to print the help:

- ``NAME``: the word on the command line (the file has the same name, with ``_`` for ``-``);
- ``HELP``: what it does, first line first;
- ``command``: the function, its parameters annotated with ``typer.Argument`` and ``typer.Option``;
  or a ``typer.Typer`` that holds several, for a command with words of its own (``data list``).

``EPILOG`` is optional: examples under the help. ``_common`` holds the shared functions.
"""
