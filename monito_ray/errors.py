"""The errors of the program, each a type with a remedy.

A bad row is a value (`records.RejectedRow`), a bad world is one of these exceptions. A `Transient` error is worth another attempt, a
`Permanent` one is not. Code decides by the type; people read the message, which names the thing and the cause, and the remedy.
"""

from typing import Any


class MonitoError(Exception):
    """Base of every error that this program raises on purpose."""

    #: What a person can do about it, as a sentence.
    remedy: str = ""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        if remedy:
            self.remedy = remedy

    def __reduce__(self) -> tuple[type, tuple[str, str], dict[str, Any]]:
        """Keep the remedy and all other fields when the error crosses to another process."""
        return type(self), (str(self), self.remedy), dict(self.__dict__)

    @property
    def code(self) -> str:
        """The stable name of this error, for programs; it is stored with failed tasks."""
        return type(self).__name__


class Transient(MonitoError):
    """The same call may work later."""


class Permanent(MonitoError):
    """The same call will fail again."""


class SettingsInvalid(Permanent):
    """A setting has a value that cannot be used."""


class UsageWrong(Permanent):
    """The arguments of a command do not go together."""


class OutputNotWritable(Permanent):
    """A result cannot be written where it shall go."""

    remedy = "Choose a folder that exists and that you may write to."


class FileUnusable(Permanent):
    """Base of everything for which a price list cannot be read."""


class FileMissing(FileUnusable):
    """There is no such file."""

    remedy = "Check the path."


class FileEmpty(FileUnusable):
    """The file has no content."""

    remedy = "Ask the supplier to send the list again."


class FileTooLarge(FileUnusable):
    """The file, or its content once unpacked, is larger than the limit."""

    remedy = "Split the list, or raise MONITO_MAX_FILE_MB."


class FileTooCostly(FileTooLarge):
    """Reading the file takes more memory or time than any price list needs."""

    remedy = "Copy the rows of the list into a new workbook, and send that; split a list of more than 300,000 rows."


class FileFormatUnknown(FileUnusable):
    """The bytes are in no format that can be read."""

    remedy = "Send the list as xlsx, xlsm, xls, xlsb, ods, csv, tsv, txt, docx, odt, rtf, html, pdf, eml or zip, or as a photo (jpg, png, webp, heic)."


class FileDamaged(FileUnusable):
    """The format is known, the content broken."""

    remedy = "Open the file, save it again, and send that."


class FileEncrypted(FileUnusable):
    """The file is protected with a password."""

    remedy = "Save the list without a password, and send that."


class FileWithoutText(FileUnusable):
    """A picture, or a PDF of pictures, shows no text that can be read."""

    remedy = "Ask the supplier for the list as Excel or as a PDF with text."


class NoPricesFound(FileUnusable):
    """The file was read and holds no offer with a price."""

    remedy = "Check that this is the price list; a stock list or an order form has no prices to take."


class SheetMissing(FileUnusable):
    """The file has no sheet of the name that was given."""

    remedy = "Give the name of a sheet as the file has it."


class TaskDeadly(Permanent):
    """A task was set apart because its drivers died with it again and again."""

    remedy = "Look at the log of the service for how they died (memory, disk, a crash); `monito retry` tries the task again."


class QuotaExceeded(FileUnusable):
    """A person has sent as many files within an hour as the quota allows."""


class ArtifactGone(Permanent):
    """A stored file of a task was deleted."""

    remedy = "Send the list again, with `--force` where it is known; files of ended tasks are kept for MONITO_KEEP_DAYS."


class RowsLost(Permanent):
    """A stage lost rows: fewer came out of it than went in."""

    remedy = "This is a fault of the program: please report it, with the list if you may share it."


class Unexpected(Permanent):
    """An exception was raised that is none of these: a fault of the program."""

    remedy = "This is a fault of the program: please report it, with the list if you may share it."


class StoreUnavailable(Transient):
    """The database cannot be reached or stays locked."""


class FilesUnavailable(StoreUnavailable):
    """The disk or the object store of uploads and artifacts does not answer, is full, or refuses."""


class LeaseLost(Transient):
    """The task's lease was taken over or released."""


class StoreTooNew(Permanent):
    """The database was made by a newer version of this program."""

    remedy = "Upgrade monito_ray."


class TaskUnknown(Permanent):
    """No task has this id."""

    remedy = "`monito status` lists the tasks there are."


class NothingToUndo(Permanent):
    """The catalogue has no list of this task."""

    remedy = "`monito status` lists the tasks there are."


