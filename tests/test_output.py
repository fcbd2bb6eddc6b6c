"""Outputs: any terminal, any disk, any name; the exit codes are those that the documents state."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
import time
import zlib
from pathlib import Path
from typing import Any

import pytest

from detente.errors import InputError, OutputError
from detente.files import check_output, made_by_detente, marked_png, marked_svg, whole, write_whole
from detente.printable import fit, printable, printable_json
from detente.streams import Guarded
from tests.support.program import CRISIS, detente, harmless, shell

POSIX = pytest.mark.skipif(os.name == "nt", reason="the shell and its devices differ on Windows")
QUICK = ("--samples", "8")


@pytest.fixture
def case(tmp_path: Path) -> Path:
    place = tmp_path / "quarrel.yaml"
    place.write_text(CRISIS, encoding="utf-8")
    return place


class TestText:
    @pytest.mark.parametrize("number", [
        0x00, 0x07, 0x0D, 0x1B, 0x7F, 0x85, 0x9B, 0xAD, 0x61C, 0x200B, 0x200D, 0x200F, 0x2028,
        0x202E, 0x2060, 0x2066, 0x3164, 0xFE0F, 0xFEFF, 0xE0041, 0xDC80,
    ])
    def test_no_letter_that_a_terminal_obeys_or_hides_is_left(self, number: int) -> None:
        shown = printable(f"a{chr(number)}b")
        assert shown.isascii() and shown.isprintable() and f"{number:x}" in shown

    def test_text_of_any_language_stays(self) -> None:
        text = "Zürich, Київ, 北京, Ελλάδα, القاهرة, ไทย\n\tand 5\u202f%"
        assert printable(text) == text

    def test_json_stays_json_with_the_same_meaning(self) -> None:
        for text in ("\x1b[2J", "a\u202eb", "\x7f\x9b", "\U000e0041", "\ud800", "plain \\u"):
            written = printable_json(json.dumps(text, ensure_ascii=False))
            assert json.loads(written) == text
            assert printable(written) == written

    @pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp437", "shift-jis"])
    def test_every_text_fits_every_encoding(self, encoding: str) -> None:
        text = "–—−…×→≤≥λεπ█─│üßŁ北\u20ac"
        assert fit(text, encoding).encode(encoding)  # no error
        assert fit("plain", encoding) == "plain"

    def test_an_unknown_encoding_is_ascii(self) -> None:
        assert fit("ü", "no-such-encoding") == "u"


class TestEncodings:
    @pytest.mark.parametrize("encoding", [
        "ascii", "utf-8", pytest.param("latin-1", marks=pytest.mark.slow)])
    def test_a_report_is_complete(self, case: Path, encoding: str) -> None:
        done = detente("run", case, *QUICK, "--full", "--out", case.with_name("r.html"),
                       PYTHONIOENCODING=encoding)
        assert done.returncode == 0, done.stderr
        text = done.stdout.decode(encoding)
        assert "Provenance" in text and "public nodes" in text  # the last section
        assert ("quarrel" if encoding == "ascii" else "quärrel") in text

    def test_json_is_exact_in_any_encoding(self, case: Path) -> None:
        found = [
            json.loads(detente("check", case, "--json", PYTHONIOENCODING=encoding).stdout)
            for encoding in ("ascii", "utf-8")
        ]
        assert found[0] == found[1]
        assert found[0]["title"].startswith("A quärrel \x1b[2J")


class TestControlCharacters:
    @pytest.mark.parametrize("words", [
        ("check", "CASE"), ("check", "CASE", "--json"), ("run", "CASE", *QUICK),
        ("run", "CASE", "--json", *QUICK), ("solve", "GAME"), ("solve", "GAME", "--json"),
        ("check", "\x1b[2Jno-such-file"), ("solve", "\x1b[2Jno-such-file"),
        ("graph", "\u202eno"), ("bargain", "\x9bno"), ("run", "NAME"), ("explain", "a\x1b[2Jb"),
        ("models", "a\x1b[2Jb"), ("\x1b[2J",), ("check", "CASE", "--\x1b[2J"),
    ])
    def test_none_reaches_the_terminal(self, case: Path, words: tuple[str, ...]) -> None:
        game = case.with_name("g.efg")
        game.write_text(
            'EFG 2 R "ti\x1b[2Jtle\x07" { "A\x1b[31mred" "B\u202e" }\n'
            'p "" 1 1 "set\x1b]52;c;x\x07" { "le\x1b[1Aft" "right" } 0\n'
            't "" 1 "" { 1, 2 }\nt "" 2 "" { 0, 3 }\n', encoding="utf-8")
        strange = case.with_name("a\x1b[2J\u202eb.yaml")
        strange.write_text("crisis: [", encoding="utf-8")
        names = {"CASE": case, "GAME": game, "NAME": strange}
        done = detente(*(names.get(w, w) for w in words), cwd=case.parent)
        assert done.returncode in (0, 2), done.stderr
        assert harmless(done.stdout) and harmless(done.stderr)

    def test_they_are_spelt_out_and_not_dropped(self, case: Path) -> None:
        done = detente("check", case)
        assert rb"\x1b[2J\x1b]0;owned\x07 \u202e over" in done.stdout

    def test_a_page_holds_none(self, case: Path) -> None:
        page = case.with_name("page.html")
        assert detente("run", case, *QUICK, "--out", page).returncode == 0
        assert harmless(page.read_bytes())
        data = page.read_text(encoding="utf-8").partition('id="detente-data">')[2]
        assert "\x1b[2J" in json.loads(data.partition("</script>")[0])["title"]

    @POSIX
    def test_a_real_terminal_gets_styles_of_ours_only(self, case: Path) -> None:
        import pty

        ours, theirs = pty.openpty()
        import subprocess

        process = subprocess.Popen(
            [sys.executable, "-m", "detente", "run", str(case), *QUICK], stdout=theirs,
            stderr=subprocess.DEVNULL, cwd=case.parent, env={**os.environ, "TERM": "xterm"},
        )
        os.close(theirs)
        shown = b""
        try:
            while more := os.read(ours, 65536):
                shown += more
        except OSError:  # the end of a pty
            pass
        os.close(ours)
        assert process.wait(60) == 0
        assert b"\x1b[1m" in shown  # bold titles
        assert b"\x1b[2J" not in shown and b"\x1b]0" not in shown and rb"\x1b[2J" in shown


@POSIX
class TestExitCodes:
    @pytest.mark.parametrize("what", ["cases", "explain --json", "models", "--help", "--version"])
    def test_a_reader_that_leaves_is_141(self, what: str) -> None:
        code, _, err = shell(f"$DETENTE {what} | true; exit ${{PIPESTATUS[0]}}")
        assert (code, err) == (141, "")

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
    @pytest.mark.parametrize("what", ["cases", "cases --json", "--help", "models", "check CASE"])
    def test_a_full_disk_is_74(self, what: str, case: Path) -> None:
        code, _, err = shell(f"$DETENTE {what.replace('CASE', str(case))} > /dev/full")
        assert code == 74
        assert err.startswith("detente: cannot write to standard output: no space left")
        assert err.count("\n") == 1

    @pytest.mark.parametrize("what", ["cases", "cases --json", "--help", "--version"])
    @pytest.mark.parametrize("closed", [">&-", ">&- <&-", "1</dev/null"])
    def test_a_closed_output_is_74(self, what: str, closed: str) -> None:
        code, _, err = shell(f"$DETENTE {what} {closed}")
        assert code == 74 and err.startswith("detente: cannot write to standard output")
        assert err.count("\n") == 1

    def test_closed_errors_change_nothing(self) -> None:
        assert shell("$DETENTE cases 2>&-")[0] == 0
        assert shell("$DETENTE check nosuch 2>&-")[0] == 2
        assert shell("$DETENTE cases >&- 2>&-")[0] == 74

    def test_the_module_gives_the_exit_code_of_the_command(self) -> None:
        assert detente("check", "nosuch").returncode == 2

    def test_a_page_is_saved_before_the_report_is_printed(self, case: Path) -> None:
        page = case.with_name("page.html")
        code, _, err = shell(f"$DETENTE run {case} --samples 8 --out {page} > /dev/full")
        assert code == 74 and "standard output" in err
        assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")

    def test_a_page_that_cannot_be_written_loses_no_result(self, case: Path) -> None:
        folder = case.parent / "a-file"
        folder.write_text("")
        done = detente("run", case, *QUICK, "--out", folder / "page.html")
        assert done.returncode == 74
        assert b"Not in the model" in done.stdout  # the last line of the first screen
        assert b"page.html: cannot write: " in done.stderr


class TestStreams:
    def test_a_text_stream_is_no_place_for_bytes(self) -> None:
        with pytest.raises(TypeError):
            Guarded(sys.stdout).write(b"")  # type: ignore[arg-type]

    def test_a_closed_stream_is_an_error_and_closed_errors_are_not(self) -> None:
        with pytest.raises(OutputError, match="closed"):
            Guarded(None).write("a")
        assert Guarded(None, None).write("a") == 1


class TestWrittenFiles:
    @POSIX
    @pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o002, 0o664), (0o077, 0o600)])
    def test_a_new_file_has_the_permissions_of_the_umask(
        self, tmp_path: Path, umask: int, mode: int
    ) -> None:
        before = os.umask(umask)
        try:
            place = write_whole(tmp_path / "a.txt", "a")
        finally:
            os.umask(before)
        assert stat.S_IMODE(place.stat().st_mode) == mode

    @POSIX
    @pytest.mark.parametrize("words", [("run", "CASE", *QUICK), ("new", "my-crisis")])
    def test_commands_too(self, case: Path, words: tuple[str, ...]) -> None:
        line = " ".join(words).replace("CASE", str(case))
        assert shell(f"umask 027; $DETENTE {line}", cwd=case.parent)[0] == 0
        made = [p for p in case.parent.iterdir() if p != case]
        assert [stat.S_IMODE(p.stat().st_mode) for p in made] == [0o640]

    def test_a_replaced_file_keeps_its_permissions_and_a_link_stays(self, tmp_path: Path) -> None:
        place, link = tmp_path / "a.txt", tmp_path / "link"
        place.write_text("old")
        place.chmod(0o600)
        link.symlink_to(place)
        write_whole(link, "new")
        assert link.is_symlink() and place.read_text() == "new"
        assert stat.S_IMODE(place.stat().st_mode) == 0o600

    def test_the_longest_name_can_be_written(self, tmp_path: Path) -> None:
        assert write_whole(tmp_path / ("x" * 255), "a").read_text() == "a"

    def test_an_error_inside_leaves_the_old_file(self, tmp_path: Path) -> None:
        place = tmp_path / "a.txt"
        place.write_text("old")
        with pytest.raises(ZeroDivisionError), whole(place) as partial:
            partial.write_text("half")
            raise ZeroDivisionError
        assert place.read_text() == "old" and list(tmp_path.iterdir()) == [place]

    @pytest.mark.parametrize("name", ["a\0b", "", "no/../\0"])
    def test_a_name_that_is_none_is_refused(self, name: str) -> None:
        with pytest.raises(InputError):
            check_output(name)


@POSIX
class TestOutputsThatAreRefused:
    """Nothing is solved for an output that is refused, and no file changes."""

    @pytest.mark.parametrize("kind", [
        "same", "hard link", "symbolic link", "another spelling", "folder", "device", "null",
        "pipe", "another file", "empty name",
    ])
    @pytest.mark.parametrize("command", [
        ("run", "--out"), ("drivers", "--out"), ("compare", "--out"),
        ("offramps", "--target", "0.1", "--out"), ("sweep", "--out"),
    ])
    def test_by_every_command(self, case: Path, kind: str, command: tuple[str, ...]) -> None:
        if command[0] == "sweep" and kind == "another file":
            pytest.skip("a sweep knows its own file by what is stored in it")
        name = {"same": "quarrel.yaml", "another spelling": "./sub/../quarrel.yaml",
                "device": "/dev/zero", "null": "/dev/null", "empty name": ""}.get(kind, "out.html")
        place = case.parent / "out.html"
        (case.parent / "sub").mkdir()
        if kind == "hard link":
            os.link(case, place)
        elif kind == "symbolic link":
            place.symlink_to(case)
        elif kind == "folder":
            place.mkdir()
        elif kind == "pipe":
            os.mkfifo(place)
        elif kind == "another file":
            place.write_text("<!doctype html><p>not ours")
        before = sorted(p.name for p in case.parent.iterdir())
        done = detente(command[0], case.name, *command[1:], name, cwd=case.parent)
        assert done.returncode == 2, done.stderr
        assert done.stdout == b"" and done.stderr.count(b"\n") == 1
        assert case.read_text(encoding="utf-8") == CRISIS
        assert sorted(p.name for p in case.parent.iterdir()) == before
        if kind == "another file":
            assert b"--force" in done.stderr and b"not ours" in place.read_bytes()

    def test_a_page_of_ours_is_replaced_and_force_replaces_any_file(self, case: Path) -> None:
        page = case.parent / "page.html"
        for content in (None, "ours"):
            assert detente("run", case, *QUICK, "--out", page).returncode == 0, content
        assert made_by_detente(page)
        page.write_text("somebody's work")
        assert detente("run", case, *QUICK, "--out", page).returncode == 2
        assert page.read_text() == "somebody's work"
        assert detente("run", case, *QUICK, "--out", page, "--force").returncode == 0
        assert made_by_detente(page)

    def test_the_page_that_run_names_itself_is_no_exception(self, case: Path) -> None:
        page = case.parent / "a-quarrel.report.html"
        page.write_text("my notes")
        done = detente("run", case, *QUICK, cwd=case.parent)
        assert done.returncode == 2 and b"--force" in done.stderr
        assert page.read_text() == "my notes"

    def test_standard_input_is_an_input(self, case: Path) -> None:
        code, _, err = shell(
            f"$DETENTE drivers - --out {case} < {case}", cwd=case.parent)
        assert code == 2 and "would replace" in err
        assert case.read_text(encoding="utf-8") == CRISIS

    def test_two_outputs_of_one_command(self, tmp_path: Path) -> None:
        done = detente("models", "fearon-1995", "--chart", "a.svg", "--tree", "./a.svg",
                       cwd=tmp_path)
        assert done.returncode == 2 and list(tmp_path.iterdir()) == []

    def test_pictures_carry_a_mark(self, tmp_path: Path) -> None:
        vl_convert = pytest.importorskip("vl_convert")
        svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
        png = bytes(vl_convert.svg_to_png(svg))
        for name, plain, marked in (("a.svg", svg.encode(), marked_svg(svg).encode()),
                                    ("a.png", png, marked_png(png))):
            place = tmp_path / name
            place.write_bytes(plain)
            assert not made_by_detente(place)
            place.write_bytes(marked)
            assert made_by_detente(place)
        content, at, names = (tmp_path / "a.png").read_bytes(), 8, []
        while at < len(content):  # every chunk: size, name, data, the CRC of name and data
            size = int.from_bytes(content[at:at + 4], "big")
            chunk, crc = content[at + 4:at + 8 + size], content[at + 8 + size:at + 12 + size]
            assert zlib.crc32(chunk) == int.from_bytes(crc, "big")
            names.append(chunk[:4])
            at += 12 + size
        assert names[0] == b"IHDR" and names[1] == b"tEXt" and names[-1] == b"IEND"


class TestNames:
    @pytest.mark.parametrize("make", ["folder", "file"])
    @pytest.mark.parametrize("command", ["check", "graph"])
    def test_a_shipped_case_is_not_hidden(self, tmp_path: Path, make: str, command: str) -> None:
        place = tmp_path / "cuba-1962"
        if make == "folder":
            place.mkdir()
        else:
            place.write_text(CRISIS, encoding="utf-8")
        plain = detente(command, "cuba-1962", "--json")
        done = detente(command, "cuba-1962", "--json", cwd=tmp_path)
        assert done.returncode == 0 and done.stdout == plain.stdout
        assert done.stderr.startswith(  # progress may follow
            b"detente: warning: cuba-1962 is the shipped case; write ./cuba-1962 for the "
            + make.encode() + b" of that name\n")

    def test_a_path_is_the_file(self, tmp_path: Path) -> None:
        (tmp_path / "cuba-1962").write_text(CRISIS, encoding="utf-8")
        done = detente("check", "./cuba-1962", "--json", cwd=tmp_path)
        assert done.returncode == 0 and json.loads(done.stdout)["case"] == "a-quarrel"
        assert b"warning" not in done.stderr

    def test_a_folder_is_no_file(self, tmp_path: Path) -> None:
        (tmp_path / "cuba-1962").mkdir()
        done = detente("check", "./cuba-1962", cwd=tmp_path)
        assert done.returncode == 2 and b"this is a folder" in done.stderr


@POSIX
class TestStandardInput:
    @pytest.mark.parametrize("name", ["-", "/dev/stdin"])
    @pytest.mark.parametrize("words", [("check",), ("run", *QUICK), ("sweep",)])
    def test_the_hash_is_that_of_what_was_read(
        self, tmp_path: Path, name: str, words: tuple[str, ...]
    ) -> None:
        content = CRISIS.encode()
        more = ("--samples", "8", "--out", "s.parquet") if words[0] == "sweep" else ()
        done = detente(words[0], name, *words[1:], *more, "--json", cwd=tmp_path, stdin=content)
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        assert found["file_sha256"] == hashlib.sha256(content).hexdigest()

    def test_graph_models_too(self) -> None:
        shipped = json.loads(detente("graph", "cuba-1962", "--json").stdout)
        from detente.cases.names import shipped as files

        content = files(".graph.yaml")["cuba-1962"].read_bytes()
        done = detente("graph", "-", "--json", stdin=content)
        assert json.loads(done.stdout)["file_sha256"] == shipped["file_sha256"]

    def test_an_empty_one_is_refused(self) -> None:
        assert detente("check", "-").returncode == 2


@POSIX
class TestInterrupted:
    @pytest.mark.parametrize("delay", [0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.5, 3])
    @pytest.mark.parametrize("words", [("check", "cuba-1962"), ("run", "cuba-1962", "--json")])
    def test_at_any_time_without_a_traceback(
        self, tmp_path: Path, delay: float, words: tuple[str, ...]
    ) -> None:
        import signal
        import subprocess

        process = subprocess.Popen(
            [sys.executable, "-c", START, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=tmp_path,
        )
        assert process.stdout and process.stdout.read(1) == b"r"  # Python itself has started
        time.sleep(delay)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=600)
        assert b"Traceback" not in err and b"Exception" not in err
        if process.returncode != 0:  # it may have ended before the signal
            assert process.returncode == 130
            assert err.endswith(b"detente: interrupted; finished files are kept\n")
        assert delay > 0.3 or process.returncode == 130 or words[0] == "check"
        assert not list(tmp_path.iterdir())

    def test_in_the_last_lines_of_python_nothing_is_lost(self) -> None:
        """An object that dies with the interpreter sends the signal; all is written by then."""
        import subprocess

        done = subprocess.run(
            [sys.executable, "-c", LAST, "--version"], capture_output=True, text=True, timeout=600)
        assert done.returncode == 0 and done.stdout.startswith("detente "), done


LAST = """
import os, signal
import detente.__main__ as program
signal.signal(signal.SIGINT, signal.default_int_handler)
class Last:
    def __del__(self, kill=os.kill, me=os.getpid(), number=signal.SIGINT):
        kill(me, number)
