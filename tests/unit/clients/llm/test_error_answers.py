"""What servers' errors mean; bodies as the servers' documents and sources word them."""

from typing import Any

import pytest

from monito_ray.clients.llm.error_answers import as_error, read_error, status_of
from monito_ray.errors import (
    LlmMisconfigured,
    LlmParameterRefused,
    LlmRateLimited,
    LlmRefused,
    LlmTimedOut,
    LlmTooLong,
    LlmUnavailable,
    LlmWithheld,
    MonitoError,
)

SENT = ("response_format", "reasoning_effort", "service_tier", "max_completion_tokens", "temperature", "system role")


def _error(**fields: Any) -> dict[str, Any]:
    return {"error": fields}


TOO_LONG = [
    (
        400,
        _error(message="This model's maximum context length is 8192 tokens. However, you requested 9000.", code="context_length_exceeded"),
    ),
    (400, _error(message="request (1977 tokens) exceeds the available context size (1024 tokens)", type="exceed_context_size_error")),
    (
        400,
        _error(message="'max_tokens' or 'max_completion_tokens' is too large: 8400. This model's maximum context length is 4096", code=400),
    ),
    (400, {"object": "error", "message": "max_tokens must be at least 1, got -353.", "code": 40001}),
    (
        400,
        _error(
            message="max_completion_tokens is too large: 8400. This model supports at most 4096 completion tokens",
            param="max_completion_tokens",
        ),
    ),
    (500, _error(message="the request exceeds the available context size. try increasing the context size")),
    (413, "<html>Request Entity Too Large</html>"),
]
WITHHELD = [
    (
        400,
        _error(
            message="The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
            code="content_filter",
        ),
    ),
    (403, _error(code=403, message="Your chosen model requires moderation and your input was flagged", metadata={"reasons": ["violence"]})),
    (400, _error(message="Content Exists Risk", type="invalid_request_error")),
]
PARAMETERS = [
    ("system role", 500, _error(message="Jinja Exception: System role not supported")),
    ("system role", 400, _error(message="Conversation roles must alternate user/assistant/user/assistant/...")),
    (
        "response_format",
        400,
        _error(message="Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.", param=None),
    ),
    (
        "response_format",
        400,
        _error(message="Invalid schema for response_format 'rows': 'minItems' is not permitted.", param="response_format"),
    ),
    ("response_format", 400, _error(message="Failed to initialize samplers: failed to parse grammar", type="invalid_request_error")),
    ("response_format", 404, _error(message="No endpoints found that can handle the requested parameters.", code=404)),
    (
        "response_format",
        422,
        {"detail": [{"type": "literal_error", "loc": ["body", "response_format", "type"], "msg": "Input should be 'text'"}]},
    ),
    (
        "response_format",
        400,
        _error(message="litellm.UnsupportedParamsError: cohere_chat does not support parameters: {'response_format': {}}"),
    ),
    (
        "reasoning_effort",
        400,
        _error(message="Unsupported value: 'reasoning_effort' does not support 'none' with this model.", param="reasoning_effort"),
    ),
    ("reasoning_effort", 400, _error(message="Unrecognized request argument supplied: reasoning_effort")),
    (
        "service_tier",
        400,
        _error(message="litellm.UnsupportedParamsError: anthropic does not support parameters: ['service_tier'], for model=claude"),
    ),
    ("temperature", 400, _error(message="Unsupported value: 'temperature' does not support 0 with this model.", param="temperature")),
    ("max_completion_tokens", 400, _error(message="Unrecognized request argument supplied: max_completion_tokens")),
    ("max_completion_tokens", 422, {"detail": [{"loc": ["body", "max_completion_tokens"], "msg": "Extra inputs are not permitted"}]}),
    ("response_format", 400, _error(message='Unknown name "pattern" at generation_config.response_schema', status="INVALID_ARGUMENT")),
]
OTHERS = [
    (LlmMisconfigured, "OPENAI_API_KEY", 401, _error(message="Incorrect API key provided", code="invalid_api_key")),
    (LlmMisconfigured, "OPENAI_API_KEY", 400, _error(message="API key not valid. Please pass a valid API key.", status="INVALID_ARGUMENT")),
    (LlmMisconfigured, "may not use", 403, _error(message="You have insufficient permissions for this operation.")),
    (
        LlmMisconfigured,
        "MONITO_LLM_MODEL",
        404,
        _error(message="The model `x` does not exist or you do not have access to it.", code="model_not_found"),
    ),
    (LlmMisconfigured, "MONITO_LLM_MODEL", 404, _error(message='model "x" not found, try pulling it first', type="api_error")),
    (
        LlmMisconfigured,
        "MONITO_LLM_MODEL",
        400,
        _error(message="/chat/completions: Invalid model name passed in model=x. Call `/v1/models`"),
    ),
    (LlmMisconfigured, "MONITO_LLM_MODEL", 400, _error(message="No models loaded. Please load a model in the developer page.")),
    (LlmMisconfigured, "OPENAI_BASE_URL", 404, "404 page not found"),
    (LlmMisconfigured, "OPENAI_BASE_URL", 405, None),
    (LlmMisconfigured, "Top up", 402, _error(message="Insufficient Balance", type="unknown_error")),
    (LlmMisconfigured, "Top up", 402, _error(message="This request requires more credits, or fewer max_tokens.", code=402)),
    (
        LlmMisconfigured,
        "Top up",
        429,
        _error(message="You exceeded your current quota", type="insufficient_quota", code="insufficient_quota"),
    ),
    (LlmMisconfigured, "Top up", 400, _error(message="Your credit balance is too low to access the Anthropic API.")),
    (
        LlmRateLimited,
        "submit --force",
        429,
        _error(message="You exceeded your current quota, please check your plan and billing", status="RESOURCE_EXHAUSTED"),
    ),
    (LlmTimedOut, "MONITO_LLM_TIMEOUT_S", 504, "<html>Gateway Time-out</html>"),
    (LlmTimedOut, "MONITO_LLM_TIMEOUT_S", 408, _error(message="Request Timeout")),
    (LlmRefused, "monito doctor", 400, _error(message="The request is not valid.")),
    (LlmRefused, "monito doctor", 422, ""),
    (LlmUnavailable, "submit --force", 503, _error(message="Loading model", type="unavailable_error")),
    (LlmUnavailable, "submit --force", 500, "<html>Internal Server Error</html>"),
    (LlmUnavailable, "submit --force", 529, _error(message="Overloaded")),
]
CASES: list[tuple[type[MonitoError], str, int, Any]] = [
    *((LlmTooLong, "context", status, body) for status, body in TOO_LONG),
    *((LlmWithheld, "left to the rules", status, body) for status, body in WITHHELD),
    *((LlmParameterRefused, "monito doctor", status, body) for _, status, body in PARAMETERS),
    *OTHERS,
]


