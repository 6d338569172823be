"""How many tokens a request will take, guessed without a tokenizer and corrected by what requests took. Pure."""

from monito_ray.pipeline.llm.questions import Question
from monito_ray.records import LlmUse

_TOKENS_A_CHARACTER = 0.35
_TOKENS_AN_ITEM = 30.0
_WEIGHT = 0.2
_MARGIN = 1.03


class TokenGuess:
    """Two figures, learned as moving averages: tokens a character of what is sent, and tokens of answer an item."""

    def __init__(self) -> None:
        self._a_character = _TOKENS_A_CHARACTER
        self._an_item = _TOKENS_AN_ITEM

    def tokens(self, characters: int, items: int) -> int:
        """Of a request with so many characters, instructions included, about so many items."""
        return round((self._a_character * characters + self._an_item * items) * _MARGIN) + 1

    def learn(self, characters: int, items: int, use: LlmUse) -> None:
        """A request of that kind took this."""
        if use.prompt_tokens and characters:
            self._a_character += _WEIGHT * (use.prompt_tokens / characters - self._a_character)
        if use.completion_tokens and items:
            self._an_item += _WEIGHT * (use.completion_tokens / items - self._an_item)


def most_tokens(question: Question, user: str, items: int) -> tuple[int, int]:
    """Upper bounds of prompt and answer: no tokenizer of the kind that is used makes more tokens than there are bytes."""
    sent = len(question.system.encode("utf-8", "surrogatepass")) + len(user.encode("utf-8", "surrogatepass"))
    return sent + len(str(question.schema)) + 200, 400 + question.answer_tokens * items
