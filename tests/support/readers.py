"""Functions in the place of a reader, in a module that every process can load."""

import os


def length(data: bytes, _file_name: str) -> int:
    """Return how long a file is."""
    return len(data)


def crash(_data: bytes, _file_name: str) -> None:
    """End the process."""
    os.abort()
