"""Sphinx: MyST pages, four parts."""

from __future__ import annotations

project = "detente"
author = "The detente developers"
extensions = [
    "myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.autosummary",
    "sphinx.ext.viewcode",
]
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
exclude_patterns = ["_build"]
html_theme = "alabaster"
html_theme_options = {  # code and drawings of a chapter fit without scrolling
    "description": "Analyse international crises", "page_width": "1100px",
    "code_font_size": "0.8em",
}
autodoc_typehints = "description"
autodoc_member_order = "bysource"
napoleon_numpy_docstring = True
suppress_warnings = ["myst.xref_missing"]


def setup(app: object) -> None:
    """Write the generated reference pages before the build reads them, and let it draw."""
    import sys
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).parent))
    import generate
    import pictures

    generate.write()
    pictures.setup(app)
