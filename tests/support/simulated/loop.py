"""An event loop of asyncio in a strand: its time is the world's, and it waits as strands do."""

import asyncio
import inspect
from collections.abc import Callable, Coroutine
from typing import Any

from simulated.threads import Event, here
from simulated.world import Crashed


class SimulatedLoop(asyncio.BaseEventLoop):
    """A loop without files and sockets; functions for its executor run in strands of their own."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = self
        self._wakeup = Event()

    def time(self) -> float:
        """Return the simulated time."""
        return here().now

    def select(self, timeout: float | None) -> list[Any]:
        """Wait for the next timer, or for another strand."""
        if here().is_over:
            raise Crashed
        if timeout is None or timeout > 0:
            self._wakeup.wait(timeout)
        self._wakeup.clear()
        return []

    def run_in_executor(self, _executor: Any, function: Callable[..., Any], *args: Any) -> "asyncio.Future[Any]":  # type: ignore[override]
        """Call a function in a strand."""
        future = self.create_future()

        def settle(set_it: Callable[[Any], None], value: Any) -> None:
            if not future.done():
                set_it(value)

        def work() -> None:
            try:
                result = function(*args)
            except Crashed:
                raise
            except BaseException as error:  # noqa: BLE001  as a real executor
                self.call_soon_threadsafe(settle, future.set_exception, error)
            else:
                self.call_soon_threadsafe(settle, future.set_result, result)

        here().spawn(here().process, "call", work)
        return future

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Say nothing of what unwinding leaves behind."""

    def __del__(self) -> None:
        """Say nothing of a loop whose process was killed."""

    def close(self) -> None:
        """Close it; strands that were unwound leave it as it is."""
        if not self.is_running():
            super().close()

    def _process_events(self, _events: Any) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        self._wakeup.set()


class SimulatedAsyncio:
    """Stands for the module `asyncio` where loops are made, and called from other threads."""

    new_event_loop = SimulatedLoop

    def __init__(self) -> None:
        self._calls: list[Coroutine[Any, Any, Any]] = []

    def run_coroutine_threadsafe(self, call: Coroutine[Any, Any, Any], loop: SimulatedLoop) -> Any:
        """Do as asyncio's own."""
        self._calls.append(call)
        return asyncio.run_coroutine_threadsafe(call, loop)

    def close(self) -> None:
        """Close calls that never began, for their loop's process was killed: Python would complain of each."""
        for call in self._calls:
            if inspect.getcoroutinestate(call) == inspect.CORO_CREATED:
                call.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)
