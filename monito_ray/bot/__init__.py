"""The Telegram bot: a document becomes a task, commands and buttons are answered. The work itself is the driver's."""

from monito_ray.bot.polling import run_bot

__all__ = ["run_bot"]
