"""The house: no import circle between files, and the order of the rooms that pyproject states."""

import ast
import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import grimp
import networkx as nx
import pytest

ROOT = Path(__file__).resolve().parents[1]


def files_of(package: str, but: frozenset[str] = frozenset()) -> list[str]:
    """Return the modules of a package that is searched for plug-ins."""
    path = import_module(package).__path__
    return [f"{package}.{m.name}" for m in pkgutil.iter_modules(path) if m.name not in but]


def named_in_tables() -> dict[str, list[str]]:
    """Return the modules that a module imports by names in a table, by the importing module."""
    import detente
    from detente import equilibrium, history, mechanisms, theory
    from detente.findings.registry import ABOVE
    from detente.reading.templates import FAMILIES

    def below(package: str, names: object) -> list[str]:
        return [f"{package}.{str(name).split(':')[0]}" for name in names]

    return {
        "detente": [*below("detente", detente._HOMES.values()), "detente.public"],
        "detente.backtest.forecaster": [],  # it imports scikit-learn only
        "detente.backtest.registry": files_of("detente.backtest.models"),
        "detente.cli": files_of("detente.commands"),
        "detente.equilibrium": below("detente.equilibrium", equilibrium._ROOMS.values()),
        "detente.findings.registry": files_of("detente.findings", ABOVE),
        "detente.history": below("detente.history", history._ROOMS),
        "detente.history.base_rates": files_of("detente.history.record"),
        "detente.history.needs": [],  # it imports packages of the extra `data` only
        "detente.history.registry": files_of("detente.history.datasets"),
        "detente.play.strategies": files_of("detente.play.strategies"),
        "detente.mechanisms": below("detente.mechanisms", mechanisms.TABLE.values()),
        "detente.reading.templates": below("detente.reading.templates", FAMILIES),
        "detente.web.jobs": files_of("detente.web.work"),
        "detente.web.tabs": files_of("detente.web.tabs", {"base", "findings", "groups"}),
        "detente.reading.needs": [],  # it imports packages of the extra `reading` only
        "detente.theory": below("detente.theory", theory.TABLE.values()),
    }


@pytest.fixture(scope="module")
def imports():
    """Return every import between modules of the package: in functions and by name as well."""
    graph = grimp.build_graph("detente", exclude_type_checking_imports=True, cache_dir=None)
    found = nx.DiGraph()
    for module in graph.modules:
        found.add_node(module)
        found.add_edges_from((module, x) for x in graph.find_modules_directly_imported_by(module))
    for module, names in named_in_tables().items():
        found.add_edges_from((module, name) for name in names)
    return found


def test_no_two_files_import_each_other(imports):
    circles = [sorted(c) for c in nx.strongly_connected_components(imports) if len(c) > 1]
    assert circles == []


def test_the_tables_of_names_are_all_counted(imports):
    """Every file that calls `import_module` is listed above, and every name is a module."""
    calling = set()
    for file in (ROOT / "src/detente").rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        if any(isinstance(x, ast.Call) and ast.unparse(x.func).endswith(
                ("import_module", "__import__")) for x in ast.walk(tree)):
            parts = file.relative_to(ROOT / "src").with_suffix("").parts
            calling.add(".".join(parts).removesuffix(".__init__"))
    assert calling == set(named_in_tables())
    graph = grimp.build_graph("detente", cache_dir=None)
    assert set(imports.nodes) == set(graph.modules)


def test_modules_that_use_the_registry_hold_no_finding():
    from detente.findings.finding import Finding
    from detente.findings.registry import ABOVE

    for name in ABOVE:
        held = vars(import_module(f"detente.findings.{name}")).values()
        assert not any(isinstance(x, Finding) for x in held)


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
