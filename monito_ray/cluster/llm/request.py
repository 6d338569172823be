"""One request to the LLM on its way: a batch of a list's items, how it is made, and what the ledger records of it."""

from dataclasses import dataclass, field
from typing import Any

from monito_ray.cluster.llm.limiter import Permit
from monito_ray.cluster.llm.question_queue import QuestionQueue
from monito_ray.cluster.llm.request_batch import Batch
from monito_ray.cluster.llm.token_estimate import answer_bound, prompt_bound
from monito_ray.cluster.llm.worker import RequestOptions, WorkerReply
from monito_ray.pipeline.llm.questions import Fault
from monito_ray.pipeline.llm.server.server_profile import ServerProfile
from monito_ray.spending import NOTHING, LlmReservation, LlmSettlement, Price


@dataclass(slots=True)
class Request:
    """A batch that leaves."""

    id: str
    queue: QuestionQueue
    batch: Batch
    permit: Permit
    #: Approximate length, instructions included.
    characters: int
    #: How the server is asked.
    profile: ServerProfile = field(default_factory=ServerProfile)
    #: The limit on an answer that the settings set; 0: as long as its items need.
    set_limit: int = 0

    @property
    def items(self) -> list[Any]:
        """The items that it is about."""
        return [self.queue.items[position] for position in self.batch.positions]

    @property
    def keys(self) -> tuple[str, ...]:
        """One for each item, under which the ledger stores its answer; () where answers are not stored."""
        keys = self.queue.keys
        return tuple(keys[position] for position in self.batch.positions) if keys else ()

    @property
    def faults(self) -> dict[int, Fault]:
        """What was wrong with earlier answers, by the item's index in the request."""
        faults = self.batch.faults
        return {index: faults[position] for index, position in enumerate(self.batch.positions) if position in faults}

    @property
    def most_tokens(self) -> int:
        """The limit on the length of the answer."""
        return self.set_limit or answer_bound(self.queue.question, len(self.batch.positions)) + self.profile.thinking_tokens

    def options(self, timeout_s: float) -> RequestOptions:
        """Return how it is made."""
        return RequestOptions(timeout_s, self.most_tokens, self.profile.form, self.profile.refused, self.batch.is_last)

    def reservation(self, price: Price | None, *, is_capped: bool) -> LlmReservation:
        """Return its reservation: an upper bound of the cost where there is a budget to keep, else the estimate."""
        if is_capped:
            question, items = self.queue.question, self.items
            prompt, answer = prompt_bound(question, question.user_message(items, self.faults), len(items)), self.most_tokens
        else:
            prompt, answer = round(self.permit.tokens), 0
        cost = price.cost_usd(prompt, 0, answer) if price else NOTHING
        return LlmReservation(self.id, self.queue.task_id, self.queue.user_id, prompt + answer, cost)

    def settlement(self, reply: WorkerReply) -> LlmSettlement:
        """Return its settlement, with the answers to store."""
        code = reply.error.code if reply.error else ""
        return LlmSettlement(self.id, reply.use, reply.is_certain, code, self._answers_by_key(reply))

    def _answers_by_key(self, reply: WorkerReply) -> dict[str, Any]:
        keys, positions = self.queue.keys, self.batch.positions
        return {keys[positions[index]]: standard for index, standard in reply.standards.items()} if keys else {}
