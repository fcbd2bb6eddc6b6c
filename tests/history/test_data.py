"""Fetching, verifying and reading; the truth is the published files and their hashes."""

import os

import pandas as pd
import pytest

from detente.errors import InputError
from detente.history import store
from detente.history.read import load as read
from detente.history.read import read_file, typed
from detente.history.registry import registry

NAMES = sorted(registry())


def test_every_data_set_is_documented():
    for name, d in registry().items():
        assert name == d.name and len(d.sha256) == 64 and d.citation and d.licence and d.variables
        assert len(d.address.split("/")) >= 4
        columns = [v.name for v in d.variables]
        assert len(set(columns)) == len(columns)


@pytest.mark.parametrize("name", NAMES)
def test_reads_as_published(load, name):
    table, d = load(name), registry()[name]
    assert len(table) == d.rows
    for v in d.variables:
        column = table[v.name]
        if v.kind in ("country", "year", "count", "code", "flag"):
            assert column.dtype == "Int64"
            codes = d.missing if v.missing is None else v.missing
            assert not column.isin(codes).any()
        if v.kind == "flag":
            assert set(column.dropna().unique()) <= {0, 1}
        if v.kind == "year":
            assert column.dropna().between(1490, 2100).all()
    assert table.attrs["citation"] == list(d.citation)


def test_missing_codes_become_missing(load):
    disputes = load("gml-disputes")
    assert disputes.outcome.isna().sum() > 0 and disputes.outcome.min() == 1
    assert load("cow-nmc").milex.min() >= 0


def test_sessions_are_what_the_traps_say(load):
    """First votes against the United Nations' dates of admission, which the file does not hold."""
    table = load("un-ideal-points")
    assert set(range(1, 75)) - set(table.session) == {19}
    assert not table.duplicated(["ccode", "session"]).any()
    first = table.groupby("ccode").session.min()
    autumn = {770: 1947, 740: 1956, 225: 2002, 626: 2011}  # Pakistan, Japan, Switzerland, S. Sudan
    assert {c: 1945 + int(first[c]) for c in autumn} == autumn
    spring = {452: 1957, 666: 1949}  # Ghana in March, Israel in May: in the session then running
    assert {c: 1946 + int(first[c]) for c in spring} == spring


def test_a_share_is_not_cut_to_a_whole_number(load):
    # Alliances of part of a decade stand as 0.5: a silent cast to integers made them 0.
    assert (load("sanctions").ally == 0.5).any()


def test_fractions_where_whole_numbers_belong_are_refused():
    d = registry()["student-offers"]
    raw = pd.DataFrame({"offer": [1.0], "accept": [0.5], "gender1": [0], "gender2": [1]})
    with pytest.raises(InputError, match=r"accept .* fraction"):
        typed(raw, d)


def test_other_columns_are_named():
    with pytest.raises(InputError, match="lacks the columns accept, gender1, gender2"):
        typed(pd.DataFrame({"offer": [1.0]}), registry()["student-offers"])


def test_fetching_again_reads_no_source(raw, tmp_path):
    first = store.fetch("student-offers", base=str(raw), folder=tmp_path)
    assert store.fetch("student-offers", base="/nowhere", folder=tmp_path) == first


def test_file_address(raw, tmp_path):
    assert store.fetch("student-offers", base=raw.as_uri(), folder=tmp_path).is_file()


@pytest.mark.parametrize("damage", [lambda b: b[:-20], lambda b: b"x" + b[1:], lambda b: b""])
def test_a_damaged_file_is_not_kept(raw, tmp_path, damage):
    d = registry()["student-offers"]
    source = tmp_path / "base" / d.address
    source.parent.mkdir(parents=True)
    source.write_bytes(damage((raw / d.address).read_bytes()))
    folder = tmp_path / "cache"
    with pytest.raises(InputError, match=r"not the registered one .* not kept"):
        store.fetch(
            "student-offers", base=str(tmp_path / "base"), folder=folder, retries=0
        )
    assert list(folder.iterdir()) == []
    with pytest.raises(InputError, match="not the registered file"):
        store.add("student-offers", source, folder=folder)
    assert list(folder.iterdir()) == []


def test_a_failed_fetch_leaves_what_was_there(raw, tmp_path):
    kept = store.fetch("student-offers", base=str(raw), folder=tmp_path)
    kept.write_bytes(b"changed by hand")
    with pytest.raises(InputError, match="there is no file"):
        store.fetch("student-offers", base="/nowhere", folder=tmp_path)
    assert kept.read_bytes() == b"changed by hand"
    with pytest.raises(InputError, match="has changed since"):
        read("student-offers", tmp_path)
    store.fetch("student-offers", base=str(raw), folder=tmp_path)
    assert len(read("student-offers", tmp_path)) == 32


