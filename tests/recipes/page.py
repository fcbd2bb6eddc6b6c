"""Load the code of a recipe from its page."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to"


def module(page: str, name: str) -> ModuleType:
    """Return the first Python block of a page as a module of the given name."""
    text = (HOW_TO / page).read_text(encoding="utf-8")
    made = ModuleType(name)
    sys.modules[name] = made  # dataclasses look up the module of a class
    exec(text.split("```python\n")[1].split("```")[0], made.__dict__)
    return made
