"""Short vectors in registers, against numpy."""

import numpy as np
import pytest

from detente.equilibrium.kernels.lanes import LANES, WIDE
from detente.equilibrium.kernels.vectors import load, store, where_positive, worse
from detente.kernel_cache import njit

ODD = [0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, 5e-324]
ZERO = np.uint64(0)


@njit(error_model="numpy")
def both(rows, out):
    """Store the worse of two rows, and the second or third by the sign of the first."""
    a, b, c = (load(rows, np.uint64(0), ZERO, WIDE), load(rows, np.uint64(1), ZERO, WIDE),
               load(rows, np.uint64(2), ZERO, WIDE))
    store(out, np.uint64(0), ZERO, worse(a, b))
    store(out, np.uint64(1), ZERO, where_positive(a, b, c))


@pytest.mark.parametrize("turn", range(LANES))
def test_the_worse_of_two_numbers_is_never_hidden_by_one_that_is_not_a_number(turn):
    rows = np.array([ODD, np.roll(ODD, turn), np.roll(ODD, turn + 1)])
    out = np.empty((2, LANES))
    both(rows, out)
    np.testing.assert_array_equal(out[0], np.maximum(rows[0], rows[1]))  # NaN if either is
    np.testing.assert_array_equal(out[1], np.where(rows[0] > 0, rows[1], rows[2]))
