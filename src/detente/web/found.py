"""The analysis of the page's crisis: begun again a moment after its values have changed."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING, Any

from shiny import reactive
from shiny.session import get_current_session

from detente.web.desk import Findings
from detente.web.redraw import redraw
from detente.web.work.report import Answer, Part

if TYPE_CHECKING:
    from detente.web.desk import Desk

__all__ = ["QUIET", "keep_found"]

QUIET = 0.8
"""Seconds without a change before the analysis begins."""


def keep_found(desk: Desk) -> None:
    """Analyse the crisis whenever its values have changed and then rest for a moment."""
    waiting: dict[str, Any] = {"task": None}

    async def later(source: Any) -> None:
        mine = asyncio.current_task()
        await asyncio.sleep(QUIET)

        def begin() -> None:
            if waiting["task"] is mine:
                desk.running.begin("report:analyse", source, about=source)

        await redraw(begin)

    def stop() -> None:
        """Begin nothing for a window that is closed."""
        if waiting["task"] is not None:
            waiting["task"].cancel()
            waiting["task"] = None

    session = get_current_session()
    if session is not None:
        session.on_ended(stop)

    @reactive.effect
    def _changed() -> None:
        crisis, source = desk.crisis(), desk.source()
        stop()
        if crisis is not None:
            desk.halted.set(False)
            waiting["task"] = asyncio.create_task(later(source))

    @reactive.effect
    def _halted() -> None:
        now = desk.running.state()
        desk.halted.set(now.cancelled or now.wrong is not None)

    @reactive.effect
    def _collected() -> None:
        now = desk.running.state()
        if now.about is None or not now.items:
            return
        answer, headline, check, checked, whole = None, "", "", True, False
        html: dict[str, str] = {}
        for item in now.items:
            if isinstance(item, Answer):
                answer = item
            elif isinstance(item, Part):
                html.update(item.html)
                headline, check = item.headline or headline, item.check or check
                checked, whole = item.checked, item.whole
        with reactive.isolate():
            kept = dict(desk.found().html)
        kept.update({key: (now.about, text) for key, text in html.items()})
        desk.found.set(Findings(
            now.about, answer, kept, headline, check, checked, whole))
        if headline and not now.about.moved:
            text = now.about.text.encode("utf-8", "replace")
            desk.folder.keep_answer(hashlib.sha256(text).hexdigest(),
                                    f"{headline} ({check})")
