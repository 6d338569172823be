"""Whether a failed request to the LLM is worth another."""

from monito_ray.errors import LlmRateLimited, LlmUnavailable
from monito_ray.retry_policy import RetryPolicy

#: Tries of one request where the LLM does not answer.
TRIES = 4
#: Tries where it refused the request for its number: that passes by itself.
TRIES_WHEN_LIMITED = 8
#: A list goes on without the LLM rather than wait longer than this for one request.
LONGEST_WAIT_S = 60.0

REQUEST_RETRIES = RetryPolicy(
    tries=((LlmRateLimited, TRIES_WHEN_LIMITED), (LlmUnavailable, TRIES)),
    first_wait_s=0.5,
    growth=2.0,
    longest_wait_s=LONGEST_WAIT_S,
    refuses_longer_waits=True,
)
