"""What the ledger records of a request."""

from decimal import Decimal

from monito_ray import spending
from monito_ray.cluster.llm.limiter import Permit
from monito_ray.cluster.llm.question_queue import QuestionQueue
from monito_ray.cluster.llm.request import Request
from monito_ray.cluster.llm.request_batch import Batch
from monito_ray.cluster.llm.worker import WorkerReply
from monito_ray.errors import LlmUnavailable
from monito_ray.pipeline.llm.questions import AnswerForm, Fault
from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.pipeline.llm.row_question import RowQuestion
from monito_ray.pipeline.llm.server.server_profile import ServerProfile
from monito_ray.records import LlmUse, RawRow, Standard

ROWS = [
    RowItem(RawRow(source_file="f", source_sheet="s", source_row=number, original_name=f"Beras {number}", price=Decimal(25500)))
    for number in range(4)
]
KEYS = [f"key {number}" for number in range(4)]


def _request() -> Request:
    queue = QuestionQueue(RowQuestion("Toko"), ROWS, 4, 7, "t", KEYS)
    return Request("r", queue, Batch((1, 3), {3: Fault("no such brand")}, repair=1), Permit(0.0, 500.4), 4000)


def test_items_and_faults_go_by_their_index_in_the_request():
    """The worker sees the batch alone, and the fault beside the item that it belongs to."""
    request = _request()
    assert request.items == [ROWS[1], ROWS[3]]
    assert request.faults == {1: Fault("no such brand")}


def test_without_a_budget_the_estimate_is_reserved():
    """The answer is limited all the same: models that run away would go on to the end of their context."""
    request = _request()
    reservation = request.reservation(spending.PRICES["gpt-6-luna"], is_capped=False)
    assert (reservation.task_id, reservation.user_id, reservation.tokens) == ("t", 7, 500)
    assert request.options(120.0).most_tokens == request.most_tokens > 0


def test_what_is_known_of_the_server_decides_how_it_is_asked():
    """A model that thinks has room for that, a refused parameter is left out, and a limit of the settings counts alone."""
    request = _request()
    rows_alone = request.most_tokens
    request.profile = ServerProfile(AnswerForm.OBJECTS, frozenset({"service_tier"}), thinking_tokens=2000)
    options = request.options(120.0)
    assert (options.form, options.refused, options.most_tokens) == (AnswerForm.OBJECTS, {"service_tier"}, rows_alone + 2000)
    request.set_limit = 50
    assert request.most_tokens == 50


def test_with_a_budget_the_most_that_it_can_cost_is_reserved():
    """The prompt is counted in bytes, and the answer is limited to what is reserved for it."""
    request = _request()
    reservation = request.reservation(spending.PRICES["gpt-6-luna"], is_capped=True)
    assert reservation.tokens > len(request.queue.question.system_message) + request.most_tokens
    assert request.most_tokens > 0


def test_answers_are_settled_under_the_keys_of_their_items():
    """The answer about the second item of the request is stored under the key of the fourth of the list."""
    standard = Standard(standardized_name="Rice")
    settlement = _request().settlement(WorkerReply({1: standard}, {}, LlmUse(1, 2), 5))
    assert (dict(settlement.answers), settlement.error, settlement.is_certain) == ({"key 3": standard}, "", True)


def test_a_lost_answer_stays_uncertain():
    """Its error is named by its code, and what was reserved for it stays."""
    reply = WorkerReply({}, {}, LlmUse(1), 5, LlmUnavailable("reset"), is_certain=False)
    settlement = _request().settlement(reply)
    assert (settlement.answers, settlement.error, settlement.is_certain) == ({}, "LlmUnavailable", False)
