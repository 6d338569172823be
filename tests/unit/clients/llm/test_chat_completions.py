"""The chat-completions client, as far as no server is needed."""

from typing import Any

import pytest

from monito_ray.clients.llm.chat_completions import LlmAddress, read_completion, request_fields

FORM = {"type": "json_object"}


def test_fields_that_only_some_servers_take_are_sent_only_where_set():
    """Effort and tier come from the settings, the least effort of a model from the table, and other models get nothing."""
    assert request_fields(LlmAddress("", "", "openai/gpt-6-luna"), None, 0) == {"reasoning_effort": "none"}
    assert request_fields(LlmAddress("", "", "home-grown"), None, 0) == {}
    assert request_fields(LlmAddress("", "", "home-grown", "low", "flex"), FORM, 900) == {
        "response_format": FORM,
        "reasoning_effort": "low",
        "service_tier": "flex",
        "max_completion_tokens": 900,
    }


def test_refused_fields_are_left_out():
    """The limit on the answer goes by its older name then, and a field of the settings is no exception."""
    address = LlmAddress("", "", "home-grown", "low", "flex", {"temperature": 0})
    assert request_fields(address, FORM, 900, {"service_tier", "max_completion_tokens"}) == {
        "response_format": FORM,
        "reasoning_effort": "low",
        "max_tokens": 900,
        "temperature": 0,
    }
    assert request_fields(address, None, 900, {"max_completion_tokens", "max_tokens", "temperature"}) == {
        "reasoning_effort": "low",
        "service_tier": "flex",
    }


def test_fields_of_the_settings_win():
    """Also over what the program sets, the limit on an answer by any of its names."""
    address = LlmAddress("", "", "home-grown", "low", "", {"reasoning_effort": "high", "max_tokens": 50, "provider": {"sort": "price"}})
    assert request_fields(address, None, 900) == {"reasoning_effort": "high", "max_tokens": 50, "provider": {"sort": "price"}}
    assert address.most_tokens == 50


def _body(message: dict[str, Any], **choice: Any) -> dict[str, Any]:
    return {"choices": [{"message": message, **choice}]}


def test_a_body_that_leaves_things_out_is_read():
    """Servers differ in what they send; missing figures are 0 and the completion says that nothing was counted."""
    completion = read_completion(_body({"content": None}), {})
    assert (completion.text, completion.prompt_tokens, completion.finish_reason, completion.is_counted) == ("", 0, "", False)


@pytest.mark.parametrize(
    "message",
    [
        {"content": "one two"},
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}, {"type": "text", "text": "one two"}]},
        {"content": [{"type": "text", "text": "one "}, {"type": "text", "text": "two"}]},
        {"content": ["one ", "two"]},
        {"content": "", "reasoning_content": "one two"},
        {"content": "one two", "reasoning_content": "hm"},
    ],
)
def test_content_is_one_text(message: dict[str, Any]):
    """Parts are joined, what the model thought is left out."""
    assert read_completion(_body(message), {}).text == "one two"


@pytest.mark.parametrize(
    ("reason", "known"),
    [("length", "length"), ("MAX_TOKENS", "length"), ("model_length", "length"), ("SAFETY", "content_filter"), ("stop", "stop")],
)
def test_servers_words_for_the_end_of_an_answer_are_one(reason: str, known: str):
    """The check of answers knows OpenAI's words."""
    assert read_completion(_body({"content": ""}, finish_reason=reason), {}).finish_reason == known


def test_the_tier_that_is_charged_is_the_requested_one_where_the_server_is_silent():
    """A server that answers in another tier says so."""
    assert read_completion(_body({"content": ""}), {}, "flex").service_tier == "flex"
    assert read_completion({**_body({"content": ""}), "service_tier": "default"}, {}, "flex").service_tier == "default"


def test_the_key_is_not_shown():
    """Neither a log line nor a traceback shows the key of an address."""
    assert "s3cret" not in repr(LlmAddress("", "s3cret", "m"))
