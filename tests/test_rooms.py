"""The house: no import circle between files, and the order of the rooms that pyproject states."""

import subprocess
import sys
from pathlib import Path

import grimp
import networkx as nx
import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def imports():
    """Return every import between modules of the package, function-level imports included."""
    graph = grimp.build_graph("detente", exclude_type_checking_imports=True, cache_dir=None)
    found = nx.DiGraph()
    for module in graph.modules:
        found.add_node(module)
        found.add_edges_from((module, x) for x in graph.find_modules_directly_imported_by(module))
    return found


def test_no_two_files_import_each_other(imports):
    circles = [sorted(c) for c in nx.strongly_connected_components(imports) if len(c) > 1]
    assert circles == []


def test_imports_inside_functions_are_counted(imports):
    """`detente.public` imports what it offers inside functions only; the test above sees that."""
    lines = (ROOT / "src/detente/public.py").read_text().splitlines()
    assert "    from detente.game.compile import compile_scenario" in lines
    assert imports.has_edge("detente.public", "detente.game.compile")


def test_contracts_hold():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; "
         "lint_imports_command()", "--no-cache"],
        cwd=ROOT, capture_output=True, text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert "3 kept, 0 broken" in done.stdout
