"""vl-convert draws in a process of its own, which may be stopped without harm to this one."""

from __future__ import annotations

import json
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from detente.errors import NotDrawnError
from detente.render import draw as room
from detente.render.draw import Artist, draw

POINTS = json.dumps({"data": {"values": [{"a": k, "b": k * k % 7} for k in range(9)]},
                     "mark": "point", "encoding": {"x": {"field": "a", "type": "quantitative"},
                                                   "y": {"field": "b", "type": "quantitative"}}})


def test_the_drawing_is_that_of_vl_convert() -> None:
    import vl_convert

    assert draw("vegalite_to_svg", POINTS).decode() == vl_convert.vegalite_to_svg(POINTS)


def test_threads_get_their_own_drawings() -> None:
    sizes = range(100, 116)

    def svg(size: int) -> bytes:
        return draw("vegalite_to_svg", json.dumps({**json.loads(POINTS), "width": size}))

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(svg, sizes))
    assert together == [svg(size) for size in sizes]
    assert len(set(together)) == len(sizes)


def test_a_refused_source_is_an_error_and_the_next_one_is_drawn() -> None:
    with pytest.raises(ValueError, match=r"vl-convert: .*JSON"):
        draw("vegalite_to_svg", "{bad")
    assert draw("vegalite_to_svg", POINTS).startswith(b"<svg")


class TestTheProcess:
    @pytest.fixture
    def artist(self) -> object:
        made = Artist()
        yield made
        made.close()

    def test_it_starts_again_after_it_was_stopped(self, artist: Artist) -> None:
        first = artist.draw("vegalite_to_svg", POINTS, {})
        assert artist._process is not None
        artist._process.kill()
        artist._process.wait()
        assert artist.draw("vegalite_to_svg", POINTS, {}) == first

    def test_a_file_where_the_user_is_is_not_run(
        self, artist: Artist, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "json.py").write_text("raise SystemExit(7)")
        monkeypatch.chdir(tmp_path)
        assert artist.draw("vegalite_to_svg", POINTS, {}).startswith(b"<svg")

    @pytest.mark.skipif(os.name == "nt", reason="no such signal")
    def test_an_interrupt_of_the_terminal_leaves_it_alone(self, artist: Artist) -> None:
        first = artist.draw("vegalite_to_svg", POINTS, {})
        process = artist._process
        assert process is not None
        process.send_signal(signal.SIGINT)
        assert artist.draw("vegalite_to_svg", POINTS, {}) == first
        assert artist._process is process

    def test_without_an_answer_the_chart_is_missing(
        self, artist: Artist, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(room, "PROGRAM", "import sys; sys.stdin.buffer.readline()")
        for _ in range(room.TRIES):
            with pytest.raises(NotDrawnError, match="without an answer"):
                artist.draw("vegalite_to_svg", POINTS, {})
        monkeypatch.setattr(room, "PROGRAM", "raise SystemExit")
        monkeypatch.setattr(sys, "executable", "/is/not/here")
        with pytest.raises(NotDrawnError):  # without a start
            artist.draw("vegalite_to_svg", POINTS, {})

    def test_an_answer_that_takes_too_long_is_given_up(
        self, artist: Artist, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(room, "PROGRAM", "import time; time.sleep(600)")
        monkeypatch.setattr(room, "PATIENCE", 0.2)
        with pytest.raises(NotDrawnError):
            artist.draw("vegalite_to_svg", POINTS, {})
        assert artist._process is None

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
    def test_a_forked_process_starts_its_own(self, artist: Artist) -> None:
        first = artist.draw("vegalite_to_svg", POINTS, {})
        child = os.fork()
        if child == 0:
            same = artist.draw("vegalite_to_svg", POINTS, {}) == first
            artist.close()
            os._exit(0 if same else 1)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0
        assert artist.draw("vegalite_to_svg", POINTS, {}) == first
