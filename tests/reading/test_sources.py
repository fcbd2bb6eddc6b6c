"""Files become normalised text with hashes; limits and refusals say their reason, never text."""

from __future__ import annotations

import hashlib
import os
import unicodedata

import pytest

from detente.errors import InputError
from detente.reading import bounds, sources
from detente.reading.sources import normalised, read_source
from tests.reading.made import pdf_of

SECRET = "Unquotable words"


def read(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    return read_source(tmp_path / name)


def test_hashes_and_normal_form(tmp_path):
    data = "\ufeffCafe\u0301 \U0001f600.\r\nTwo.\rThree.".encode()
    one = read(tmp_path, "a.txt", data)
    assert one.text == "Café \U0001f600.\nTwo.\nThree."
    assert one.sha_bytes == hashlib.sha256(data).hexdigest()
    assert one.sha_text == hashlib.sha256(one.text.encode()).hexdigest()
    assert one.kind == "text" and one.path == str(tmp_path / "a.txt")


@pytest.mark.parametrize("written", [
    "Cafe\u0301 one.\nTwo.", "Café one.\r\nTwo.", "\ufeffCafé one.\rTwo."])
def test_three_spellings_are_one_text(tmp_path, written):
    assert read(tmp_path, "a.md", written.encode()).text == "Café one.\nTwo."
    assert read(tmp_path, "b.txt", written.encode("utf-16")).text == "Café one.\nTwo."
    assert unicodedata.is_normalized("NFC", normalised(written))


def test_html_shows_visible_text_only(tmp_path):
    page = ("<!doctype html><meta charset=latin1><title>No</title><body><p>One <b>two</b>.<br>"
            "Three<script>no()</script><blockquote><p>Four é</blockquote><p hidden>No</p>")
    one = read(tmp_path, "page.bin", page.encode("latin-1"))
    assert (one.kind, one.text) == ("html", "One two.\nThree\n\n> Four é")
    assert one.extractor.startswith("selectolax ")


@pytest.mark.parametrize(
    "style", ["display:none", "color: red; DISPLAY : none", "visibility:hidden"])
def test_an_element_that_is_not_shown_is_left_out(tmp_path, style):
    """A page can hide orders to a language model in such an element."""
    page = f"<html><p>Seen.</p><div style='{style}'>Not <b>seen</b>.</div><p style='color:red'>Too."
    assert read(tmp_path, "a.html", page.encode()).text == "Seen.\n\nToo."


@pytest.mark.parametrize("charset", ["x-none", "zlib_codec", "idna", "rot13"])
def test_a_page_in_an_unknown_encoding_is_read_as_utf_8(tmp_path, charset):
    page = f"<html><meta charset='{charset}'><p>Café.".encode()
    assert read(tmp_path, "a.html", page).text == "Café."
    head = f"From: a@b.org\nContent-Type: text/plain; charset={charset}\n\n"
    assert read(tmp_path, "a.eml", (head + "Café.").encode()).text.endswith("\n\nCafé.")


def test_a_page_in_a_mail_is_decoded_once(tmp_path):
    message = ("From: a@b.org\nContent-Type: text/html; charset=utf-8\n\n"
               "<html><meta charset=latin1><p>Café.").encode()
    assert read(tmp_path, "a.eml", message).text.endswith("\n\nCafé.")


def test_deep_html_ends(tmp_path):
    assert read(tmp_path, "a.html", b"<div>" * 5_000 + b"x").text == "x"


def test_pdf_text_by_pages(tmp_path):
    one = read(tmp_path, "a.pdf", pdf_of("First page.", "Second page."))
    assert one.text == "First page.\n\nSecond page." and one.extractor.startswith("pypdf ")


def test_mail_is_decoded(tmp_path):
    message = (b"From: Ann <ann@example.org>\r\nSubject: =?utf-8?q?caf=C3=A9?=\r\n"
               b"Content-Transfer-Encoding: quoted-printable\r\n"
               b"Content-Type: text/plain; charset=utf-8\r\n\r\n> Before=2E\r\nYes =C3=A9.\r\n")
    one = read(tmp_path, "a.eml", message)
    assert one.text == "From: Ann <ann@example.org>\nSubject: café\n\n> Before.\nYes é."


@pytest.mark.parametrize("name", [
    "http://example.org/a.txt", "https://example.org", "file:///etc/hostname", "//host/a", "ftp:x",
    r"\\host\share", "data:text/plain,x"])
def test_addresses_are_refused(name):
    with pytest.raises(InputError, match="address"):
        read_source(name)


def test_links_devices_pipes_and_folders_are_refused(tmp_path):
    (tmp_path / "a.txt").write_text(SECRET)
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    os.mkfifo(tmp_path / "pipe")
    for name, said in (("link.txt", "link"), ("pipe", "pipe"), (".", "a directory"),
                       ("none.txt", "no such file")):
        with pytest.raises(InputError, match=said):
            read_source(tmp_path / name)
    with pytest.raises(InputError, match="device"):
        read_source("/dev/zero")


@pytest.mark.parametrize("name, data, said", [
    ("a.txt", SECRET.encode() + b"\xff", "byte 16 is not UTF-8"),
    ("a.txt", b"\0" * 100, "zero bytes"), ("a.txt", b" \n", "no text"),
    ("a.json", b'{"a": ' + SECRET.encode(), "not valid JSON"),
    ("a.json", b"[" * 100_000, "nested too deeply"),
    ("a.pdf", b"%PDF-1.4\n" + SECRET.encode(), "cannot be parsed as PDF"),
])
def test_bad_files_have_a_message_without_their_words(tmp_path, name, data, said):
    with pytest.raises(InputError, match=said) as wrong:
        read(tmp_path, name, data)
    assert SECRET not in str(wrong.value)


def test_limits_are_stated(tmp_path, monkeypatch):
    with (tmp_path / "big").open("wb") as stream:
        stream.truncate(300_000_000)
    with pytest.raises(InputError, match="at most 20 MB"):
        read_source(tmp_path / "big")
    monkeypatch.setattr(sources, "MOST_LETTERS", 5)
    for name, data in (("a.txt", b"too long"), ("a.html", b"<p>too long")):
        with pytest.raises(InputError, match="at most 5 characters"):
            read(tmp_path, name, data)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no limit on memory here")
def test_the_limits_of_the_other_process_are_stated(tmp_path, monkeypatch):
    (tmp_path / "a.pdf").write_bytes(pdf_of("x"))
    monkeypatch.setattr(bounds, "MOST_SECONDS", 0.01)
    with pytest.raises(InputError, match=r"limit of 0\.01 s"):
        read_source(tmp_path / "a.pdf")
    monkeypatch.setattr(bounds, "MOST_SECONDS", 60)
    monkeypatch.setattr(bounds, "MOST_MEMORY", 60 << 20)
    (tmp_path / "a.html").write_bytes(b"<p>x</p>" * 2_000_000)
    with pytest.raises(InputError, match="limit of 60 MB"):
        read_source(tmp_path / "a.html")


def test_a_missing_package_names_the_extra(tmp_path, monkeypatch):
    hidden = tmp_path / "hidden"  # a package of this name without its class
    hidden.mkdir()
    (hidden / "pypdf.py").write_text("raise ModuleNotFoundError(name='pypdf')")
    monkeypatch.syspath_prepend(str(hidden))
    with pytest.raises(InputError, match=r"needs the package 'pypdf'.*extra `reading`"):
        read(tmp_path, "a.pdf", pdf_of("x"))


def test_a_parser_that_crashes_is_an_error_of_the_file(tmp_path, monkeypatch):
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "pypdf.py").write_text("import os; os.abort()")
    monkeypatch.syspath_prepend(str(hidden))
    with pytest.raises(InputError, match="cannot be parsed as PDF"):
        read(tmp_path, "a.pdf", pdf_of("x"))
