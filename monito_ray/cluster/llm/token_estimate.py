"""How many tokens a request will take, estimated without a tokenizer and corrected by what requests took. Pure."""

from monito_ray.pipeline.llm.questions import AnswerForm, Question
from monito_ray.records import LlmUse

#: First estimates. OpenAI's tokenizer makes a token of 2.75 characters of rows, and an answered row is 23 tokens.
_TOKENS_A_CHARACTER = 0.35
_TOKENS_AN_ITEM = 30.0
#: Weight of the latest request in the moving averages.
_WEIGHT = 0.2
#: Too high an estimate is given back when the request ends; too low a one is refused.
_MARGIN = 1.03
#: What a server adds around prompt, schema and answer.
_PROMPT_OVERHEAD, _ANSWER_OVERHEAD = 200, 400


class TokenEstimator:
    """Two moving averages: tokens a character of what is sent, and tokens of the answer an item."""

    def __init__(self) -> None:
        self._a_character = _TOKENS_A_CHARACTER
        self._an_item = _TOKENS_AN_ITEM

    def estimate(self, characters: int, items: int) -> int:
        """Return the tokens of a request about `items` items whose prompt has `characters`, instructions included."""
        return round((self._a_character * characters + self._an_item * items) * _MARGIN) + 1

    def learn(self, characters: int, items: int, use: LlmUse) -> None:
        """Correct the averages by what a request took."""
        if use.prompt_tokens and characters:
            self._a_character += _WEIGHT * (use.prompt_tokens / characters - self._a_character)
        if use.completion_tokens and items:
            self._an_item += _WEIGHT * (use.completion_tokens / items - self._an_item)


def prompt_bound(question: Question, user: str, items: int) -> int:
    """Return an upper bound of the tokens of a prompt: the usual tokenizers never make more tokens than there are bytes."""
    sent = len(question.system_message.encode("utf-8", "surrogatepass")) + len(user.encode("utf-8", "surrogatepass"))
    longest_form = max(len(str(question.response_format(form, items))) for form in AnswerForm)
    return sent + longest_form + _PROMPT_OVERHEAD


def answer_bound(question: Question, items: int) -> int:
    """Return an upper bound of the tokens of an answer about `items` items."""
    return _ANSWER_OVERHEAD + question.answer_tokens * items
