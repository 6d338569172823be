"""The Telegram bot: a document becomes a task, people are answered. It processes nothing; that is the driver's."""

from monito_ray.bot.polling import run_bot

__all__ = ["run_bot"]
