"""The guard lets in only who has the key, at the app's own address, asked by its own page."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from detente.web.guard import Guard

HOST = "127.0.0.1:8062"
TOKEN = "a-key-for-the-test"
COOKIE = f"detente={TOKEN}"


async def inner(scope: Any, receive: Any, send: Any) -> None:
    """Answer everything."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [
        (b"content-type", b"text/html")]})
    await send({"type": "http.response.body", "body": b"inside"})


def ask(
    path: str = "/", *, kind: str = "http", hosts: tuple[str, ...] | None = (HOST,),
    method: str = "GET", **headers: str,
) -> list[dict[str, Any]]:
    """Return the guard's messages for one request."""
    sent: list[dict[str, Any]] = []
    given = {"host": HOST, **headers}
    where, _, query = path.partition("?")
    scope = {"type": kind, "path": where, "query_string": query.encode(), "method": method,
             "headers": [
                 (k.replace("_", "-").encode(), v.encode()) for k, v in given.items()]}

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect" if kind == "websocket" else "http.request"}

    async def send(message: Any) -> None:
        sent.append(dict(message))

    asyncio.run(Guard(inner, TOKEN, hosts)(scope, receive, send))
    return sent


def status(messages: list[dict[str, Any]]) -> int:
    return int(messages[0]["status"])


def test_without_the_key_a_page_says_how_to_get_in() -> None:
    found = ask()
    assert status(found) == 403 and b"detente app" in found[1]["body"]


def test_the_key_becomes_a_cookie_and_leaves_the_address() -> None:
    found = ask(f"/?token={TOKEN}&case=a")
    headers = dict(found[0]["headers"])
    assert status(found) == 200
    assert b'content="0;url=./?case=a"' in found[1]["body"] and TOKEN.encode() not in found[1][
        "body"]
    assert b"HttpOnly" in headers[b"set-cookie"] and b"SameSite=Strict" in headers[b"set-cookie"]


@pytest.mark.parametrize("query", ['"><script>alert(1)</script>', "%22%3E%3Cscript%3E", "x\r\ny"])
def test_the_pages_of_the_guard_hold_no_markup_of_the_address(query: str) -> None:
    for path in (f"/?token={TOKEN}&case={query}", f"/?case={query}"):
        body = ask(path)[1]["body"].decode()
        assert "<script" not in body and body.count("<a href") == 1


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], TOKEN + "x"])
def test_a_wrong_key_is_refused(token: str) -> None:
    assert status(ask(f"/?token={token}")) == 403


def test_who_has_the_cookie_gets_in_with_a_strict_policy() -> None:
    found = ask(cookie=COOKIE)
    headers = dict(found[0]["headers"])
    policy = headers[b"content-security-policy"].decode()
    assert found[1]["body"] == b"inside"
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy and "script-src" not in policy  # so default-src holds


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8062", "127.0.0.1:9999", ""])
def test_another_name_for_this_machine_is_refused(host: str) -> None:
    # A name that its owner lets point here (DNS rebinding) comes with that name as host.
    assert status(ask(cookie=COOKIE, host=host)) == 403
    assert ask(kind="websocket", cookie=COOKIE, host=host, origin=f"http://{host}")[0][
        "type"] == "websocket.close"


@pytest.mark.parametrize("origin", [
    "http://evil.example", "http://127.0.0.1:9999", "null", "https://evil.example:8062",
    "http://[", "", "http://127.0.0.1:8062@evil.example"])
def test_a_page_of_another_site_is_refused(origin: str) -> None:
    assert status(ask(cookie=COOKIE, origin=origin)) == 403
    assert ask(kind="websocket", cookie=COOKIE, origin=origin)[0]["type"] == "websocket.close"


def test_a_socket_needs_origin_and_key() -> None:
    own = f"http://{HOST}"
    assert ask(kind="websocket", cookie=COOKIE)[0]["type"] == "websocket.close"
    assert ask(kind="websocket", origin=own)[0]["type"] == "websocket.close"
    assert ask(kind="websocket", cookie=COOKIE, origin=own)[0]["type"] == "websocket.accept"


def test_served_to_others_every_name_is_allowed_but_the_key_is_not_spared() -> None:
    assert status(ask(hosts=None, host="crisis.example", cookie=COOKIE)) == 200
    assert status(ask(hosts=None, host="crisis.example")) == 403
    assert status(ask(hosts=None, host="crisis.example", cookie=COOKIE,
                      origin="http://evil.example")) == 403


@pytest.mark.parametrize("size", [str(1 << 30), "-1", "many", "\u00b2"])
def test_a_huge_request_is_refused(size: str) -> None:
    assert status(ask(cookie=COOKIE, content_length=size)) == 413


def test_a_request_in_parts_is_ended_when_it_is_too_large() -> None:
    got: list[str] = []

    async def reader(scope: Any, receive: Any, send: Any) -> None:
        while True:
            got.append((await receive())["type"])
            if got[-1] == "http.disconnect":
                return

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"x" * (1 << 20), "more_body": True}

    async def send(message: Any) -> None: ...

    scope = {"type": "http", "path": "/", "query_string": b"", "headers": [
        (b"host", HOST.encode()), (b"cookie", COOKIE.encode())]}
    asyncio.run(Guard(reader, TOKEN, (HOST,))(scope, receive, send))
    assert len(got) == 5  # 4 MiB are allowed


def test_the_cookies_of_other_programs_of_this_machine_do_no_harm() -> None:
    # Cookies do not know ports: another app, or anything else at 127.0.0.1, sends its own.
    assert status(ask(cookie=f'bad"=x{{; a="b; detente-1=other; {COOKIE}')) == 200
    assert status(ask(cookie=f"detente-1={TOKEN}")) == 403


@pytest.mark.parametrize("cookie", ["detente", "detente=", "x=\"", "detente=\x00"])
def test_a_damaged_cookie_is_refused(cookie: str) -> None:
    assert status(ask(cookie=cookie)) == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_no_file_can_be_sent_to_the_app(method: str) -> None:
    own = f"http://{HOST}"
    sent = ask("/session/a/upload/b", method=method, cookie=COOKIE, origin=own)
    assert status(sent) == 405
    assert (b"allow", b"GET, HEAD") in sent[0]["headers"]  # RFC 9110, 15.5.6
    assert status(ask("/session/a/download/b", cookie=COOKIE)) == 200
