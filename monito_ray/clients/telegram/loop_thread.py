"""A Telegram connection for threads: an event loop in a thread of its own, and calls that wait for their answer."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self, TypeVar

from monito_ray.clients.telegram.bot_api import Buttons, TelegramClient

T = TypeVar("T")


class TelegramThread:
    """A connection that any thread may use, for the block of a `with`."""

    def __init__(self, token: str, base_url: str, *, is_local: bool = False) -> None:
        self.client = TelegramClient(token, base_url, is_local=is_local)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="telegram", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def start(self, call: Coroutine[Any, Any, T]) -> "Future[T]":
        """Start a call and return the future of its outcome."""
        return asyncio.run_coroutine_threadsafe(call, self._loop)

    def download(self, file_id: str, file_name: str, max_mb: float) -> bytes:
        """Do as `TelegramClient.download`."""
        return self.start(self.client.download(file_id, file_name, max_mb)).result()

    def send(self, chat_id: int, html: str, buttons: Buttons = ()) -> int:
        """Do as `TelegramClient.send`."""
        return self.start(self.client.send(chat_id, html, buttons)).result()

    def close(self) -> None:
        """Cancel what is under way and close the connections."""
        self.start(self._end()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self.client.close()
