"""The waiting times of the bot."""

from dataclasses import dataclass

from monito_ray.clients.telegram.chat_throttle import CHAT_INTERVAL_S


@dataclass(frozen=True, slots=True)
class BotTiming:
    """The waiting times of a bot; tests shorten them."""

    #: How long Telegram holds a poll in which nothing happens.
    poll_s: int = 20
    #: The wait after a first failure of Telegram or the store; it doubles from failure to failure, up to the longest.
    first_retry_s: float = 0.5
    longest_retry_s: float = 30.0
    #: The wait between two new messages to one chat.
    chat_interval_s: float = CHAT_INTERVAL_S

    def longer_retry(self, wait_s: float) -> float:
        """Return the wait after one more failure."""
        return min(wait_s * 2, self.longest_retry_s)
