"""What a server takes, found by the requests themselves: what it refuses is not sent again, and a form that it does not keep is given up."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from monito_ray.cluster.llm.request import Request
from monito_ray.cluster.llm.request_batch import BatchSize
from monito_ray.cluster.llm.worker import Shortfall, WorkerReply
from monito_ray.errors import LlmParameterRefused, LlmRefused, LlmTooLong, LlmWithheld
from monito_ray.pipeline.llm.questions import AnswerForm
from monito_ray.pipeline.llm.server.server_profile import ServerProfile

#: Requests in flight until a server has answered one: what all of them have wrong is found by a few.
_FIRST_REQUESTS = 4


class Lesson(NamedTuple):
    """What a reply taught."""

    #: Whether the same items, asked again, make another request.
    is_changed: bool = False
    #: What is done otherwise from now on, for people; "" where nothing is.
    notice: str = ""


_NOTHING_NEW = Lesson()


class ProfileFinder:
    """The profile of one server, as replies change it. There is no lock: the scheduler's thread alone calls its methods.

    Args:
        profile: as far as the server is known.
        on_change: keeps a changed profile; called from the scheduler's thread.
        batch_rows: the most items in one request.
    """

    def __init__(
        self, profile: ServerProfile | None = None, on_change: Callable[[ServerProfile], None] | None = None, batch_rows: int = 1
    ) -> None:
        self.profile = profile or ServerProfile()
        self._batch_rows = batch_rows
        self._on_change = on_change

    def slots(self, most: int) -> int:
        """Return how many of `most` requests may be in flight: few until the server has answered, one after a refusal."""
        if self.profile.is_proved:
            return most
        is_untried = self.profile.form is AnswerForm.PATTERN and not self.profile.refused
        return min(most, _FIRST_REQUESTS if is_untried else 1)

    def learn(self, request: Request, reply: WorkerReply) -> Lesson:
        """Learn from a reply what the server takes."""
        if isinstance(reply.error, LlmRefused) and not isinstance(reply.error, LlmTooLong | LlmWithheld):
            return self._after_refusal(request.profile, reply.error)
        if reply.shortfall is Shortfall.THINKING:
            return self._after_thinking(request.profile)
        if reply.error is None and request.profile.form is self.profile.form:
            return self._after_answer(len(request.batch.positions), reply)
        return _NOTHING_NEW

    def learn_size(self, size: BatchSize, count: int, rows_an_item: int = 1) -> None:
        """Learn from an answer about `count` items, each as long as `rows_an_item` rows, how long the requests of later lists may be."""
        rows, limit = count * rows_an_item, size.limit * rows_an_item
        if rows > self.profile.longest:
            self._set(replace(self.profile, longest=rows))
        if size.has_shrunk and size.is_proved and limit != self.profile.rows:
            self._set(self.profile.with_rows(limit if limit < self._batch_rows else 0))
        elif rows >= self.profile.rows:
            self._set(self.profile.after_streak(self._batch_rows))

    def _after_refusal(self, sent: ServerProfile, error: LlmRefused) -> Lesson:
        if (sent.form, sent.refused) != (self.profile.form, self.profile.refused):
            return Lesson(is_changed=True)  # another reply has taught it
        parameter = error.parameter if isinstance(error, LlmParameterRefused) else ""
        changed = self.profile.without(parameter) if parameter else self.profile.after_refusal(error.sent)
        if changed is None:
            return _NOTHING_NEW
        left_out = ", ".join(sorted(changed.refused - self.profile.refused))
        notice = f"{left_out} is left out" if left_out else f"the form {self.profile.form} is given up for {changed.form}"
        self._set(changed)
        return Lesson(is_changed=True, notice=f"{error}; {notice}")

    def _after_answer(self, count: int, reply: WorkerReply) -> Lesson:
        before = self.profile
        self._set(replace(before, is_proved=True) if reply.shortfall else before.after_answer(count, reply.form_faults))
        if self.profile.form is before.form:
            return _NOTHING_NEW
        return Lesson(notice=f"the model does not keep to the form {before.form}: {self.profile.form} is used")

    def _after_thinking(self, sent: ServerProfile) -> Lesson:
        if sent.thinking_tokens < self.profile.thinking_tokens:
            return Lesson(is_changed=True)
        changed = self.profile.with_room()
        if changed is None:
            return _NOTHING_NEW
        self._set(changed)
        return Lesson(
            is_changed=True, notice=f"the model thinks before it answers: {changed.thinking_tokens:,} tokens more are allowed for that"
        )

    def _set(self, profile: ServerProfile) -> None:
        is_worth_keeping = profile.is_proved and profile.essence != self.profile.essence
        self.profile = profile
        if is_worth_keeping and self._on_change is not None:
            self._on_change(profile)
