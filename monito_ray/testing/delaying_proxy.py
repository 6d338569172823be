"""A relay on loopback that holds back what it passes on, as a long way to a database does. It carries any protocol over TCP."""

import asyncio
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

_CHUNK = 2**16


class DelayingProxy:
    """Listens at `port` while its `with` block lasts, and passes on to the socket at the path `target`.

    Args:
        target: path of the Unix socket that the real server listens at.
        delay_s: how long each piece is held back, in each direction: half of the time of a round trip.
    """

    def __init__(self, target: str, delay_s: float) -> None:
        self._target = target
        self._delay_s = delay_s
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="delaying-proxy", daemon=True)
        self._done = asyncio.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join()

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._connect, sock=self._socket)
        await self._done.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_unix_connection(self._target)
        await asyncio.gather(self._pass_on(reader, server_writer), self._pass_on(server_reader, writer))

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on each piece after the delay, those behind it meanwhile on their way, too."""
        pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        sender = asyncio.ensure_future(self._send(pieces, writer))
        try:
            piece = b" "
            while piece:
                with suppress(ConnectionError):
                    piece = await reader.read(_CHUNK)
                pieces.put_nowait((self._loop.time() + self._delay_s, piece))
            await sender
        finally:
            sender.cancel()
            writer.close()

    async def _send(self, pieces: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        while True:
            due_at, piece = await pieces.get()
            await asyncio.sleep(max(due_at - self._loop.time(), 0.0))
            if not piece:
                return
            with suppress(ConnectionError):
                writer.write(piece)
                await writer.drain()
