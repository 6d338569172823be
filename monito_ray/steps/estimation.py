"""Estimate what the LLM would cost for a list. Nothing is asked and nothing is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from monito_ray import frames
from monito_ray.catalog import confirmed_brands, corrections
from monito_ray.cluster.llm.request_batch import FEWEST_HALVED, divide_evenly
from monito_ray.isolation.file_reading import read_isolated
from monito_ray.jobs.llm import answers, ledger
from monito_ray.pipeline import short_list
from monito_ray.pipeline.llm import gate, number_templates
from monito_ray.pipeline.llm.answer_checks import answer_key
from monito_ray.pipeline.llm.questions import AnswerForm
from monito_ray.pipeline.llm.row_items import RowItem, row_item
from monito_ray.pipeline.llm.row_question import RowQuestion
from monito_ray.pipeline.llm.server.server_profile import ServerProfile
from monito_ray.pipeline.llm.server.token_count import OBJECTS_BY_TEXTS, expected_answer_tokens, expected_prose_tokens, expected_tokens
from monito_ray.pipeline.rows import price_list
from monito_ray.records import LlmUse, RawRow, Standard
from monito_ray.settings import Settings
from monito_ray.spending import NOTHING, price_of
from monito_ray.store.database import Store

#: The shortest prefix that providers cache (https://platform.openai.com/docs/guides/prompt-caching).
CACHED_FROM_TOKENS = 1024


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many rows of a list the LLM would be asked about, and what that would cost.

    Tokens are estimated, from the use of earlier answers if there are any.
    """

    file_name: str
    #: All rows of the list that passed validation.
    rows: int
    #: Rows that the rules settle.
    by_rules: int
    #: Rows with a stored answer or a correction.
    stored: int
    #: Questions about the other rows: equal rows are asked about once.
    questions: int
    requests: int
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    cost_usd: Decimal
    model: str
    #: Whether the price of the model is known.
    is_priced: bool


def estimate(
    store: Store, settings: Settings, data: bytes, file_name: str, hints: price_list.Hints, profile: ServerProfile | None = None
) -> Estimate:
    """Return what asking about the list would cost; `profile` is what is known of the server.

    Raises:
        FileUnusable: the file cannot be read.
        StoreUnavailable: stored answers and corrections cannot be read.
    """
    read = read_isolated(short_list.read_and_standardize_all, data, file_name, hints, confirmed_brands.find_brands(store)).standardized
    everything, standards = frames.from_table(read.good, RawRow), frames.from_table(read.by_rules, Standard)
    corrected = corrections.find_corrections(store, everything, [standard.price_unit for standard in standards])
    rows = [row for index, row in enumerate(everything) if index not in corrected]
    by_rules = [standard for index, standard in enumerate(standards) if index not in corrected]
    items = list(map(row_item, rows, by_rules))
    keys = [answer_key(item, settings.llm_model) for item in items]
    stored = answers.find_answers(store, keys)
    open_rows = gate.rows_to_ask(keys, items, by_rules, stored)
    questions = _rows_to_ask(open_rows, dict(zip(keys, items, strict=True)), stored, dict(zip(keys, by_rules, strict=True)))
    use = _expected_use(questions, settings, profile or ServerProfile(), ledger.use_of_model(store, settings.llm_model))
    return Estimate(
        file_name=file_name,
        rows=len(everything),
        by_rules=sum(key not in stored and key not in open_rows for key in keys),
        stored=len(corrected) + sum(key in stored for key in keys),
        questions=len(questions),
        requests=use.requests,
        prompt_tokens=use.prompt_tokens,
        cached_tokens=use.cached_tokens,
        completion_tokens=use.completion_tokens,
        cost_usd=use.cost_usd,
        model=settings.llm_model,
        is_priced=price_of(settings.llm_model, settings.llm_price) is not None,
    )


def _rows_to_ask(
    open_rows: Mapping[str, RowItem], rows: Mapping[str, RowItem], stored: Mapping[str, Standard], by_rules: Mapping[str, Standard]
) -> dict[str, RowItem]:
    """Return the rows that no stored answer can be transferred to; of rows that differ only in numbers, those that have to be asked about."""
    transferred = number_templates.transfer(open_rows, rows, stored)
    return number_templates.predict_questions({key: row for key, row in open_rows.items() if key not in transferred}, by_rules)


def _expected_use(questions: Mapping[str, RowItem], settings: Settings, profile: ServerProfile, before: LlmUse) -> LlmUse:
    """Return the use if no row is asked about twice, and the instructions are cached from the second request on."""
    items = list(questions.values())
    question = RowQuestion(items[0].row.supplier if items else "")
    first = number_templates.representatives(questions)
    others = [item for key, item in questions.items() if key not in first]
    batches = [batch for part in (list(first.values()), others) for batch in _batches(part, settings, profile.rows)]
    system = round(expected_prose_tokens(question.system_message))
    prompt = len(batches) * system + round(sum(expected_tokens(question.user_message(batch, {})) for batch in batches))
    cached = max(len(batches) - 1, 0) * system if system >= CACHED_FROM_TOKENS else 0
    if before.rows:
        completion = round(len(items) * before.completion_tokens / before.rows)
    else:
        tokens = sum(map(expected_answer_tokens, batches))
        completion = round(tokens * (OBJECTS_BY_TEXTS if profile.form is AnswerForm.OBJECTS else 1))
    price = price_of(settings.llm_model, settings.llm_price)
    cost = price.cost_usd(prompt, cached, completion, settings.llm_service_tier) if price else NOTHING
    return LlmUse(len(batches), len(items), prompt, cached, completion, cost)


def _batches(items: Sequence[RowItem], settings: Settings, most_rows: int) -> list[list[RowItem]]:
    """Return the items of each request: as few requests as can be, but at the end of a list halves, which come back sooner.

    `most_rows` is what the server can take; 0: any number.
    """
    whole = divide_evenly(len(items), min(settings.llm_batch_rows, most_rows or settings.llm_batch_rows))
    halved = settings.llm_concurrency // 2
    parts = [*whole[:-halved], *(part for places in whole[-halved:] for part in _halves(places))] if halved else whole
    return [[items[place] for place in places] for places in parts]


def _halves(places: tuple[int, ...]) -> list[tuple[int, ...]]:
    middle = len(places) // 2
    return [places[:middle], places[middle:]] if middle >= FEWEST_HALVED else [places]
