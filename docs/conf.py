"""Settings of Sphinx: MyST pages, the Furo theme, and pages that are made at the build."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

project = "detente"
author = "The detente developers"
extensions = [
    "myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon",
]
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "detente"
html_static_path = ["_static"]
html_css_files = ["detente.css"]
html_theme_options = {"navigation_with_keys": True}
autodoc_typehints = "none"
autodoc_member_order = "bysource"
napoleon_numpy_docstring = True
napoleon_use_ivar = True
# ref.python: a docstring may name a class by its short name, which two rooms may share.
suppress_warnings = ["myst.xref_missing", "ref.python"]


def setup(app: object) -> None:
    """Write the pages that follow from the product, then let the build read them."""
    import gallery
    import generate
    import glossary
    import notebooks
    import pictures
    import rooms

    for made in (generate, glossary, rooms, notebooks, gallery):
        made.write()
    pictures.setup(app)
    rooms.setup(app)