last = Last()
program.program()
"""

START = """
import os, runpy, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background lacks it
import detente.__main__ as program
sys.argv[0] = "detente"
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
os.write(1, b"r")
before = signal.signal
def first(*given):
    made = before(*given)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    return made
signal.signal = first
program.program()
"""
"""The program; a signal before its first line, in Python's own start, ends Python itself."""


@POSIX
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS ignores the limit")
class TestLittleMemory:
    @pytest.mark.parametrize("gigabytes", [0.2, 0.5, 1, 2, 2.5, 4, 8])
    def test_results_or_a_message(self, case: Path, gigabytes: float) -> None:
        page = case.with_name("page.html")
        code, out, err = shell(
            f"ulimit -v {int(gigabytes * 1e6)}; $DETENTE run {case} --samples 8 --out {page}",
            OPENBLAS_NUM_THREADS="1")
        assert code in (0, 1), (code, err)
        assert "Traceback" not in err and "internal error" not in err
        if code == 0:
            assert gigabytes >= 4
            assert "Not in the model" in out  # the last line of the first screen
            assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
        else:
            assert "not enough memory" in err or "Memory allocation" in err  # OpenBLAS

    def test_a_chart_that_cannot_be_drawn_is_marked(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from detente.errors import NotDrawnError
        from detente.render import Report, Section, draw, html
        from detente.render.chart import Chart

        def fail(*_: Any, **__: Any) -> bytes:
            raise NotDrawnError("too little memory")

        monkeypatch.setattr(draw._artist, "draw", fail)
        chart = Chart("A chart", {"mark": "point", "width": 12345}, "War is <likely>.")
        page = html.page(Report("R", "S", "A", [Section("one", "One", charts=[chart])]))
        assert "This chart is missing: too little memory" in page
        assert "War is &lt;likely&gt;." in page


def test_answers_that_end_early_are_no_interruption(tmp_path: Path) -> None:
    done = detente("graph", "--new", "my.graph.yaml", cwd=tmp_path, stdin=b"a title\n")
    assert done.returncode == 2 and b"the answers ended early" in done.stderr
    assert list(tmp_path.iterdir()) == []
