"""What the testing servers share: each runs in a thread of its own, on a port of this machine alone."""

import asyncio
import socket
import threading
from types import TracebackType
from typing import Self

from aiohttp import web


class LoopbackServer:
    """An aiohttp server on 127.0.0.1 for the block of a `with`; a subclass adds the routes.

    Args:
        port: 0 takes a free one.
        body_limit: bytes of the largest request that is accepted.
    """

    def __init__(self, port: int, body_limit: int) -> None:
        self._body_limit = body_limit
        # Bound here, so that a port that is taken is the caller's error, and connections wait until the thread is up.
        self._socket = socket.create_server(("127.0.0.1", port))
        self._port: int = self._socket.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name=type(self).__name__, daemon=True)
        self._done = asyncio.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join()

    def wait(self) -> None:
        """Serve until the process is interrupted."""
        self._thread.join()

    def _route(self, router: web.UrlDispatcher) -> None:
        """Add the routes of this server."""
        raise NotImplementedError

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        app = web.Application(client_max_size=self._body_limit)
        self._route(app.router)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.0, handler_cancellation=True)
        await runner.setup()
        await web.SockSite(runner, self._socket).start()
        try:
            await self._done.wait()
        finally:
            await runner.cleanup()