class OfferUnknown(Permanent):
    """No offer that stands has this id, or this name at this supplier."""

    remedy = "`monito prices WORDS --json` shows ids of offers and products."


class QueueUnknown(Permanent):
    """No queue has this name."""

    remedy = "The queues are file_processing, data_validation, llm_processing, sheets_writing and notifications."


class SupplierUnknown(Permanent):
    """No supplier has this name."""

    remedy = "`monito suppliers` lists them all."


class SupplierExists(UsageWrong):
    """Another supplier has this name."""

    remedy = "`monito suppliers merge` makes one of two."


class ProductsUnusable(Permanent):
    """The products of a submission cannot be standardized."""

    remedy = "Give a list of dicts, each with at least `original_name`."


class ClusterUnavailable(Transient):
    """Ray, or another process that works for the driver, does not start, or has ended."""


class LlmUnavailable(Transient):
    """The LLM did not answer, or not in time."""

    remedy = "See that the server runs and can be reached; once it is back, `monito submit --force` asks for what is left."
    #: The wait that the server asked for.
    retry_after_s: float | None = None
    #: The limits that the server reported.
    limits: object = None
    #: An answer may have been made, and is then paid for.
    is_outcome_unknown: bool = False


class LlmTimedOut(LlmUnavailable):
    """The LLM takes longer than a request may."""

    remedy = "Raise MONITO_LLM_TIMEOUT_S, or choose a faster model; then `monito submit --force` asks for what is left."
    is_outcome_unknown = True


class LlmWorkerLost(LlmUnavailable):
    """The worker died while it waited for an answer."""

    is_outcome_unknown = True


class LlmNodeLost(LlmWorkerLost):
    """The machine of the worker is gone or was cut off: the rows that it asked about had no part in that."""


class LlmRateLimited(LlmUnavailable):
    """The LLM answered 429: too many requests or tokens."""


class LlmMisconfigured(Permanent):
    """The key is wrong, the model unknown or the quota used up."""

    remedy = "Check OPENAI_API_KEY, OPENAI_BASE_URL and MONITO_LLM_MODEL."


class LlmBudgetSpent(Permanent):
    """The budget of the task, or of the day, is spent or reserved."""

    remedy = "Raise MONITO_LLM_BUDGET_USD or MONITO_LLM_DAILY_USD, or leave the rest to the rules."


class LlmRefused(Permanent):
    """The LLM's server refuses the request as wrong (400, 422), and nothing says that another would do."""

    remedy = "`monito doctor` tries the server with two rows and says what it takes."
    #: Names of the parameters that the request had besides model and messages.
    sent: frozenset[str] = frozenset()


class LlmTooLong(LlmRefused):
    """The request, or the answer that it allows, is longer than the model can hold: a shorter one may do."""

    remedy = "Give the model a context of 8,192 tokens or more, or choose another MONITO_LLM_MODEL."


class LlmWithheld(LlmRefused):
    """The server refuses what a row says: the other rows may do."""

    remedy = "Such rows are left to the rules; a filter of content can be loosened at the provider."


class LlmParameterRefused(LlmRefused):
    """The server does not take a parameter of the request: without it the request may do."""

    #: Its name on the wire.
    parameter: str = ""


class LlmAnswersUnusable(Transient):
    """The LLM's answers did not pass their checks again and again."""

    remedy = "`monito doctor` says whether the model is of help."


class TelegramUnavailable(Transient):
    """Telegram did not answer, or not in time."""

    #: The wait that Telegram asked for.
    retry_after_s: float | None = None
    #: The call may have taken effect all the same.
    is_outcome_unknown: bool = False


class TelegramRateLimited(TelegramUnavailable):
    """Telegram answered 429: a flood warning."""


class TelegramBlocked(Permanent):
    """The person has blocked the bot, or never wrote to it."""

    remedy = "Have the person open the bot and press Start."


class TelegramMisconfigured(Permanent):
    """Telegram refuses the token, or another program polls with it."""

    remedy = "Check TELEGRAM_BOT_TOKEN, and that only one bot runs with it."


class TelegramRefused(Permanent):
    """Telegram refuses this one request."""


class TelegramFileGone(FileUnusable):
    """Telegram does not have the file any longer."""

    remedy = "Send the file again."


class SheetsUnavailable(Transient):
    """Google Sheets did not answer, or was over its quota until the last attempt."""


class SheetsRefused(Permanent):
    """Google Sheets refuses: no right, no such spreadsheet, bad credentials, or a wrong request."""

    remedy = "Check MONITO_SHEET_ID and GOOGLE_APPLICATION_CREDENTIALS, and that the spreadsheet is shared with the service account."
