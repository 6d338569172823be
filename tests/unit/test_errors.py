"""The errors: whole across processes, each with a stable name and a remedy where a person can do something."""

import pickle

import pytest

from monito_ray import errors
from monito_ray.errors import FileUnusable, LlmUnavailable, MonitoError, Permanent, SheetsRefused, TelegramUnavailable, Transient

ALL = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, MonitoError)]
BASES = {MonitoError, Transient, Permanent, FileUnusable}
# Their remedy is known only where they are raised.
WITHOUT_OWN_REMEDY = {"SettingsInvalid", "UsageWrong", "QuotaExceeded", "LlmRefused", "TelegramRefused"}


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_an_error_crosses_processes_whole(kind: type[MonitoError]):
    """Type, message, code and remedy are those of the other side."""
    error = pickle.loads(pickle.dumps(kind("june.xlsx: broken", "Send it again.")))  # noqa: S301  our own bytes
    assert (type(error), str(error), error.code, error.remedy) == (kind, "june.xlsx: broken", kind.__name__, "Send it again.")


def test_what_an_error_knows_crosses_processes_too():
    """The wait that a server asked for, and whether the call may have taken effect."""
    for kind in (LlmUnavailable, TelegramUnavailable):
        error = kind("no answer")
        error.retry_after_s, error.is_outcome_unknown = 2.5, True
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301
        assert (copy.retry_after_s, copy.is_outcome_unknown) == (2.5, True)
    assert "shared with the service account" in pickle.loads(pickle.dumps(SheetsRefused("no right"))).remedy  # noqa: S301


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_every_error_is_worth_another_attempt_or_not(kind: type[MonitoError]):
    """Never both; and one that is not has a remedy of its own, unless only the place where it is raised knows one."""
    assert kind is MonitoError or issubclass(kind, Transient) is not issubclass(kind, Permanent)
    if issubclass(kind, Permanent) and kind not in BASES and kind.__name__ not in WITHOUT_OWN_REMEDY:
        assert kind.remedy.endswith(".")
