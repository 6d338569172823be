"""Work in a copy of this process: its result comes back, and what goes wrong there is met here."""

import os
from pathlib import Path

import pytest

from monito_ray.clients.workbook.copied_process import work_beside

HERE = os.getpid()


def test_the_copy_has_what_this_process_has(tmp_path: Path):
    """The work is done by another process, with the values of this one."""
    values = {"here": HERE}
    receive = work_beside(lambda: (values["here"], (tmp_path / "file").write_text("done")))
    assert receive() == (HERE, 4)
    assert (tmp_path / "file").read_text() == "done"


@pytest.mark.parametrize("ends", ["with an error", "at once", "without a result that can be sent"])
def test_work_that_fails_in_the_copy_is_done_here(ends: str):
    """A copy that raises, is killed or has nothing to send costs its time alone."""

    def work() -> object:
        if os.getpid() == HERE:
            return "done here"
        if ends == "at once":
            os.kill(os.getpid(), 9)
        if ends == "with an error":
            raise ValueError
        return lambda: None

    assert work_beside(work)() == "done here"


def test_an_error_is_raised_here():
    """Who asks for the result gets the error of the work."""

    def work() -> None:
        raise ValueError("no catalogue")

    with pytest.raises(ValueError, match="no catalogue"):
        work_beside(work)()
