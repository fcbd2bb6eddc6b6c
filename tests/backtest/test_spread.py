"""Fits on the workers of a Dask scheduler, and a scheduler that does not answer."""

import pandas as pd
import pytest

from detente.backtest.run import backtest
from detente.errors import InputError


def test_no_scheduler_answers(toy, tmp_path):
    pytest.importorskip("distributed")
    with pytest.raises(InputError, match="no scheduler answers at"):
        backtest(toy, ["base"], first=1920, scheduler="tcp://127.0.0.1:9", wait=0.5)


@pytest.mark.slow
def test_workers_return_the_same_board(toy):
    distributed = pytest.importorskip("distributed")
    pytest.importorskip("sklearn")
    alone = backtest(toy, ["logit"], first=1920)
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None,
                                  host="127.0.0.1") as cluster:
        there = backtest(toy, ["logit"], first=1920, scheduler=cluster.scheduler_address)
    pd.testing.assert_frame_equal(there.leaderboard, alone.leaderboard)
