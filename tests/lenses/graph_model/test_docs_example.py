"""The graph model file of the how-to page loads and says what the page says it can."""

from __future__ import annotations

import re
from pathlib import Path

from detente.lenses.graph_model.file import loads
from detente.lenses.graph_model.study import study

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "from-an-interview-to-a-graph-model.md"


def test_the_border_of_the_how_to():
    (file,) = re.findall(r"```yaml border.graph.yaml\n(.*?)```", PAGE.read_text(), re.S)
    case = loads(file)
    found = study(case, wanted=case.model.state("trade"))
    assert case.model.states[case.model.status_quo] == "cold"
    assert found.equilibria() and len(found.inverse) == 8
