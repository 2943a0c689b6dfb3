"""The feeder ends when it is told to, whatever it hears at that moment."""

from __future__ import annotations

import asyncio
from typing import Any

from standfast.config.board.refusals import refusal
from standfast.config.streams import Feeder
from standfast.edge.board.board import Board
from standfast.edge.hub import EventHub


class QuietPages:
    """Pages that nobody wishes for."""

    def on_wish(self, call: Any) -> None:
        """Nobody will."""


def test_news_in_the_moment_of_the_end_do_not_keep_it_alive() -> None:
    async def story() -> None:
        board = Board(
            base="http://testserver", secret="quiet", admit=lambda *_: None, refuse=refusal
        )
        feeder: Any = Feeder(EventHub(), board, QuietPages())  # type: ignore[arg-type]  # a stand-in
        feeder._tasks = [asyncio.create_task(feeder._again_and_again(feeder._make_pages))]
        await asyncio.sleep(0)  # it waits for a wish now
        feeder._make_anew()
        async with asyncio.timeout(10):
            await feeder.stop()

    asyncio.run(story())
