"""The reference page says what the registry says."""

import importlib.util
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_page_is_what_the_registry_says():
    spec = importlib.util.spec_from_file_location("history_page", DOCS / "history_page.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    page = made.PAGE.read_text(encoding="utf-8")
    assert made.text(page) == page, "run python docs/history_page.py"
