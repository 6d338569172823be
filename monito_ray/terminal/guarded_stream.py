"""The one way to stdout and stderr: nothing that a stranger wrote commands the terminal, whichever command, library or fault prints it."""

import sys
from collections.abc import Iterable
from typing import Any, TextIO

from monito_ray.terminal.visible_text import visible


class GuardedStream:
    """A stream of text that shows texts as `visible` returns them; everything else is the stream's own."""

    def __init__(self, stream: TextIO) -> None:
        #: The stream itself, for who writes colours and has taken care of the texts.
        self.unguarded = stream

    def write(self, text: str) -> int:
        """Write `text`; return its length, as callers expect."""
        self.unguarded.write(visible(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write one text after another."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.unguarded, name)


def guard_streams() -> None:
    """Guard stdout and stderr of this process, once; what their encoding cannot write is shown as a question mark."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None and not isinstance(stream, GuardedStream):
            if reconfigure := getattr(stream, "reconfigure", None):
                reconfigure(errors="replace")
            setattr(sys, name, GuardedStream(stream))
