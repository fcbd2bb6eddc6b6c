"""The landscape: brute force, the published table of Furnas and Axelrod, and invariants."""

import csv
import io
import os
import time
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.world import landscape
from detente.world.balance import frustration
from detente.world.landscape import (
    energy,
    frustrations,
    lowest,
    minima,
    parts,
    weights,
    weights_of,
)
from detente.world.ties import make_ties

PUBLISHED = "alexanderfurnas/Landscape_Theory/80515b487088c7659b82c9fba801424ba25f90c7"


def random_weights(n, seed, whole=False):
    rng = np.random.default_rng(seed)
    a = rng.integers(-3, 4, (n, n)) if whole else rng.normal(size=(n, n))
    w = np.triu(a, 1).astype(float)
    return w + w.T


def everything(w):
    """Return all alignments with their energies by the definition."""
    n = len(w)
    sides = np.array([(*s, 1) for s in product((1, -1), repeat=n - 1)])
    return sides, np.array([energy(w, s) for s in sides])


def is_minimum(w, sides, value):
    for k in range(len(w)):
        other = sides.copy()
        other[k] = -other[k]
        if energy(w, other) < value - 1e-9:
            return False
    return True


@given(st.integers(2, 7), st.integers(0, 10**6), st.booleans())
@settings(max_examples=40, deadline=None)
def test_minima_are_those_of_brute_force(n, seed, whole):
    w = random_weights(n, seed, whole)
    assume(len(parts(w)) == 1 and len(parts(w)[0]) == n)
    sides, values = everything(w)
    known = {tuple(s) for s, v in zip(sides, values, strict=True) if is_minimum(w, s, v)}
    found = minima(w)
    assert {tuple(m.sides) for m in found} == known
    assert all(m.energy == pytest.approx(energy(w, m.sides), abs=1e-9) for m in found)
    assert sum(m.basin for m in found) == pytest.approx(1)
    best = lowest(w)
    assert best.energy == pytest.approx(values.min(), abs=1e-9)
    assert {tuple(s) for s in best.sides} == {
        tuple(s) for s, v in zip(sides, values, strict=True) if v < values.min() + 1e-9}


