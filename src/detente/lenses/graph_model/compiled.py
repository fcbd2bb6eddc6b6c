"""The kernels of the graph model, compiled on a small model."""

from __future__ import annotations

__all__ = ["kernels"]


def kernels() -> None:
    """Compile the kernels that a study of a graph model uses."""
    from detente.lenses.graph_model.canon import elmira
    from detente.lenses.graph_model.coalitions import coalition_improvements, coalition_stability
    from detente.lenses.graph_model.stability import analyse

    model = elmira()
    analyse(model)
    coalition_improvements(model, 0)
    coalition_stability(model)
