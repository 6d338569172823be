"""A trial of an LLM with two example rows: the true question, by the way that every list takes, with the server looked at as if it were new."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

from monito_ray.cluster.llm.in_process import InProcessLlm
from monito_ray.cluster.llm.request import Request
from monito_ray.cluster.llm.worker import WorkerReply
from monito_ray.errors import LlmRateLimited, LlmTimedOut, LlmUnavailable, MonitoError
from monito_ray.pipeline.llm.server.example_rows import EXAMPLE_ROWS, mistakes_of
from monito_ray.pipeline.llm.server.server_profile import ServerProfile
from monito_ray.records import LlmUse, Standard
from monito_ray.spending import ModelAddress, RateLimits


@dataclass(slots=True)
class Trial:
    """What came of it."""

    #: What the server takes, as far as it was found.
    profile: ServerProfile = field(default_factory=ServerProfile)
    #: What is wrong with the answers; [] where the model is of help.
    mistakes: list[str] = field(default_factory=list)
    #: Tokens of the request with the longest answer, and its time.
    use: LlmUse = field(default_factory=LlmUse)
    duration_ms: int = 0
    limits: RateLimits | None = None
    #: Why there is no answer.
    error: MonitoError | None = None

    @property
    def tokens_per_s(self) -> float:
        """Tokens of the answer by the time that the request took; 0 where the server does not count them."""
        return 1000 * self.use.completion_tokens / self.duration_ms if self.duration_ms else 0.0


def try_llm(address: ModelAddress, batch_rows: int, timeout_s: float, on_profile: Callable[[ServerProfile], None] | None = None) -> Trial:
    """Ask about `EXAMPLE_ROWS` and return what came of it. A server that is away is tried once, one that is slow with one row, too."""
    trial, answers = Trial(), dict[int, Standard]()
    with _WatchedLlm(address, 1, batch_rows, timeout_s, on_profile=on_profile) as llm:
        for outcome in llm.ask_rows("Contoh", [example.item for example in EXAMPLE_ROWS]):
            answers |= outcome.standards
            trial.error = outcome.error
            if isinstance(outcome.error, LlmUnavailable) and not isinstance(outcome.error, LlmRateLimited | LlmTimedOut):
                break
        trial.profile = llm.profile
        if llm.answered is not None:
            trial.use, trial.duration_ms, trial.limits = llm.answered.use, llm.answered.duration_ms, llm.answered.limits
            trial.mistakes = mistakes_of(answers)
    return trial


class _WatchedLlm(InProcessLlm):
    """Remembers the longest answer, which says most about the speed."""

    answered: WorkerReply | None = None

    def _on_done(self, request: Request, future: "Future[WorkerReply]") -> None:
        if not future.cancelled() and future.exception() is None and future.result().error is None:
            reply = future.result()
            if self.answered is None or reply.use.completion_tokens > self.answered.use.completion_tokens:
                self.answered = reply
        super()._on_done(request, future)