@given(st.integers(3, 6), st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_basins_are_those_of_best_single_changes(n, seed):
    w = random_weights(n, seed)
    sides, _ = everything(w)
    ends = {}
    for start in sides:
        s = start.copy()
        while True:
            change = s * (w @ s)
            if change.min() >= 0:
                break
            s[change.argmin()] *= -1
        key = tuple(s * s[-1])
        ends[key] = ends.get(key, 0) + 1 / len(sides)
    for m in minima(w):
        assert m.basin == pytest.approx(ends.get(tuple(m.sides), 0))


@given(st.integers(2, 9), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_a_change_in_an_actors_own_interest_never_raises_the_energy(n, seed):
    """Symmetric propensities [axelrod-bennett-1993]: dE = 2 s_i dF_i."""
    rng = np.random.default_rng(seed)
    sizes, a = rng.uniform(0.1, 5, n), rng.normal(size=(n, n))
    p = a + a.T
    np.fill_diagonal(p, 0)
    w = weights(sizes, p)
    s = rng.choice([1, -1], n)
    before, bears = energy(w, s), frustrations(sizes, p, s)
    assert before == pytest.approx(sizes @ bears)
    for k in range(n):
        t = s.copy()
        t[k] = -t[k]
        gain = bears[k] - frustrations(sizes, p, t)[k]
        assert before - energy(w, t) == pytest.approx(2 * sizes[k] * gain, abs=1e-8)


def test_with_ordered_propensities_it_may_rise():
    """Actor 0 is drawn to 1 a little, and 1 is repelled by 0 a lot."""
    sizes, p = np.ones(2), np.array([[0, 1.0], [-3.0, 0]])
    w, apart, together = weights(sizes, p), np.array([1, -1]), np.array([1, 1])
    assert frustrations(sizes, p, together)[0] < frustrations(sizes, p, apart)[0]
    assert energy(w, together) > energy(w, apart)


@given(st.integers(3, 10), st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_with_unit_ties_the_minimum_is_the_frustration_index(n, seed):
    """E_min / 2 + m_minus = L, with L from the integer program."""
    rng = np.random.default_rng(seed)
    names = [f"s{k}" for k in range(n)]
    pairs = {(names[i], names[j]): int(rng.choice([1, -1]))
             for i in range(n) for j in range(i) if rng.random() < 0.6}
    assume(pairs)
    ties = make_ties(names, pairs)
    w = weights_of(ties)
    least = sum(lowest(w[np.ix_(g, g)]).energy for g in parts(w))
    assert least / 2 + ties.negative == frustration(ties).index


@pytest.mark.parametrize("seed", range(3))
def test_the_program_and_the_count_agree(seed, monkeypatch):
    w = random_weights(13, seed)
    counted = lowest(w)
    monkeypatch.setattr(landscape, "MOST", 12)
    found = lowest(w)
    assert found.exact and found.proof in ("linear", "integer")
    assert found.energy == pytest.approx(counted.energy, abs=1e-9)
    assert (found.sides[0] == counted.sides[0]).all()


def test_large_landscapes_are_fast():
    """A second of the processor is ten times the need; 20 actors have 524,288 alignments."""
    w = random_weights(20, 1)
    minima(random_weights(4, 1))  # compiled
    began = time.process_time()
    found = minima(w)
    assert time.process_time() - began < 1
    assert all(is_minimum(w, m.sides, m.energy) for m in found)
    assert found[0].energy == pytest.approx(lowest(w).energy, abs=1e-9)


def test_too_many_actors_or_minima_are_refused():
    with pytest.raises(InputError, match="25 actors"):
        minima(random_weights(25, 0))
    level = np.zeros((16, 16))  # 14 actors, each drawn to one of two close friends, repelled by one
    level[0, 1] = level[1, 0] = 20.0
    level[0, 2:] = level[2:, 0] = 1.0
    level[1, 2:] = level[2:, 1] = -1.0
    with pytest.raises(InputError, match="16,384 minima, because ties are equal"):
        minima(level)
    assert lowest(level).count == 2**14 and not lowest(level).counted


def published() -> Path:
    beside = Path(__file__).resolve().parents[3] / "shared" / "data" / "raw"
    folder = Path(os.environ.get("DETENTE_TEST_DATA", beside))
    if not (folder / PUBLISHED).is_dir():
        pytest.skip(f"the table of Furnas and Axelrod is not at {folder}; set DETENTE_TEST_DATA")
    return folder / PUBLISHED


def table(path):
    """Read a table whose lines may end with a bare carriage return."""
    text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    return list(csv.reader(io.StringIO(text)))


def test_the_published_table_of_energies_and_minima():
    """Furnas and Axelrod 2016: 11 actors, 1,024 energies, minimum -83,200."""
    folder = published()
    sizes = np.array([float(r[2]) for r in table(folder / "Actor_data.csv")[1:] if r])
    rows = table(folder / "Pairwise_propensity_Feb_20.csv")[1:]
    p = np.array([[float(x) - 3 if x else 0 for x in r[1:]] for r in rows if r])
    w = weights(sizes, p)
    results = table(folder / "Landscape_Results_2016-02-20.csv")
    head = next(k for k, r in enumerate(results) if "Energy" in r)
    columns = results[head]
    first = columns.index("US")
    flagged, energies = set(), []
    body = [r for r in results[head + 1:] if len(r) > first + 11 and r[0]]
    for r in body:
        sides = np.where(np.array(r[first:first + 11]) == "1", 1, -1)
        energies.append(float(r[columns.index("Energy")]))
        assert energy(w, sides) == energies[-1]  # whole numbers
        bears = [float(x) for x in r[columns.index("US_Frustration"):][:11]]
        assert (sizes * frustrations(sizes, p, sides) == bears).all()
        if r[columns.index("Local Min")].strip() == "TRUE":
            flagged.add(tuple(sides * sides[-1]))
    found = minima(w)
    assert len(body) == 1024
    assert {tuple(m.sides) for m in found} == flagged
    assert found[0].energy == min(energies) == -83200
    names = np.array(columns[first:first + 11])
    assert set(names[found[0].sides == -1]) | set(names[found[0].sides == 1]) == set(names)
    few = min((names[found[0].sides == s] for s in (1, -1)), key=len)
    assert set(few) == {"Tur", "ISIS", "Nursa"}


def test_level_alignments_are_found_beyond_the_count(monkeypatch):
    """A friend of two enemies costs one tie on either side: both alignments are best."""
    w = np.array([[0, -2.0, 1], [-2, 0, 1], [1, 1, 0]])
    assert lowest(w).count == 2
    monkeypatch.setattr(landscape, "MOST", 2)
    found = lowest(w)
    assert found.count == 2 and not found.counted
    assert all(energy(w, s) == found.energy for s in found.sides)


@pytest.mark.parametrize("seed", range(4))
def test_of_many_best_alignments_those_are_kept_that_show_which_pairs_differ(seed, monkeypatch):
    """Whole weights make many alignments equally good; with a cap of one, few of them are kept."""
    rng = np.random.default_rng(seed)
    w = np.triu(rng.integers(-1, 2, (10, 10)) * (rng.random((10, 10)) < 0.5), 1).astype(float)
    w += w.T
    every = lowest(w)
    monkeypatch.setattr(landscape, "KEPT", 1)
    few = lowest(w)

    def alike(sides):
        return np.abs(sides.T @ sides) == len(sides)

    assert few.count == every.count > 1 and len(few.sides) <= 10
    assert all(energy(w, s) == every.energy for s in few.sides)
    assert (alike(few.sides) == alike(every.sides)).all()
