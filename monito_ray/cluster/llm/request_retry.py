"""Whether a failed request to the LLM is tried again."""

from monito_ray.errors import LlmRateLimited, LlmUnavailable
from monito_ray.retry_policy import RetryPolicy

#: Tries of one request if the LLM does not answer.
TRIES = 4
#: Tries of one request if the provider refuses it because there are too many: that passes by itself.
TRIES_WHEN_LIMITED = 8
#: If one request would have to wait longer than this, the list goes on without the LLM.
LONGEST_WAIT_S = 60.0

REQUEST_RETRIES = RetryPolicy(
    tries=((LlmRateLimited, TRIES_WHEN_LIMITED), (LlmUnavailable, TRIES)),
    first_wait_s=0.5,
    growth=2.0,
    longest_wait_s=LONGEST_WAIT_S,
    refuses_longer_waits=True,
)
