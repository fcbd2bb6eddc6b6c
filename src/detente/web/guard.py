"""The guard before the app: only the person who started it gets in.

A page of another site can send requests to this machine, and can point a name of its own at it. So
the guard checks the name in the address (Host), the site that asks (Origin), and a random token
that only the opened address holds and that a cookie then carries. Each answer has a strict policy
on content.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

__all__ = ["Guard", "new_token"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

COOKIE = "detente"
MOST_BODY = 4 << 20
"""Most bytes of a request."""
METHODS = ("GET", "HEAD")
"""Pages and downloads need no others. Shiny would write a file that is sent to it, which no part of
the app asks for, outside the folder of the app."""
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
REFUSED = """<!doctype html><html lang="en"><meta charset="utf-8"><title>détente</title>
<h1>This window has no key</h1>
<p>Open the address that <code>detente app</code> printed when it was started. It holds a key that
lets this browser in. Each start of the app makes a new one.</p>
<p>If you came from a link on another page and this browser has the key already,
<a href="{0}">open this page again</a>.</p></html>"""
"""A link here is followed from this site, so the browser sends a cookie that is strict."""
ACCEPTED = """<!doctype html><html lang="en"><meta charset="utf-8"><title>détente</title>
<meta http-equiv="refresh" content="0;url={0}">
<p><a href="{0}">Go on to the app</a></p></html>"""
"""The page goes on by itself. A redirect would not do: if the address was opened from another
site, such as a message in a mail program, the browser withholds a strict cookie from it."""


def new_token() -> str:
    """Return a random key for one start of the app."""
    return secrets.token_urlsafe(24)


class Guard:
    """An ASGI application before another one.

    Parameters
    ----------
    app
        The application behind it.
    token
        The key.
    hosts
        Names (with a port where it is not the usual one) by which the app may be addressed; None
        allows every name, for an app that is served to others.
    cookie
        The name of the cookie. Cookies do not know ports, so two apps of one machine need two.
    """

    def __init__(
        self, app: Any, token: str, hosts: Iterable[str] | None, cookie: str = COOKIE
    ) -> None:
        self.app, self.token, self.cookie = app, token, cookie
        self.hosts = None if hosts is None else frozenset(h.lower() for h in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse, or pass on."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {k.lower().decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        reason = self._reason(scope, headers)
        if scope["type"] == "websocket":
            if reason is None and self._let_in(headers):
                await self.app(scope, receive, send)
            else:
                await receive()
                await send({"type": "websocket.close", "code": 1008})
            return
        if reason is not None:
            await _answer(send, 403, f"détente: {reason}\n", "text/plain")
            return
        given = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        if "token" in given and scope["path"].endswith("/"):
            await self._key(send, given)
        elif not self._let_in(headers):
            await _answer(send, 403, REFUSED.format(_again(given)), "text/html")
        elif scope.get("method", "GET") not in METHODS:
            await _answer(send, 405, "détente: the app takes no files\n", "text/plain",
                          [(b"allow", ", ".join(METHODS).encode())])
        elif _size(headers) > MOST_BODY:
            await _answer(send, 413, "détente: the request is too large\n", "text/plain")
        else:
            await self.app(scope, _limited(receive), _dressed(send))

    def _reason(self, scope: Scope, headers: dict[str, str]) -> str | None:
        """Return why a request is refused; None if it is not."""
        host = headers.get("host", "").lower()
        if self.hosts is not None and host not in self.hosts:
            return "this address is not the one that the app was started for"
        origin = headers.get("origin")
        if origin is None:
            return "no Origin" if scope["type"] == "websocket" else None
        try:
            asked = urlsplit(origin).netloc.lower()
        except ValueError:
            asked = ""
        return None if asked == host and host else "another site asked"

    def _let_in(self, headers: dict[str, str]) -> bool:
        for part in headers.get("cookie", "").split(";"):
            name, _, value = part.strip().partition("=")
            if name == self.cookie and hmac.compare_digest(value.encode(), self.token.encode()):
                return True
        return False

    async def _key(self, send: Send, given: dict[str, str]) -> None:
        right = hmac.compare_digest(given.pop("token").encode(), self.token.encode())
        if not right:
            await _answer(send, 403, REFUSED.format(_again(given)), "text/html")
            return
        cookie = f"{self.cookie}={self.token}; Path=/; HttpOnly; SameSite=Strict"
        await _answer(send, 200, ACCEPTED.format(_again(given)), "text/html",
                      [(b"set-cookie", cookie.encode())])


def _again(given: dict[str, str]) -> str:
    """Return the address of the page without the key, as HTML."""
    rest = urlencode({k: v for k, v in given.items() if k != "token"})
    return escape("./" + (f"?{rest}" if rest else ""))


def _size(headers: dict[str, str]) -> int:
    """Return the size that a request states; one that is no number is too large."""
    stated = headers.get("content-length", "0")
    return int(stated) if stated.isascii() and stated.isdigit() else MOST_BODY + 1


def _limited(receive: Receive) -> Receive:
    """Return a ``receive`` that ends a request whose parts are too large together."""
    size = 0

    async def other() -> MutableMapping[str, Any]:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        return {"type": "http.disconnect"} if size > MOST_BODY else message

    return other


POLICY = (
    b"default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    b"connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    b"frame-ancestors 'none'")
"""No script in a page runs, and none is evaluated. Shiny's two, which set an animation and a date
picker that the app does not use, are not needed."""


def _dressed(send: Send) -> Send:
    """Return a ``send`` that adds the headers."""

    async def other(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *HEADERS,
                                  (b"content-security-policy", POLICY)]
        await send(message)

    return other


async def _answer(
    send: Send, status: int, text: str, kind: str, more: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    body = text.encode()
    await send({"type": "http.response.start", "status": status, "headers": [
        (b"content-type", f"{kind}; charset=utf-8".encode()),
        (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store"), *HEADERS,
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"), *more]})
    await send({"type": "http.response.body", "body": body})
