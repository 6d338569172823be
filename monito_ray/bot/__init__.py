"""The Telegram bot: it commits a task for each document, and answers commands and buttons. The driver does the tasks."""

from monito_ray.bot.polling import run_bot

__all__ = ["run_bot"]
