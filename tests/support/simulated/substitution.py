"""What the product's modules see while they are simulated: one table of names in modules, put back at the end.

Nothing of the product is changed for it. It is what gevent does to programs, for these modules alone.
"""

import concurrent.futures._base as futures
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from monito_ray import log, wiring
from monito_ray.bot import acknowledging, polling
from monito_ray.catalog.lists import writing
from monito_ray.clients.telegram import bot_api, chat_throttle, loop_thread
from monito_ray.cluster.llm import asker, question_queue, scheduler, worker
from monito_ray.driver import attempts, driver
from monito_ray.jobs import file_root, heartbeat, queue
from monito_ray.steps import llm_calls
from monito_ray.steps.background import chat_progress, coalescing, workbook_refresh
from monito_ray.store import database
from simulated import threads
from simulated.chats import SimulatedBot
from simulated.database import file_lock_of
from simulated.disk import SimulatedOs, opener, path_class
from simulated.loop import SimulatedAsyncio
from simulated.threads import Executor, FuturesThreading, FuturesTime, SimulatedThreading, SimulatedTime, here

if TYPE_CHECKING:
    from simulated.run import Run

#: Threads that wait look about so often, and a driver at the store: seldom, so that runs are short. What they do then is the product's.
_TICK_S = 2.0


class _Secrets:
    """Stands for the module `secrets`."""

    @staticmethod
    def randbits(count: int) -> int:
        return here().random.getrandbits(count)

    @staticmethod
    def token_hex(count: int) -> str:
        return f"{here().random.getrandbits(8 * count):0{2 * count}x}"


class _Random:
    """Stands for the module `random`."""

    @staticmethod
    def random() -> float:
        return here().random.random()


class _ProcessOs:
    """Stands for the module `os` where a driver tells who it is."""

    @staticmethod
    def getpid() -> int:
        return here().process.pid

    @staticmethod
    def getppid() -> int:
        return 1


class _Socket:
    """Stands for the module `socket`."""

    @staticmethod
    def gethostname() -> str:
        return here().process.host


class _Exports:
    """Stands for the drawing of a cleaned list."""

    @staticmethod
    def write_list(products: Any, rejects: Any, path: Path, _form: Any) -> None:
        path.write_text(f"{products.num_rows} {rejects.num_rows}")


class _Wiring:
    """Stands for the module `wiring` where the bot opens its store and asks for the time."""

    admission_policy = staticmethod(wiring.admission_policy)

    def __init__(self, run: "Run") -> None:
        self._run = run

    def open_store(self, _settings: Any) -> Any:
        return self._run.machine.open(here().process)

    def utc_now(self) -> Any:
        return here().wall_time()


class _Log:
    """Stands for the functions of the module `log`."""

    def __init__(self, run: "Run") -> None:
        self._run = run

    def warning(self, name: str, **values: Any) -> None:
        if not here().is_over:
            here().note(f"warning {name} {values.get('code', '')}")

    def fault(self, name: str, error: BaseException, **_values: Any) -> None:
        if not here().is_over:
            here().note(f"fault {name} {error!r}")
            self._run.unexpected.append(f"{name}: {error!r}")


def _after_point(kind: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function, before which a point is passed."""

    def passing(*args: Any, **options: Any) -> Any:
        here().point(kind)
        return function(*args, **options)

    return passing


class _Psutil:
    """Stands for the module `psutil`: the processes of this machine."""

    STATUS_ZOMBIE = "zombie"

    class NoSuchProcess(Exception):
        """There is none."""

    class AccessDenied(Exception):
        """Never raised."""

    class Process:
        """One of them."""

        def __init__(self, pid: int | None = None) -> None:
            wanted = here().process.pid if pid is None else pid
            found = [one for one in here().processes if one.pid == wanted and not one.is_dead]
            if not found:
                raise _Psutil.NoSuchProcess
            self._process = found[0]

        def create_time(self) -> float:
            """When it started."""
            return self._process.started_at + 1.0

        @staticmethod
        def status() -> str:
            """Return that it runs."""
            return "running"


@contextmanager
def substituted(run: "Run") -> Iterator[None]:
    """Let the product's modules see the simulated world for the block."""
    time, threading, lock, lines = SimulatedTime, SimulatedThreading, file_lock_of(run.machine), _Log(run)
    loops = SimulatedAsyncio()

    async def open_bot(_token: str, _url: str) -> SimulatedBot:
        return SimulatedBot(run.chats)

    names: list[tuple[Any, str, Any]] = [
        (driver, "os", _ProcessOs), (driver, "socket", _Socket), (driver, "threading", threading), (driver, "time", time),
        (driver, "ThreadPoolExecutor", Executor), (driver, "_TICK_S", _TICK_S),
        (attempts, "time", time),
        (heartbeat, "os", _ProcessOs), (heartbeat, "socket", _Socket), (heartbeat, "threading", threading), (heartbeat, "time", time),
        (heartbeat, "psutil", _Psutil),
        (queue, "save", _after_point("save", queue.save)), (queue, "_release_orphan", _after_point("orphan", queue._release_orphan)),
        (scheduler, "threading", threading), (scheduler, "time", time), (scheduler, "random", _Random), (scheduler, "secrets", _Secrets),
        (scheduler, "_IDLE_S", _TICK_S), (scheduler, "_OTHER_USAGE_EVERY_S", 5 * _TICK_S), (asker, "_POLL_S", _TICK_S),
        (question_queue, "threading", threading), (worker, "time", time), (asker, "threading", threading),
        (llm_calls, "time", time), (llm_calls, "threading", threading),
        (coalescing, "threading", threading), (workbook_refresh, "threading", threading), (workbook_refresh, "time", time),
        (chat_progress, "time", time), (writing, "time", time),
        (file_root, "os", SimulatedOs(run.disk)), (file_root, "Path", path_class(run.disk)), (file_root, "secrets", _Secrets), (file_root, "open_new", opener(run.disk)),
        (database, "secrets", _Secrets), (database, "file_lock", lock), (database, "FileLock", lock),
        (polling, "wiring", _Wiring(run)), (polling, "time", time), (polling, "ThreadPoolExecutor", Executor), (polling, "_LOOK_EVERY_S", _TICK_S),
        (acknowledging, "time", time), (bot_api, "_open_bot", open_bot), (bot_api, "fetch_file", run.chats.fetch_file), (chat_throttle, "time", time),
        (chat_progress, "exports", _Exports), (chat_progress, "_TICK_S", _TICK_S),
        (loop_thread, "asyncio", loops), (loop_thread, "threading", threading),
        (log, "warning", lines.warning), (log, "fault", lines.fault),
        (futures, "threading", FuturesThreading), (futures, "time", FuturesTime),
    ]  # fmt: skip
    with ExitStack() as stack:
        stack.callback(loops.close)
        for module, name, value in names:
            stack.enter_context(mock.patch.object(module, name, value))
        for event in (driver._StopSignal, llm_calls._StopOrDeadline):
            bases = event.__bases__
            event.__bases__ = (threads.Event,)
            stack.callback(setattr, event, "__bases__", bases)
        yield
