"""The chat-completions client, as far as no server is needed."""

from monito_ray.clients.llm import chat_completions
from monito_ray.clients.llm.chat_completions import LlmAddress


def test_options_that_only_some_servers_take_are_sent_only_where_set():
    """Effort and tier come from the settings, the least effort of a model from the table, and other models get nothing."""
    options = chat_completions._options
    assert options(LlmAddress("", "", "gpt-6-luna"), 0) == {"reasoning_effort": "none"}
    assert options(LlmAddress("", "", "home-grown"), 0) == {}
    assert options(LlmAddress("", "", "home-grown", "low", "flex"), 900) == {
        "reasoning_effort": "low",
        "service_tier": "flex",
        "max_completion_tokens": 900,
    }


def test_a_body_that_leaves_things_out_is_read():
    """Servers differ in what they send; missing figures are 0 and the completion says that nothing was counted."""
    completion = chat_completions._completion({"choices": [{"message": {"content": None}}]}, {})
    assert (completion.text, completion.prompt_tokens, completion.finish_reason, completion.is_counted) == ("", 0, "", False)


def test_the_key_is_not_shown():
    """Neither a log line nor a traceback shows the key of an address."""
    assert "s3cret" not in repr(LlmAddress("", "s3cret", "m"))
