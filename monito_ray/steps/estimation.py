"""What the LLM would cost for a list, without asking it and without keeping anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from monito_ray import frames
from monito_ray.catalog import corrections
from monito_ray.jobs.llm import answers, ledger
from monito_ray.pipeline.llm import number_templates
from monito_ray.pipeline.llm.answer_checks import answer_key
from monito_ray.pipeline.llm.row_question import RowQuestion
from monito_ray.pipeline.products import rules
from monito_ray.pipeline.rows import price_list, validation
from monito_ray.records import LlmUse, RawRow, Standard
from monito_ray.settings import Settings
from monito_ray.spending import cost_usd, is_priced
from monito_ray.store.database import Store

CACHED_FROM_TOKENS = 1024
"""The shortest prefix that providers cache (https://platform.openai.com/docs/guides/prompt-caching)."""

# What to expect; `cluster.token_guess`, which reserves, rather guesses too many.
_CHARACTERS_A_TOKEN = 3.5
_TOKENS_A_ROW = 14.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """Of a list's `rows` so many are settled by rules, or known from answers and corrections; the rest is asked: equal rows once.

    Tokens are guessed, from what earlier answers took where there are any; `is_priced` says whether the model's price is known.
    """

    file_name: str
    rows: int
    by_rules: int
    known: int
    asked: int
    requests: int
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    cost_usd: Decimal
    model: str
    is_priced: bool


def estimate(store: Store, settings: Settings, data: bytes, file_name: str, hints: price_list.Hints) -> Estimate:
    """What asking about the list would cost.

    Raises:
        FileUnusable: it cannot be read.
        StoreUnavailable: what is known from before is not to be had.
    """
    good, _ = validation.partition(validation.validate(price_list.read_price_list(data, file_name, hints).rows))
    everything = frames.from_table(good, RawRow)
    corrected = corrections.find_corrections(store, everything)
    rows = [row for place, row in enumerate(everything) if place not in corrected]
    keys = [answer_key(row, settings.llm_model) for row in rows]
    known = answers.find_answers(store, keys)
    by_rules = rules.standardize(rows)
    open_rows = rules.rows_for_llm(keys, rows, by_rules, known)
    asked = _asked(open_rows, dict(zip(keys, rows, strict=True)), known, dict(zip(keys, by_rules, strict=True)))
    use = _use(list(asked.values()), settings, ledger.use_of_model(store, settings.llm_model))
    return Estimate(
        file_name=file_name,
        rows=len(everything),
        by_rules=sum(key not in known and key not in open_rows for key in keys),
        known=len(corrected) + sum(key in known for key in keys),
        asked=len(asked),
        requests=use.requests,
        prompt_tokens=use.prompt_tokens,
        cached_tokens=use.cached_tokens,
        completion_tokens=use.completion_tokens,
        cost_usd=use.cost_usd,
        model=settings.llm_model,
        is_priced=is_priced(settings.llm_model),
    )


def _asked(
    open_rows: Mapping[str, RawRow], rows: Mapping[str, RawRow], known: Mapping[str, Standard], by_rules: Mapping[str, Standard]
) -> dict[str, RawRow]:
    """Rows to which no known answer can be carried over, and of those that differ in numbers alone the ones that have to be asked about."""
    carried = number_templates.transfer(open_rows, rows, known)
    return number_templates.predict_questions({key: row for key, row in open_rows.items() if key not in carried}, by_rules)


def _use(rows: Sequence[RawRow], settings: Settings, before: LlmUse) -> LlmUse:
    """Full batches, none asked twice; the instructions are cached from the second request on."""
    question = RowQuestion(rows[0].supplier if rows else "")
    requests = -(-len(rows) // settings.llm_batch_rows)
    system = round(len(question.system_message) / _CHARACTERS_A_TOKEN)
    prompt = requests * system + round(sum(map(question.characters_of, rows)) / _CHARACTERS_A_TOKEN)
    cached = max(requests - 1, 0) * system if system >= CACHED_FROM_TOKENS else 0
    a_row = before.completion_tokens / before.rows if before.rows else _TOKENS_A_ROW
    completion = round(a_row * len(rows))
    cost = cost_usd(settings.llm_model, prompt, cached, completion, settings.llm_service_tier)
    return LlmUse(requests, len(rows), prompt, cached, completion, cost)