@pytest.mark.parametrize(("kind", "remedy", "status", "body"), CASES)
def test_the_cause_decides_error_and_remedy(kind: type[MonitoError], remedy: str, status: int, body: Any):
    """Where only the text tells the cause, the text counts; the message names the server and the status on one line."""
    error = as_error(read_error(status, body), SENT, "the LLM at http://localhost", "x")
    assert type(error) is kind
    assert remedy in error.remedy
    assert str(error).startswith("the LLM at http://localhost ")
    assert f"({status})" in str(error)
    assert "\n" not in str(error)


@pytest.mark.parametrize(("parameter", "status", "body"), PARAMETERS)
def test_a_refused_parameter_is_named(parameter: str, status: int, body: Any):
    """By the field that names it, by where the validation failed, or by the words of the message."""
    error = as_error(read_error(status, body), SENT, "the LLM", "x")
    assert isinstance(error, LlmParameterRefused)
    assert error.parameter == parameter


def test_what_was_not_sent_cannot_be_refused():
    """A request without the parameter would only be repeated."""
    error = as_error(read_error(400, _error(message="response_format is not supported")), ("max_tokens",), "the LLM", "x")
    assert type(error) is LlmRefused


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"code": 402, "message": "no credit"}, 402),
        ({"code": "rate_limit_exceeded"}, 429),
        ({"message": "?"}, 502),
        ("overloaded", 502),
        ({"code": 7}, 502),
    ],
)
def test_an_error_under_200_has_the_status_of_its_code(body: Any, status: int):
    """OpenRouter sends errors as answers; one without a code counts as an error of the server."""
    assert status_of(body) == status
