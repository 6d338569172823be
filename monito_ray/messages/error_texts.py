"""What went wrong and what to do, for people in chats: by the code of the error.

The remedies in `errors` are for those who run the program. A person who sends lists can neither set a variable nor read a log.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from monito_ray.messages.translations import N_


@dataclass(frozen=True, slots=True)
class ErrorText:
    """Texts to be translated: why a task failed, and what the person can do, "" for nothing."""

    cause: str
    remedy: str = ""


_LATER = N_("Try again later; if that does not help, tell the owner of this bot.")
_OWNER = N_("Tell the owner of this bot.")
_FAULT = N_("This is a fault of the program: please report it, with the list if you may share it.")
_SEND_AGAIN = N_("Send the file again.")
_SMALLER = N_("Split the list, or save it without pictures, and send that.")
_LLM_AWAY = ErrorText(N_("the LLM does not answer"), _LATER)
_LLM_REFUSES = ErrorText(N_("the LLM refuses to answer"), _OWNER)
_TELEGRAM_AWAY = ErrorText(N_("Telegram does not answer"), _LATER)
_FAULT_TEXT = ErrorText(N_("something unexpected happened"), _FAULT)

#: Of a file that cannot be used. In English people read the error's own sentence, which says more of the file.
FILE_ERRORS: Mapping[str, ErrorText] = {
    "FileUnusable": ErrorText(N_("the file cannot be used"), _SEND_AGAIN),
    "FileEmpty": ErrorText(N_("the file is empty"), N_("Ask the supplier to send the list again.")),
    "FileTooLarge": ErrorText(N_("the file is too large"), _SMALLER),
    "FileTooCostly": ErrorText(
        N_("reading the file takes more time or memory than any price list needs"),
        N_("Copy the rows of the list into a new workbook, and send that; split a list of more than 300,000 rows."),
    ),
    "FileFormatUnknown": ErrorText(
        N_("this is no format that price lists come in"),
        N_(
            "Send the list as xlsx, xlsm, xls, xlsb, ods, csv, tsv, txt, docx, odt, rtf, html, pdf, eml or zip, or as a photo (jpg, png, webp, heic)."
        ),
    ),
    "FileDamaged": ErrorText(N_("the file is damaged"), N_("Open the file, save it again, and send that.")),
    "FileEncrypted": ErrorText(N_("the file wants a password"), N_("Save the list without a password, and send that.")),
    "FileWithoutText": ErrorText(
        N_("no text that can be read was found in the picture"),
        N_("Send a sharp photo of the whole page in good light, or ask the supplier for the list as Excel or as a PDF with text."),
    ),
    "NoPricesFound": ErrorText(
        N_("no offer with a price was found in it"),
        N_("Check that this is the price list; a stock list or an order form has no prices to take."),
    ),
    "SheetMissing": ErrorText(N_("the file has no sheet of that name"), N_("Give the name of a sheet as the file has it.")),
    "TelegramFileGone": ErrorText(N_("Telegram does not have this file any longer"), _SEND_AGAIN),
}
#: Of what the program works with. Nobody in a chat can do more than wait, or tell somebody.
OTHER_ERRORS: Mapping[str, ErrorText] = {
    "StoreUnavailable": ErrorText(N_("the database does not answer"), _LATER),
    "FilesUnavailable": ErrorText(N_("the place where files are kept does not answer"), _LATER),
    "ClusterUnavailable": ErrorText(N_("the program that reads lists does not answer"), _LATER),
    "SheetsUnavailable": ErrorText(N_("Google Sheets does not answer"), _LATER),
    "SheetsRefused": ErrorText(N_("Google Sheets refuses the table"), _OWNER),
    "OutputNotWritable": ErrorText(N_("the table cannot be written"), _OWNER),
    "ArtifactGone": ErrorText(N_("what was kept of the list has been deleted"), _SEND_AGAIN),
    "TaskDeadly": ErrorText(N_("the program broke off again and again at this list"), _OWNER),
    "RowsLost": _FAULT_TEXT,
    "Unexpected": _FAULT_TEXT,
    "LlmUnavailable": _LLM_AWAY,
    "LlmTimedOut": _LLM_AWAY,
    "LlmWorkerLost": _LLM_AWAY,
    "LlmNodeLost": _LLM_AWAY,
    "LlmRateLimited": _LLM_AWAY,
    "LlmAnswersUnusable": ErrorText(N_("the LLM's answers cannot be used"), _OWNER),
    "LlmMisconfigured": _LLM_REFUSES,
    "LlmRefused": _LLM_REFUSES,
    "LlmTooLong": _LLM_REFUSES,
    "LlmWithheld": _LLM_REFUSES,
    "LlmParameterRefused": _LLM_REFUSES,
    "LlmBudgetSpent": ErrorText(N_("the budget for the LLM is spent"), _OWNER),
    "TelegramUnavailable": _TELEGRAM_AWAY,
    "TelegramRateLimited": _TELEGRAM_AWAY,
    "TelegramBlocked": ErrorText(N_("the person has blocked the bot, or never wrote to it")),
    "TelegramMisconfigured": ErrorText(N_("Telegram does not take the bot's token"), _OWNER),
    "TelegramRefused": ErrorText(N_("Telegram refuses the message"), _OWNER),
}
#: Errors of commands, programs and settings: no task in a chat ends with one.
NOT_IN_CHATS = frozenset(
    "SettingsInvalid UsageWrong FileMissing QuotaExceeded LeaseLost StoreTooNew TaskUnknown NothingToUndo OfferUnknown QueueUnknown SupplierUnknown SupplierExists "
    "ProductsUnusable".split()
)
#: Remedies of single errors that are good for people in chats as they stand.
_OTHER_REMEDIES = (
    N_("Save it as docx in Word or LibreOffice, and send that."),
    N_("Send the list that is attached to it, or save the message as eml."),
    N_("No price list unpacks to so much: copy its rows into a new workbook, and send that."),
    N_("Delete what stands far outside of the list (Ctrl+End shows it), save, and send the file again."),
)
_CHAT_REMEDIES = frozenset((*_OTHER_REMEDIES, *(text.remedy for text in FILE_ERRORS.values())))


def is_worth_retrying(code: str) -> bool:
    """Return whether the same list can be read on another try: a file that cannot be used stays so."""
    return code not in FILE_ERRORS and code not in ("ArtifactGone", "TaskDeadly", "RowsLost")


def cause_text(code: str, *, is_english: bool) -> str:
    """Return the text of why a task failed, "" where the error's own sentence says it best."""
    text = OTHER_ERRORS.get(code) or (None if is_english else FILE_ERRORS.get(code))
    return text.cause if text else ""


def remedy_text(code: str, remedy: str) -> str:
    """Return the text of what a person in a chat can do about an error with this code and `remedy`; `remedy` itself where none is known."""
    if remedy in _CHAT_REMEDIES:
        return remedy
    text = FILE_ERRORS.get(code) or OTHER_ERRORS.get(code)
    return text.remedy if text else remedy
