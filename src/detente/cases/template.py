"""The commented crisis file from which a new one begins."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

__all__ = ["new_text"]


def new_text(name: str) -> str:
    """Return the text of a new crisis file with comments that teach it.

    Examples
    --------
    >>> new_text("my-crisis").count("{name}"), "My crisis" in new_text("my-crisis")
    (0, True)
    """
    text = files("detente.cases").joinpath("template.yaml").read_text(encoding="utf-8")
    title = name.replace("-", " ").capitalize()
    for key, value in (("name", name), ("title", title), ("date", date.today().isoformat())):
        text = text.replace(f"{{{key}}}", value)
    return text
