"""One request to the LLM on its way: a batch of a list's items, and what the ledger records of it."""

from dataclasses import dataclass
from typing import Any

from monito_ray.cluster.llm.limiter import Permit
from monito_ray.cluster.llm.question_queue import Batch, QuestionQueue
from monito_ray.cluster.llm.token_estimate import token_upper_bounds
from monito_ray.cluster.llm.worker import WorkerReply
from monito_ray.pipeline.llm.questions import Fault
from monito_ray.records import Standard
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
    #: Limit on the length of the answer; 0 = none.
    most_tokens: int = 0

    @property
    def items(self) -> list[Any]:
        """The items that it is about."""
        return [self.queue.items[position] for position in self.batch.positions]

    @property
    def faults(self) -> dict[int, Fault]:
        """What was wrong with earlier answers, by the item's index in the request."""
        faults = self.batch.faults
        return {index: faults[position] for index, position in enumerate(self.batch.positions) if position in faults}

    def limit_answer(self) -> int:
        """Limit the length of the answer to the maximum that it needs; return an upper bound of the tokens of the prompt."""
        question, items = self.queue.question, self.items
        prompt, self.most_tokens = token_upper_bounds(question, question.user_message(items, self.faults), len(items))
        return prompt

    def reservation(self, price: Price | None, *, is_capped: bool) -> LlmReservation:
        """Return its reservation: an upper bound of the cost where there is a budget to keep, else the estimate."""
        prompt = self.limit_answer() if is_capped else round(self.permit.tokens)
        cost = price.cost_usd(prompt, 0, self.most_tokens) if price else NOTHING
        return LlmReservation(self.id, self.queue.task_id, self.queue.user_id, prompt + self.most_tokens, cost)

    def settlement(self, reply: WorkerReply) -> LlmSettlement:
        """Return its settlement, with the answers to store."""
        code = reply.error.code if reply.error else ""
        return LlmSettlement(self.id, reply.use, reply.is_certain, code, self._answers_by_key(reply))

    def _answers_by_key(self, reply: WorkerReply) -> dict[str, Standard]:
        keys, positions = self.queue.keys, self.batch.positions
        return {keys[positions[index]]: standard for index, standard in reply.standards.items()} if keys else {}
