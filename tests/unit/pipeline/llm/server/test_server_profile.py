"""What a server takes, as its refusals and answers show."""

import pytest

from monito_ray.pipeline.llm.questions import AnswerForm
from monito_ray.pipeline.llm.server.server_profile import ServerProfile, profile_as_json, profile_from_json

NEW = ServerProfile()


def test_a_refused_form_gives_way_to_the_next_until_none_is_left():
    """The ladder ends with plain text, which cannot be refused."""
    forms, profile = [], NEW
    while profile:
        forms.append(profile.form)
        profile = profile.without("response_format")
    assert forms == list(AnswerForm)


def test_a_parameter_is_refused_once():
    """Where the request went without it already, nothing is changed by leaving it out."""
    less = NEW.without("service_tier")
    assert less is not None
    assert less.refused == {"service_tier"}
    assert less.without("service_tier") is None


def test_the_limit_on_an_answer_goes_by_another_name_then_by_none():
    """Servers that do not know the first name know the second."""
    older = NEW.without("max_completion_tokens")
    assert older is not None
    assert (NEW.answer_limit, older.answer_limit) == ("max_completion_tokens", "max_tokens")


def test_a_refusal_without_a_reason_is_tried_down_the_ladder_then_without_options():
    """Form by form, option by option, until nothing is left; never where such requests were answered before."""
    profile: ServerProfile | None = NEW
    steps = []
    while profile:
        steps.append((profile.form, len(profile.refused)))
        sent = {"reasoning_effort", "max_completion_tokens", "system role"} | (
            {"response_format"} if profile.form is not AnswerForm.PLAIN else set()
        )
        profile = profile.after_refusal(sent - profile.refused)
    assert steps == [*((form, 0) for form in AnswerForm), (AnswerForm.PLAIN, 1), (AnswerForm.PLAIN, 2), (AnswerForm.PLAIN, 3)]
    assert NEW.after_answer(40, 0).after_refusal({"response_format"}) is None


@pytest.mark.parametrize(
    ("answers", "form"),
    [
        ([(40, 40)], AnswerForm.PATTERN),
        ([(40, 8), (40, 8)], AnswerForm.PATTERN),
        ([(40, 9), (40, 8)], AnswerForm.OBJECTS),
        ([(40, 40), (40, 0)], AnswerForm.OBJECTS),
        ([(40, 40)] * 4, AnswerForm.OBJECTS),
        ([(40, 40)] * 5, AnswerForm.JSON_OBJECT),
    ],
)
def test_a_form_that_the_model_does_not_keep_is_given_up(answers: list[tuple[int, int]], form: AnswerForm):
    """Texts of seven parts soon, objects only where hardly anything can be read."""
    profile = NEW
    for rows, faults in answers:
        profile = profile.after_answer(rows, faults)
    assert (profile.form, profile.is_proved) == (form, True)


def test_room_for_thinking_doubles_up_to_a_limit():
    """Two thousand tokens at first; a model that needs more than 32,000 runs away."""
    rooms, profile = [], NEW.with_room()
    while profile:
        rooms.append(profile.thinking_tokens)
        profile = profile.with_room()
    assert rooms == [2000, 4000, 8000, 16000, 32000]


def test_longer_requests_are_tried_again_after_a_while():
    """A server that was slow for a time is asked for whole batches in the end."""
    profile = NEW.with_rows(10)
    for _ in range(25):
        profile = profile.after_streak(40)
    assert profile.rows == 20
    for _ in range(25):
        profile = profile.after_streak(40)
    assert profile.rows == 0


def test_what_is_worth_keeping_comes_back_from_json():
    """Counts of answers start again; what was kept is proved."""
    refused = frozenset({"service_tier"})
    profile = ServerProfile(AnswerForm.PLAIN, refused, 2000, 10, 3, 9, is_proved=True, answered=7)
    assert profile_from_json(profile_as_json(profile)) == ServerProfile(AnswerForm.PLAIN, refused, 2000, 10, longest=9, is_proved=True)