def test_no_network_is_one_message(tmp_path):
    with pytest.raises(InputError, match="could not fetch"):
        # Nothing listens at the discard port of this machine: the connection is refused at once.
        store.fetch("war1800", base="http://127.0.0.1:9", folder=tmp_path, retries=0)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written(raw, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(InputError, match="could not fetch"):
        store.fetch("student-offers", base=str(raw), folder=blocked)


def test_a_full_disk_leaves_nothing(raw, tmp_path, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.shutil, "copyfile", full)
    with pytest.raises(InputError, match="No space left"):
        store.fetch("student-offers", base=str(raw), folder=tmp_path, retries=0)
    assert list(tmp_path.iterdir()) == []


def test_not_fetched_says_what_to_do(tmp_path):
    with pytest.raises(InputError, match="detente data fetch war1800"):
        read("war1800", tmp_path)


class Server:
    """Serves the raw folder on this machine; the first answers break off after some bytes."""

    def __init__(self, raw, breaks=0, after=5000, ranges=True):
        import http.server

        self.asked, self.breaks = [], breaks
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *args):
                pass

            def do_GET(self):
                body = (raw / self.path.lstrip("/")).read_bytes()
                begin = self.headers.get("Range")
                outer.asked.append(begin)
                start = int(begin.removeprefix("bytes=").rstrip("-")) if begin and ranges else 0
                self.send_response(206 if start else 200)
                self.send_header("Content-Length", str(len(body) - start))
                self.end_headers()
                outer.breaks -= 1
                self.wfile.write(body[start:start + after] if outer.breaks >= 0 else body[start:])
                self.close_connection = True

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self):
        import threading

        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        return self

    def __exit__(self, *args):
        self.server.shutdown()
        self.server.server_close()


def test_over_http(raw, tmp_path):
    with Server(raw) as s:
        path = store.fetch("student-offers", base=s.base, folder=tmp_path)
    assert registry()["student-offers"].verify(path.read_bytes())
    assert s.asked == [None] and list(tmp_path.iterdir()) == [path]


def test_a_broken_download_is_tried_again_and_goes_on(raw, tmp_path):
    with Server(raw, breaks=1) as s:
        path = store.fetch("war1800", base=s.base, folder=tmp_path, retries=1)
    assert s.asked == [None, "bytes=5000-"]
    assert registry()["war1800"].verify(path.read_bytes())
    assert list(tmp_path.iterdir()) == [path]


def test_a_later_command_goes_on_where_an_earlier_stopped(raw, tmp_path):
    with Server(raw, breaks=1) as s:
        with pytest.raises(InputError, match="could not fetch"):
            store.fetch("war1800", base=s.base, folder=tmp_path, retries=0)
        assert not store.held("war1800", tmp_path)  # the beginning is no data set
        path = store.fetch("war1800", base=s.base, folder=tmp_path, retries=0)
    assert s.asked == [None, "bytes=5000-"] and list(tmp_path.iterdir()) == [path]


def test_a_server_without_ranges_sends_the_whole_again(raw, tmp_path):
    with Server(raw, breaks=1, ranges=False) as s:
        path = store.fetch("war1800", base=s.base, folder=tmp_path, retries=1)
    assert registry()["war1800"].verify(path.read_bytes())


def test_a_spoilt_beginning_is_not_kept(raw, tmp_path):
    """A beginning of other bytes: one mismatch, and then the whole file anew."""
    d = registry()["student-offers"]
    (tmp_path / f".{d.file_name}.part").write_bytes(b"x" * 50)
    with Server(raw) as s:
        with pytest.raises(InputError, match=r"not the registered one .* not kept"):
            store.fetch("student-offers", base=s.base, folder=tmp_path, retries=0)
        assert list(tmp_path.iterdir()) == []
        path = store.fetch("student-offers", base=s.base, folder=tmp_path, retries=0)
    assert d.verify(path.read_bytes())


def test_a_disk_that_fills_during_a_download_keeps_what_was_there(raw, tmp_path, monkeypatch):
    from detente.history import download

    d = registry()["student-offers"]
    (tmp_path / d.file_name).write_bytes(b"an earlier file, changed since")

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(download.os, "fsync", full)
    with Server(raw) as s, pytest.raises(InputError, match="No space left"):
        store.fetch("student-offers", base=s.base, folder=tmp_path, retries=0)
    assert [f.name for f in tmp_path.iterdir()] == [d.file_name]
    assert (tmp_path / d.file_name).read_bytes() == b"an earlier file, changed since"


def test_environment_names_base_and_cache(raw, tmp_path, monkeypatch):
    monkeypatch.setenv("DETENTE_DATA_BASE", str(raw))
    monkeypatch.setenv("DETENTE_DATA_CACHE", str(tmp_path))
    store.fetch("student-offers")
    assert os.listdir(tmp_path) == [registry()["student-offers"].file_name]
    assert read("student-offers").offer.max() <= 100


def test_a_lack_of_memory_is_not_called_a_damaged_file(monkeypatch, tmp_path):
    def full(*_, **__):
        raise MemoryError

    monkeypatch.setattr(pd, "read_csv", full)
    with pytest.raises(MemoryError):
        read_file(tmp_path / "any.csv", registry()["icb-system"])
