"""How many tokens texts of price lists and answers about them take, counted without a tokenizer. Pure.

The weights were fitted on 255 requests about rows of 156 lists, mostly Indonesian, English, Russian and Spanish, as OpenAI's tokenizer (o200k_base)
counts them: nine requests in ten come out within 7 %. Providers with other tokenizers differ by more than that.
"""

from collections.abc import Sequence

from monito_ray.pipeline.llm import prompts
from monito_ray.pipeline.llm.row_items import RowItem

#: Tokens a character: small and capital Latin letters, digits, other letters, marks; spaces belong to the words behind them.
_LOWER, _UPPER, _DIGIT, _OTHER_LETTER, _MARK = 0.222, 0.361, 0.959, 0.385, 0.379
#: English prose has long words that are whole tokens.
_CHARACTERS_A_TOKEN_OF_PROSE = 3.6
#: Tokens of an answer: id, bars and quotes; by the estimate of its check and of the row's name, which comes back in English; and of each other part.
_FRAME, _OF_CHECK, _OF_NAME = 5.5, 1.3, 0.8
_OF_PARTS = {"brand": 1.5, "size": 2.5, "category": 1.5}

#: Tokens of answers as objects by those of answers as texts of seven parts (38.9 and 23.0 a row).
OBJECTS_BY_TEXTS = 1.69


def expected_tokens(text: str) -> float:
    """Return about how many tokens a text of names, numbers and JSON takes."""
    return sum(map(_of_character, text))


def expected_prose_tokens(text: str) -> float:
    """Return about how many tokens a text in plain English takes."""
    return len(text) / _CHARACTERS_A_TOKEN_OF_PROSE


def expected_answer_tokens(items: Sequence[RowItem]) -> float:
    """Return about how many tokens the answers about these rows take, of which the parts that are given stay empty."""
    checks = prompts.check_tokens([item.row for item in items])
    return sum(map(_of_answer, items, checks))


def _of_answer(item: RowItem, check: str) -> float:
    name = 0.0 if "name" in item.settled else _OF_NAME * expected_tokens(item.row.original_name)
    return (
        _FRAME + _OF_CHECK * expected_tokens(check) + name + sum(tokens for part, tokens in _OF_PARTS.items() if part not in item.settled)
    )


def _of_character(character: str) -> float:
    if character == " ":
        return 0.0
    if character.isalpha():
        return _OTHER_LETTER if not character.isascii() else _UPPER if character.isupper() else _LOWER
    return _DIGIT if character.isdigit() else _MARK
