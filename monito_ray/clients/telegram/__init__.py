"""Telegram's Bot API, called from threads."""
