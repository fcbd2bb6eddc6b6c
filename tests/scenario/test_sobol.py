"""Sobol' points against scipy's, to the last bit."""

from __future__ import annotations

import subprocess
import sys
import warnings

import numpy as np
import pytest
from scipy.stats import qmc

from detente.scenario import sobol


@pytest.mark.parametrize(("d", "n", "seed"), [
    (1, 1, 0), (1, 2, 3), (2, 64, 0), (7, 100, 1), (40, 1024, 1), (230, 300, 12345)])
def test_points_are_those_of_scipy(d, n, seed):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        want = qmc.Sobol(d, scramble=True, seed=seed).random(n)
    np.testing.assert_array_equal(sobol.points(d, n, seed), want)


def test_without_the_file_scipy_draws_the_same_points(monkeypatch, tmp_path):
    here = sobol.points(5, 33, 7)
    monkeypatch.setattr(sobol, "FILE", tmp_path / "absent.npz")
    np.testing.assert_array_equal(sobol.points(5, 33, 7), here)


def test_a_crisis_is_read_and_sampled_without_scipy_stats():
    """The import takes a second, a third of the time to the first answer."""
    program = (
        "import sys\n"
        "from detente.analysis.settings import Settings\n"
        "from detente.findings.found import Found\n"
        "found = Found('cuba-1962', Settings())\n"
        "while found.step().name != 'deliberate':\n    pass\n"
        "print('scipy.stats' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True,
                          check=True)
    assert done.stdout.strip() == "False"
