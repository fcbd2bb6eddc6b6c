"""Draft a crisis from data, in a process of its own because it takes some seconds."""

from __future__ import annotations

from collections.abc import Iterator

from detente.web.progress import Progress

__all__ = ["draft"]


def draft(source: str) -> Iterator[Progress | tuple[str, str, str]]:
    """Yield the name, the text and the joint draws of a crisis of data; see `detente.draft`.

    Raises
    ------
    InputError
        There is no such crisis, or its data has not been downloaded.
    """
    from detente.public import draft as drafted

    yield Progress(0, 0, "estimating the numbers on the crises of other pairs")
    made = drafted(source)
    yield made.facts.name, made.text, made.draws
