"""The five stages that a price list passes, each with a queue of the same name."""

from enum import StrEnum


class Stage(StrEnum):
    """A stage and its queue, in running order."""

    FILE_PROCESSING = "file_processing"
    DATA_VALIDATION = "data_validation"
    LLM_PROCESSING = "llm_processing"
    SHEETS_WRITING = "sheets_writing"
    NOTIFICATIONS = "notifications"
