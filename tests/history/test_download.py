"""Downloads from servers of this machine that misbehave; the truth is the registered bytes."""

import contextlib
import hashlib
import http.server
import os
import re
import stat
import subprocess
import sys
import threading
import time

import pytest

from detente import lock
from detente.errors import InputError
from detente.history import download, store
from detente.history.dataset import DataSet, Variable
from detente.history.registry import registry

BODY = bytes(range(256)) * 1200  # 307,200 bytes
DATA = DataSet(
    name="made", title="", version="1", description="", citation=("x",), licence="x",
    address="owner/repository/commit/made.csv", sha256=hashlib.sha256(BODY).hexdigest(),
    size=len(BODY), unit="row", rows=1, variables=(Variable("x", "real", ""),),
)


@pytest.fixture(autouse=True)
def made(monkeypatch):
    monkeypatch.setattr(store, "get", lambda name: DATA)
    monkeypatch.setattr(download, "PAUSE", 0.0)


@contextlib.contextmanager
def serving(answer):
    """Serve on this machine; ``answer`` gets the handler and the number of earlier requests."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def log_message(self, *args):
            pass

        def do_GET(self):
            asked.append(self.headers.get("Range"))
            with contextlib.suppress(OSError):
                answer(self, len(asked) - 1)

        def head(self, state, **fields):
            self.send_response(state)
            for name, value in fields.items():
                self.send_header(name.replace("_", "-"), str(value))
            self.end_headers()

        def whole(self, body=BODY):
            self.head(200, Content_Length=len(body))
            self.wfile.write(body)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()


def fetch(base, folder, **more):
    return store.fetch("made", base=base, folder=folder, **more)


def test_a_server_that_never_ends_is_left_at_the_registered_size(tmp_path):
    sent = []

    def endless(handler, k):
        handler.head(200)
        while True:
            handler.wfile.write(BODY)
            sent.append(len(BODY))

    with (
        serving(endless) as (base, asked),
        pytest.raises(InputError, match="sends more than 307,200 bytes; it was not kept"),
    ):
        fetch(base, tmp_path)
    assert len(asked) == 1 and sum(sent) < 100 * len(BODY)  # what the sockets hold beside the file
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("length", [len(BODY) - 1, len(BODY) + 1, 10**18, 0])
def test_a_wrong_length_is_refused_before_the_body(tmp_path, length):
    def wrong(handler, k):
        handler.head(200, Content_Length=length)

    with (
        serving(wrong) as (base, asked),
        pytest.raises(InputError, match=f"announces {length:,} bytes; it was not kept") as e,
    ):
        fetch(base, tmp_path)
    assert DATA.sha256 in str(e.value) and len(asked) == 1
    assert list(tmp_path.iterdir()) == []


def test_wrong_bytes_are_reported_with_both_hashes(tmp_path):
    other = BODY[:-1] + b"x"
    with (
        serving(lambda handler, k: handler.whole(other)) as (base, _),
        pytest.raises(InputError, match="not the registered one") as e,
    ):
        fetch(base, tmp_path)
    assert DATA.sha256 in str(e.value) and hashlib.sha256(other).hexdigest() in str(e.value)
    assert list(tmp_path.iterdir()) == []


def test_a_truncated_answer_is_continued(tmp_path):
    def breaks(handler, k):
        start = int(re.findall(r"\d+", handler.headers.get("Range", "0"))[0])
        body = BODY[start:start + 100_000]
        if start:
            handler.head(206, Content_Range=f"bytes {start}-{len(BODY) - 1}/{len(BODY)}",
                         Content_Length=len(BODY) - start)
        else:
            handler.head(200, Content_Length=len(BODY))
        handler.wfile.write(body)

    with serving(breaks) as (base, asked):
        with pytest.raises(InputError, match="ended after 200,000 of 307,200 bytes"):
            fetch(base, tmp_path, retries=1)
        assert not store.held("made", tmp_path)
        path = fetch(base, tmp_path, retries=1)  # a later command continues
    assert asked == [None, "bytes=100000-", "bytes=200000-", "bytes=300000-"]
    assert path.read_bytes() == BODY and list(tmp_path.iterdir()) == [path]


def test_a_server_that_sends_another_part_is_asked_for_the_whole(tmp_path):
    (tmp_path / f".{DATA.file_name}.part").write_bytes(BODY[:1000])

    def other(handler, k):
        if handler.headers.get("Range"):
            handler.head(206, Content_Range=f"bytes 500-{len(BODY) - 1}/{len(BODY)}")
            handler.wfile.write(BODY[500:])
        else:
            handler.whole()

    with serving(other) as (base, asked):
        assert fetch(base, tmp_path).read_bytes() == BODY
    assert asked == ["bytes=1000-", None]


def test_a_server_that_drips_is_left_and_continued(tmp_path, monkeypatch):
    monkeypatch.setattr(download, "WINDOW", 0.3)
    monkeypatch.setattr(download, "SLOWEST", 10_000)

    def drips(handler, k):
        handler.head(200, Content_Length=len(BODY))
        for byte in BODY:
            handler.wfile.write(bytes([byte]))
            time.sleep(0.05)

    begun = time.monotonic()
    with (
        serving(drips) as (base, asked),
        pytest.raises(InputError, match=r"too slow: .* continues an incomplete download"),
    ):
        fetch(base, tmp_path, retries=1)
    # The whole would take four hours; the limit is far above any delay by load.
    assert time.monotonic() - begun < 1800 and len(asked) == 2
    (part,) = tmp_path.iterdir()
    assert BODY.startswith(part.read_bytes()) and part.stat().st_size > 0


def test_a_silent_server_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(download, "SILENCE", 0.3)
    with (
        serving(lambda handler, k: time.sleep(5)) as (base, asked),
        pytest.raises(InputError, match=r"could not fetch .*timed out"),
    ):
        fetch(base, tmp_path, retries=1)
    end = time.monotonic() + 600
    while len(asked) < 2 and time.monotonic() < end:  # the server may be late on a busy machine
        time.sleep(0.02)
    assert len(asked) == 2


@pytest.mark.parametrize("state", [500, 503, 429])
def test_a_passing_fault_is_tried_again(tmp_path, state):
    with serving(lambda h, k: h.head(state) if k == 0 else h.whole()) as (base, asked):
        assert fetch(base, tmp_path).read_bytes() == BODY
    assert len(asked) == 2


def test_a_lasting_fault_is_not_tried_again(tmp_path):
    with (
        serving(lambda h, k: h.head(404)) as (base, asked),
        pytest.raises(InputError, match="the server answers 404 Not Found"),
    ):
        fetch(base, tmp_path)
    assert len(asked) == 1 and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("to", ["http://127.0.0.2:9/x", "file:///etc/passwd", "ftp://127.0.0.1/x",
                                "//127.0.0.2/x", "http://[bad"])
def test_redirects_to_elsewhere_are_refused(tmp_path, to):
    with (
        serving(lambda h, k: h.head(302, Location=to)) as (base, asked),
        pytest.raises(InputError, match="could not fetch"),
    ):
        fetch(base, tmp_path, retries=0)
    assert len(asked) == 1 and list(tmp_path.iterdir()) == []


def test_redirects_on_the_same_server_are_followed_a_few_times(tmp_path):
    with serving(lambda h, k: h.head(301, Location="/b") if k == 0 else h.whole()) as (base, _):
        assert fetch(base, tmp_path / "a").read_bytes() == BODY
    with (
        serving(lambda h, k: h.head(301, Location="/b")) as (base, asked),
        pytest.raises(InputError, match="redirects more than 5 times"),
    ):
        fetch(base, tmp_path / "b")
    assert len(asked) == 6


def test_compressed_bytes_are_refused(tmp_path):
    with (
        serving(lambda h, k: h.head(200, Content_Encoding="gzip")) as (base, _),
        pytest.raises(InputError, match="sends it compressed"),
    ):
        fetch(base, tmp_path)


@pytest.mark.parametrize("base", ["ftp://127.0.0.1", "https://", "data:,x", "http://[bad"])
def test_other_kinds_of_address_are_refused(tmp_path, base):
    with pytest.raises(InputError, match="cannot read the base address"):
        fetch(base, tmp_path)


def test_of_four_fetches_at_once_one_downloads(tmp_path):
    def slowly(handler, k):
        time.sleep(0.5)
        handler.whole()

    found = []
    with serving(slowly) as (base, asked):
        threads = [threading.Thread(target=lambda: found.append(fetch(base, tmp_path)))
                   for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert asked == [None] and len(set(found)) == 1 and len(found) == 4
    assert list(tmp_path.iterdir()) == [found[0]]


def test_a_lock_that_is_never_released_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "WAIT", 0.2)
    tmp_path.mkdir(exist_ok=True)
    with (
        lock.locked(tmp_path / f".{DATA.file_name}.lock"),
        pytest.raises(InputError, match="another process holds the lock"),
    ):
        fetch("http://127.0.0.1:9", tmp_path)


def test_a_lock_file_left_behind_does_no_harm(tmp_path):
    (tmp_path / f".{DATA.file_name}.lock").write_text("")
    with serving(lambda handler, k: handler.whole()) as (base, _):
        path = fetch(base, tmp_path)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("umask, mode", [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_files_have_the_permissions_of_the_umask(tmp_path, umask, mode):
    own = tmp_path / "own"
    own.write_bytes(BODY)
    before = os.umask(umask)
    try:
        with serving(lambda handler, k: handler.whole()) as (base, _):
            fetched = fetch(base, tmp_path / "a")
        added = store.add("made", own, folder=tmp_path / "b")
        source = tmp_path / "base" / DATA.address
        source.parent.mkdir(parents=True)
        source.write_bytes(BODY)
        copied = fetch(str(tmp_path / "base"), tmp_path / "c")
    finally:
        os.umask(before)
    for path in (fetched, added, copied):
        assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_device_without_an_end_is_read_to_the_registered_size(tmp_path):
    with pytest.raises(InputError, match="more than 307,200 bytes"):
        store.add("made", "/dev/zero", folder=tmp_path)


def test_four_commands_at_once(raw, tmp_path):
    """As users run it: four processes, one cache, one download."""
    d = registry()["war1800"]

    def slowly(handler, k):
        time.sleep(0.5)
        handler.whole((raw / d.address).read_bytes())

    with serving(slowly) as (base, asked):
        env = {**os.environ, "DETENTE_DATA_BASE": base, "DETENTE_DATA_CACHE": str(tmp_path)}
        runs = [
            subprocess.Popen([sys.executable, "-m", "detente", "data", "fetch", "war1800"],
                             env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(4)
        ]
        told = [(*r.communicate(timeout=600), r.returncode) for r in runs]
    assert [code for *_, code in told] == [0, 0, 0, 0], told
    assert len(asked) == 1 and [f.name for f in tmp_path.iterdir()] == [d.file_name]


def test_the_command_states_a_wrong_file_and_exits_with_2(raw, tmp_path):
    with serving(lambda handler, k: handler.whole(b"x" * 11069)) as (base, _):
        env = {**os.environ, "DETENTE_DATA_BASE": base, "DETENTE_DATA_CACHE": str(tmp_path)}
        ran = subprocess.run([sys.executable, "-m", "detente", "data", "fetch", "war1800"],
                             env=env, capture_output=True, text=True, timeout=600)
    assert ran.returncode == 2 and "SHA-256" in ran.stderr and "Traceback" not in ran.stderr
    assert list(tmp_path.iterdir()) == []
