"""The texts that people in chats see, in their language."""

from monito_ray.messages.button_texts import task_buttons
from monito_ray.messages.catalogue_texts import basket_text, supplier_lines
from monito_ray.messages.category_texts import category_called, category_title
from monito_ray.messages.change_texts import changes_text, late_list_text
from monito_ray.messages.done_texts import OPEN_TABLE
from monito_ray.messages.message_markup import Markup, fit_message, shorten
from monito_ray.messages.message_texts import Messages
from monito_ray.messages.price_texts import match_text
from monito_ray.messages.question_texts import LIST_QUESTION, column_question, name_key, open_question, supplier_choices
from monito_ray.messages.review_texts import pair_text, row_text
from monito_ray.messages.task_texts import STAGES, caption_text, file_name, task_line, task_text, tasks_text
from monito_ray.messages.translations import LANGUAGES, N_, supported_language

__all__ = [
    "LANGUAGES",
    "LIST_QUESTION",
    "N_",
    "OPEN_TABLE",
    "STAGES",
    "Markup",
    "Messages",
    "basket_text",
    "caption_text",
    "category_called",
    "category_title",
    "changes_text",
    "column_question",
    "file_name",
    "fit_message",
    "late_list_text",
    "match_text",
    "name_key",
    "open_question",
    "pair_text",
    "row_text",
    "shorten",
    "supplier_choices",
    "supplier_lines",
    "supported_language",
    "task_buttons",
    "task_line",
    "task_text",
    "tasks_text",
]
