"""The texts that people in chats see, in their language."""

from monito_ray.messages.change_texts import changes_text
from monito_ray.messages.message_texts import OPEN_TABLE, STAGES, Markup, Messages, file_name, fit_message, shorten
from monito_ray.messages.translations import LANGUAGES, N_, supported_language

__all__ = [
    "LANGUAGES",
    "N_",
    "OPEN_TABLE",
    "STAGES",
    "Markup",
    "Messages",
    "changes_text",
    "file_name",
    "fit_message",
    "shorten",
    "supported_language",
]
