"""Offers that leave a gap: shares of samples in closed form, and proposals that close it."""

from __future__ import annotations

import re

from detente.mechanisms.rules import rules_of
from detente.mechanisms.stake import gaps
from tests.conftest import PLAIN, make_crisis, merged, text_of
from tests.support.program import outputs


def remarks(shares: list[float], chance: str | float) -> list[str]:
    """Return the remarks on a crisis whose settlements lie within 0.1 of the chance to win."""
    public = {"private": None}
    return gaps(rules_of(make_crisis(
        actors={"aland": public, "bland": public}, offers={"shares": shares},
        war={"win_chance": chance, "cost": 0.1})))


def test_a_gap_away_from_the_centre_is_found() -> None:
    (said,) = remarks([0.5], "0.3 to 0.7")
    # 0.5 lies outside of (p - 0.1, p + 0.1) for half of a uniform p from 0.3 to 0.7. A balanced
    # Sobol' sequence of 256 gives this share exactly.
    assert "(at the centre: 0)" in said and "in 50 % of 256 samples" in said
    proposed = [float(x) for x in re.findall(r"[0-9.]+", said.partition("[")[2])]
    assert 0.5 in proposed and remarks(proposed, "0.3 to 0.7") == []


def test_offers_without_a_gap_get_no_remark() -> None:
    # Steps of 0.15 are shorter than every zone of settlements, which has a length of 0.2.
    assert remarks([0.3, 0.45, 0.6, 0.75], "0.3 to 0.7") == []


def test_a_gap_at_the_centre_is_counted_in_pairs_of_types() -> None:
    (said,) = remarks([0.9], 0.5)
    assert "in 100 % of 256 samples" in said
    assert "up to 1 of 1 pairs" in said and "(at the centre: 1)" in said


def test_check_warns_of_a_gap_away_from_the_centre(tmp_path) -> None:
    """As a user runs it; the proposed line, written into the file, ends the warning."""
    public = {"private": None}
    file = tmp_path / "gap.yaml"

    def said(shares: list[float]) -> str:
        file.write_text(text_of(merged(PLAIN, {
            "actors": {"aland": public, "bland": public}, "offers": {"shares": shares},
            "war": {"win_chance": "0.3 to 0.7", "cost": 0.1}})))
        ran = outputs("check", "gap.yaml", cwd=tmp_path)
        assert ran.returncode == 0, ran.stderr
        return " ".join(ran.stdout.split())

    before = said([0.5])
    assert "Warning: the offers leave a gap" in before
    proposed = re.search(r"write offers.shares: \[([^]]+)\]", before)
    assert proposed
    assert "the offers leave" not in said([float(x) for x in proposed[1].split(",")])
