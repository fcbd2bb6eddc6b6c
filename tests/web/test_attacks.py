"""A page of another site, in a browser that holds the key, can neither read nor drive the app."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.web.conftest import CHROMIUM, PATIENCE, Running, patient

TRY_FETCH = """async (url) => { try {
  const r = await fetch(url, {credentials: 'include'}); return (await r.text()).slice(0, 200)
} catch (e) { return 'refused' } }"""
TRY_POST = """async (url) => { try {
  const r = await fetch(url, {method: 'POST', mode: 'no-cors', credentials: 'include', body: 'x'});
  return r.type } catch (e) { return 'refused' } }"""
TRY_SOCKET = """(url) => new Promise(done => {
  const s = new WebSocket(url); s.onopen = () => done('open');
  s.onerror = () => done('refused') })"""
TRY_FRAME = """(url) => new Promise(done => {
  const f = document.createElement('iframe'); f.src = url;
  f.onload = () => { try { done(f.contentDocument ? 'read' : 'refused') }
                     catch (e) { done('refused') } };
  document.body.append(f) })"""
TRY_SCRIPT = """(url) => new Promise(done => {
  const s = document.createElement('script'); s.src = url;
  s.onload = () => done('ran'); s.onerror = () => done('refused'); document.body.append(s) })"""


@pytest.fixture
def other_site() -> Iterator[int]:
    """A site of another origin on this machine; it shows a page with a link."""
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            to = self.path.partition("?to=")[2]
            self.wfile.write(f"<title>other</title><a href='{to}'>link</a>".encode())

        def log_message(self, *_: Any) -> None: ...

    site = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield site.server_port
    site.shutdown()
    site.server_close()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_page_of_another_site_cannot_drive_the_app(
    app: Running, window: Any, other_site: int, name: str
) -> None:
    """127.0.0.1 with another port is the same site with another origin, so its cookie is sent."""
    window.goto(f"http://{name}:{other_site}/")
    socket = app.address.replace("http", "ws") + "websocket/"
    assert window.evaluate(TRY_FETCH, app.address) == "refused"
    assert window.evaluate(TRY_POST, app.address) in ("opaque", "refused")  # it reads nothing
    assert window.evaluate(TRY_SOCKET, socket) == "refused"
    assert window.evaluate(TRY_FRAME, app.address) == "refused"
    assert window.evaluate(TRY_SCRIPT, app.address + "own/app.js") == "refused"
    assert app.process.poll() is None


def test_a_name_that_points_to_this_machine_is_refused(app: Running, browser: Any) -> None:
    """DNS rebinding: the page's origin is evil.example, and that name now leads to the app."""
    port = app.address.rstrip("/").rpartition(":")[2]
    evil = browser.browser_type.launch(executable_path=CHROMIUM, args=[
        "--no-sandbox", "--host-resolver-rules=MAP evil.example 127.0.0.1"])
    try:
        page = evil.new_page()
        for query in ("", "?" + app.key.partition("?")[2]):  # even with the key
            answer = page.goto(f"http://evil.example:{port}/{query}")
            assert answer.status == 403 and "not the one" in page.inner_text("body")
        page.route("**/evil.html", lambda route: route.fulfill(
            body="<title>evil</title>", content_type="text/html"))
        page.goto(f"http://evil.example:{port}/evil.html")  # as its own server gave it before
        found = page.evaluate(TRY_FETCH, f"http://evil.example:{port}/")
        assert found == "refused" or found.startswith("détente: this address is not")
        assert page.evaluate(TRY_SOCKET, f"ws://evil.example:{port}/websocket/") == "refused"
    finally:
        evil.close()


def test_a_link_on_another_site_opens_the_app(app: Running, browser: Any, other_site: int) -> None:
    """The address may come in a mail: the browser withholds strict cookies on the way."""
    context = patient(browser)
    page = context.new_page()
    page.goto(f"http://localhost:{other_site}/?to={app.key}")
    page.click("a")
    page.wait_for_selector("table.entries")
    assert page.url == app.address
    page.goto(f"http://localhost:{other_site}/?to={app.case('cuba-1962')}")
    page.click("a")
    page.click("text=open this page again")
    page.wait_for_selector("#content .panes")
    assert page.url == app.case("cuba-1962")
    context.close()


def test_a_huge_message_ends_its_own_window_only(app: Running, window: Any) -> None:
    socket = app.address.replace("http", "ws") + "websocket/"
    window.wait_for_selector("table.entries")
    ended = window.evaluate("""(url) => new Promise(done => { const s = new WebSocket(url);
      s.onopen = () => s.send('x'.repeat(9 << 20)); s.onclose = (e) => done(e.code) })""", socket)
    assert ended == 1009  # RFC 6455: message too big
    window.reload()
    window.wait_for_selector("table.entries")


def test_files_outside_the_app_are_not_served(app: Running) -> None:
    """The raw path is sent as it stands; a browser would shorten it."""
    from http.client import HTTPConnection

    with urlopen(Request(app.key)) as answer:
        cookie = answer.headers["set-cookie"].partition(";")[0]
    port = int(app.address.rstrip("/").rpartition(":")[2])
    for path in ("/own/../server.py", "/own/%2e%2e/server.py", "/own/..%2fserver.py",
                 "/own//etc/passwd", "/../../etc/passwd", "/own/%00", "/mine.yaml"):
        line = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        line.request("GET", path, headers={"Cookie": cookie})
        assert line.getresponse().status in (400, 404), path
        line.close()
