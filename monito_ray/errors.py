"""What can go wrong, as types.

A bad row is a value (`records.RejectedRow`); a bad world is one of these. `Transient` is worth another try, `Permanent` is not.
Code asks for the type, people read the message: it names the thing and the cause, and `remedy` says what to do about it.
"""

from typing import Any


class MonitoError(Exception):
    """Base of every error this program raises on purpose."""

    remedy: str = ""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        if remedy:
            self.remedy = remedy

    def __reduce__(self) -> tuple[type, tuple[str, str], dict[str, Any]]:
        """Cross process borders with the remedy and all else intact."""
        return type(self), (str(self), self.remedy), dict(self.__dict__)

    @property
    def code(self) -> str:
        """The stable name under which programs know this error."""
        return type(self).__name__


class Transient(MonitoError):
    """The same call may work later."""


class Permanent(MonitoError):
    """The same call will fail again."""


class SettingsInvalid(Permanent):
    """A setting has a value that cannot be used."""


class UsageWrong(Permanent):
    """A command was given what does not go together."""


class OutputNotWritable(Permanent):
    """A place where results shall go refuses them."""

    remedy = "Choose a folder that exists and that you may write to."


class FileUnusable(Permanent):
    """Base of everything that keeps a price list from being read."""


class FileMissing(FileUnusable):
    """There is no such file."""

    remedy = "Check the path."


class FileEmpty(FileUnusable):
    """The file has no content."""

    remedy = "Ask the supplier to send the list again."


class FileTooLarge(FileUnusable):
    """The file, or what it unpacks to, is beyond the limit."""

    remedy = "Split the list, or raise MONITO_MAX_FILE_MB."


class FileFormatUnknown(FileUnusable):
    """The bytes are of no format that price lists come in."""

    remedy = "Send the list as xlsx, xlsm, xls, xlsb, ods, csv, tsv, txt or pdf."


class FileDamaged(FileUnusable):
    """The format is known, the content broken."""

    remedy = "Open the file, save it anew, and send that."


class FileEncrypted(FileUnusable):
    """The file wants a password."""

    remedy = "Save the list without a password, and send that."


class FileWithoutText(FileUnusable):
    """A PDF of pictures."""

    remedy = "Ask the supplier for the list as Excel or as a PDF with text."


class NoPricesFound(FileUnusable):
    """The file was read and holds no offer with a price."""

    remedy = "Check that this is the price list; a stock list or an order form has no prices to take."


class TaskDeadly(Permanent):
    """A task whose drivers die of it, again and again."""

    remedy = "Look at the log of the service for how they died (memory, disk, a crash); `monito retry` tries the task again."


class QuotaExceeded(FileUnusable):
    """A person has sent as many files as one may for now."""


class ArtifactGone(Permanent):
    """A file that was kept for a task is there no more."""

    remedy = "Send the list again; files of ended tasks are kept for MONITO_KEEP_DAYS."


class RowsLost(Permanent):
    """The rows that went into a stage did not all come out of it."""

    remedy = "This is a fault of the program: please report it, with the list if you may share it."


class Unexpected(Permanent):
    """Something was raised that nobody expected."""

    remedy = "This is a fault of the program: please report it, with the list if you may share it."


class StoreUnavailable(Transient):
    """The database cannot be reached or stays locked."""


class LeaseLost(Transient):
    """The task is another driver's by now, or nobody's."""


class StoreTooNew(Permanent):
    """The database was made by a newer version of this program."""

    remedy = "Upgrade monito_ray."


class TaskUnknown(Permanent):
    """No task has this id."""

    remedy = "`monito status` lists the tasks there are."


class QueueUnknown(Permanent):
    """No queue has this name."""

    remedy = "The queues are file_processing, data_validation, llm_processing, sheets_writing and notifications."


class ProductsUnusable(Permanent):
    """What was given as products is none that can be asked about."""

    remedy = "Give a list of dicts, each with at least `original_name`."


class ClusterUnavailable(Transient):
    """Ray does not start or is gone."""


class LlmUnavailable(Transient):
    """The LLM did not answer, or not in time; `retry_after_s` is what it asked for, if anything, `limits` what it told of them.

    `is_outcome_unknown`: an answer may have been made, and is then paid for.
    """

    retry_after_s: float | None = None
    limits: object = None
    is_outcome_unknown: bool = False


class LlmWorkerLost(LlmUnavailable):
    """The worker died while it waited for the answer, which may have been paid for."""

    is_outcome_unknown = True


class LlmRateLimited(LlmUnavailable):
    """The LLM said 429."""


class LlmMisconfigured(Permanent):
    """Wrong key, unknown model, used-up quota: asking again does not help."""

    remedy = "Check OPENAI_API_KEY, OPENAI_BASE_URL and MONITO_LLM_MODEL."


class LlmBudgetSpent(Permanent):
    """What the task, or the day, may cost is spent or promised."""

    remedy = "Raise MONITO_LLM_BUDGET_USD or MONITO_LLM_DAILY_USD, or leave the rest to the rules."


class LlmRefused(Permanent):
    """The LLM's server takes this one request for wrong (too long, unwanted content, an unknown option)."""


class LlmAnswersUnusable(Transient):
    """What the LLM answered does not fit what was asked, again and again."""


class TelegramUnavailable(Transient):
    """Telegram did not answer, or not in time; `retry_after_s` is what it asked for, if anything.

    `is_outcome_unknown`: what was asked may have been done all the same.
    """

    retry_after_s: float | None = None
    is_outcome_unknown: bool = False


class TelegramRateLimited(TelegramUnavailable):
    """Telegram said 429."""


class TelegramBlocked(Permanent):
    """The person has blocked the bot, or never wrote to it."""

    remedy = "Have the person open the bot and press Start."


class TelegramMisconfigured(Permanent):
    """Telegram does not take the token, or another program polls with it."""

    remedy = "Check TELEGRAM_BOT_TOKEN, and that only one bot runs with it."


class TelegramRefused(Permanent):
    """Telegram takes this one request for wrong."""


class TelegramFileGone(FileUnusable):
    """Telegram has the file no more."""

    remedy = "Send the file again."


class SheetsUnavailable(Transient):
    """Google Sheets did not answer, or asked for patience beyond ours."""


class SheetsRefused(Permanent):
    """Google Sheets will not do it: no right, no such spreadsheet, bad credentials, or a request it takes for wrong."""

    remedy = "Check MONITO_SHEET_ID and GOOGLE_APPLICATION_CREDENTIALS, and that the spreadsheet is shared with the service account."
