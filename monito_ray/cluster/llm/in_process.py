"""An LLM that this process asks itself, without Ray: the same scheduler, queues and checks, and a worker in a thread."""

import asyncio
import threading
from concurrent.futures import Future
from functools import partial
from types import TracebackType
from typing import Any, Self

from monito_ray.cluster.llm.asker import LlmAsker
from monito_ray.cluster.llm.request import Request
from monito_ray.cluster.llm.worker import LlmWorker, WorkerReply
from monito_ray.spending import ModelAddress


class InProcessLlm(LlmAsker):
    """Asks one LLM for the block of a `with`; its arguments are those of `LlmAsker`."""

    def __init__(self, address: ModelAddress, concurrency: int, batch_rows: int, timeout_s: float = 120.0, **others: Any) -> None:
        super().__init__(address, concurrency, batch_rows, timeout_s, **others)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="llm-worker", daemon=True)
        self._worker = LlmWorker(address)

    def __enter__(self) -> Self:
        self._thread.start()
        self._scheduler.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._scheduler.close()
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _start(self) -> None:
        """Do nothing: the worker lives as long as the block."""

    def _send(self, request: Request) -> None:
        asking = self._worker.ask(request.queue.question, request.items, request.faults, request.options(self._timeout_s))
        asyncio.run_coroutine_threadsafe(asking, self._loop).add_done_callback(partial(self._on_done, request))

    async def _end(self) -> None:
        requests = asyncio.all_tasks() - {asyncio.current_task()}
        for request in requests:
            request.cancel()
        await asyncio.gather(*requests, return_exceptions=True)
        await self._worker.close()

    def _on_done(self, request: Request, future: "Future[WorkerReply]") -> None:
        if future.cancelled():
            return
        error = future.exception()
        self._scheduler.on_reply(request, future.result() if error is None else RuntimeError(f"the request failed: {error}"))
