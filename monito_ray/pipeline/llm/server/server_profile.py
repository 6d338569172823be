"""What a server takes for one model: found once, by what it refuses and by what its answers are worth, and kept for later requests. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from monito_ray.pipeline.llm.questions import AnswerForm

RESPONSE_FORMAT = "response_format"
#: The limit on an answer's length has two names; servers that do not know the first know the second.
ANSWER_LIMITS = ("max_completion_tokens", "max_tokens")
#: Not a parameter, but refused like one: templates of some open models have no place for it, so the instructions stand before the question.
SYSTEM_ROLE = "system role"
#: What is left out, in this order, where a server refuses a plain request and does not say why.
_OPTIONS = ("reasoning_effort", "service_tier", ANSWER_LIMITS[0], SYSTEM_ROLE)

#: A form is given up when more than this part of the answers, over at least so many requests, does not keep to it. A model of 1.5 billion parameters
#: broke the text of seven parts in 67 % of its answers and objects in none; a form that the server does not hold is no better further down.
_FAULT_SHARES = {AnswerForm.PATTERN: (0.2, 2)}
_ELSE = (0.9, 3)
#: After so many answers in a row a longer request is tried again: what made a server slow passes.
_GROWS_AFTER = 25
#: The first step of room for thinking, which doubles up to the last.
_FIRST_ROOM, _MOST_ROOM = 2_000, 32_000

_LADDER = tuple(AnswerForm)


@dataclass(frozen=True, slots=True)
class ServerProfile:
    """By this a request is made; it changes when an answer shows that the server takes it otherwise."""

    form: AnswerForm = AnswerForm.PATTERN
    #: Names of parameters that the server does not take.
    refused: frozenset[str] = frozenset()
    #: Tokens that an answer may have besides its rows, for a model that thinks first and cannot be kept from it.
    thinking_tokens: int = 0
    #: Rows of a request that was answered after longer ones were not; 0: none failed for its length.
    rows: int = 0
    #: Answers in a row to requests of so many rows.
    streak: int = 0
    #: Rows of the longest request that was answered.
    longest: int = 0
    #: Whether an answer came to a request that was made so.
    is_proved: bool = False
    #: Requests that were answered in this form, and their rows, and those that broke it.
    answered: int = 0
    answered_rows: int = 0
    form_faults: int = 0

    @property
    def answer_limit(self) -> str:
        """The name under which the length of an answer is limited; "" where the server takes neither."""
        return next((name for name in ANSWER_LIMITS if name not in self.refused), "")

    @property
    def essence(self) -> tuple[object, ...]:
        """What is worth keeping for later runs."""
        return self.form, self.refused, self.thinking_tokens, self.rows, self.longest, self.is_proved

    def without(self, parameter: str) -> "ServerProfile | None":
        """Return the profile after a refusal of `parameter`: the next form of the ladder, or requests without it; None where that changes nothing."""
        if parameter == RESPONSE_FORMAT:
            return self._on_next_form()
        return None if parameter in self.refused else replace(self, refused=self.refused | {parameter}, is_proved=False)

    def after_refusal(self, sent: Collection[str]) -> "ServerProfile | None":
        """Return the profile after a refusal that names no parameter; None when nothing is left to try, or when such requests were answered before.

        `sent` are the names of the parameters that the request had.
        """
        if self.is_proved:
            return None
        if RESPONSE_FORMAT in sent and (lower := self._on_next_form()):
            return lower
        option = next((name for name in _OPTIONS if name in sent and name not in self.refused), "")
        return self.without(option) if option else None

    def after_answer(self, rows: int, form_faults: int) -> "ServerProfile":
        """Return the profile after an answer about `rows` rows, of which `form_faults` broke the form: the next form where too many did."""
        share, fewest = _FAULT_SHARES.get(self.form, _ELSE)
        requests, all_rows, faults = self.answered + 1, self.answered_rows + rows, self.form_faults + form_faults
        if requests >= fewest and faults > share * all_rows and (lower := self._on_next_form()):
            return replace(lower, is_proved=True)
        return replace(self, is_proved=True, answered=requests, answered_rows=all_rows, form_faults=faults)

    def with_rows(self, rows: int) -> "ServerProfile":
        """Return the profile after a request of `rows` rows was answered, and a longer one was not."""
        return replace(self, rows=rows, streak=0)

    def after_streak(self, batch_rows: int) -> "ServerProfile":
        """Return the profile after another answer to a request as long as it may be; sometimes twice the rows are tried, up to `batch_rows`."""
        if not self.rows:
            return self
        if self.streak + 1 < _GROWS_AFTER:
            return replace(self, streak=self.streak + 1)
        return replace(self, rows=2 * self.rows if 2 * self.rows < batch_rows else 0, streak=0)

    def with_room(self) -> "ServerProfile | None":
        """Return the profile with more room for thinking; None when there is enough for any."""
        room = max(_FIRST_ROOM, 2 * self.thinking_tokens)
        return replace(self, thinking_tokens=room, is_proved=True) if room <= _MOST_ROOM else None

    def _on_next_form(self) -> "ServerProfile | None":
        lower = _LADDER[_LADDER.index(self.form) + 1 :]
        return replace(self, form=lower[0], is_proved=False, answered=0, answered_rows=0, form_faults=0) if lower else None


def profile_as_json(profile: ServerProfile) -> dict[str, Any]:
    """Return what is worth keeping for later runs."""
    return {
        "form": profile.form.value,
        "refused": sorted(profile.refused),
        "thinking_tokens": profile.thinking_tokens,
        "rows": profile.rows,
        "longest": profile.longest,
    }


def profile_from_json(values: Mapping[str, Any]) -> ServerProfile:
    """Return a stored profile, which is proved.

    Raises:
        ValueError, KeyError, TypeError: these are no values of a profile.
    """
    refused = frozenset(str(name) for name in values["refused"])
    numbers = {name: int(values[name]) for name in ("thinking_tokens", "rows", "longest")}
    return ServerProfile(AnswerForm(values["form"]), refused, **numbers, is_proved=True)
