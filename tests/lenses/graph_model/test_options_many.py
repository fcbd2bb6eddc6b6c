"""Graph models with too many options: refused before work grows with their number."""

from __future__ import annotations

import pytest

from detente.errors import SizeError
from detente.lenses.graph_model.options import MOST_MOVES, OptionForm


@pytest.mark.parametrize("options", [21, 400, 40_000])
def test_the_number_of_combinations_is_not_written_out_if_it_is_long(options: int) -> None:
    form = OptionForm({"a": [f"o{k}" for k in range(options)]})
    with pytest.raises(SizeError) as caught:
        form.space()
    assert len(str(caught.value)) < 200 and f"{options} options make" in str(caught.value)


def test_options_of_one_maker_are_refused_by_their_moves_before_states_are_made() -> None:
    # 20 free options of one decision maker: 2**20 states with 2**20 - 1 moves each.
    form = OptionForm({"a": [f"o{k}" for k in range(20)]})
    with pytest.raises(SizeError, match="moves"):
        form.space()


@pytest.mark.parametrize("sizes", [(6, 6, 7), (4, 4, 4, 4, 4), (8, 8, 1)])
def test_moves_of_several_makers_are_counted_before_they_are_made(sizes: tuple[int, ...]) -> None:
    """Each state has 2**k - 1 moves of a maker with k options: 132, 79 and 67 million in all."""
    form = OptionForm({f"m{i}": [f"o{i}_{k}" for k in range(n)] for i, n in enumerate(sizes)})
    moves = 2 ** sum(sizes) * sum(2**n - 1 for n in sizes)
    assert moves > MOST_MOVES
    with pytest.raises(SizeError, match=f"about {moves:,} moves"):
        form.space()
