"""The claims of the shipped cases: a citation for each, and a selector only for a public text."""

from __future__ import annotations

import pytest

from detente.cases import find, load, shipped

PUBLIC = ("frus", "egypt-", "briefing-")
"""The beginnings of the sources in the public domain: papers of governments."""


@pytest.mark.parametrize("name", shipped())
def test_claims_carry_citations_and_none_is_of_a_public_text(name):
    """If a claim cites a public text one day, it needs a selector and the page another sentence."""
    case = load(find(name))
    cited = {s.id: s.cite for s in case.sources}
    assert case.claims
    for claim in case.claims:
        assert cited[claim.source]
        assert not claim.source.startswith(PUBLIC)
