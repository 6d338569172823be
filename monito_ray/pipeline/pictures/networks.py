"""The networks that find and read text: PP-OCRv6 by PaddleOCR, with the weights that the package rapidocr ships."""

import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from monito_ray import errors

_FOLDER = "models"
_FINDER, _READER = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
_PACKAGES = ("cv2", "onnxruntime", "pi_heif", "rapidocr")
#: Behind it stand the scripts of East Asia, and signs that no price list has.
LAST_SIGN = "\u2bff"
MISSING = "is a picture, and what reads pictures is not installed"
REMEDY = "Install it (pip install 'monito-ray[ocr]'), or ask the supplier for the list as Excel or as a PDF with text."

_LOADING = threading.Lock()


@cache
def is_installed() -> bool:
    """Return whether the extra `ocr` is installed: nothing of it is loaded."""
    return all(find_spec(package) is not None for package in _PACKAGES)


def require_installed() -> None:
    """Pass where the extra `ocr` is installed.

    Raises:
        FileWithoutText: it is not; the remedy says how to get it.
    """
    if not is_installed():
        raise errors.FileWithoutText(MISSING, REMEDY)


def finder() -> Any:
    """Return the network that marks where text is."""
    with _LOADING:
        return _load(_FINDER)


def reader() -> Any:
    """Return the network that reads a line of text."""
    with _LOADING:
        return _load(_READER)


def run(network: Any, pixels: Any) -> Any:
    """Return what a network gives for its only input.

    Raises:
        MemoryError: it needs more than this process may take.
    """
    try:
        return network.run(None, {network.get_inputs()[0].name: pixels})[0]
    except Exception as error:  # its own class, which the library does not export
        if "bad_alloc" in str(error) or "allocate" in str(error):
            raise MemoryError(str(error)) from None
        raise


@cache
def alphabet() -> tuple[str, ...]:
    """Return what each output of the reader stands for: nothing, then its characters, the blank last."""
    listed = reader().get_modelmeta().custom_metadata_map["character"].splitlines()
    return ("", *listed, " ")


@cache
def ideographs() -> Any:
    """Return which outputs of the reader are no letters, digits or signs of a script with letters."""
    return np.array([len(char) == 1 and char > LAST_SIGN for char in alphabet()])


@cache
def _load(name: str) -> Any:
    """Return a network of the package's folder; one for each process. Nothing is downloaded: the weights lie in the wheel."""
    import onnxruntime  # noqa: PLC0415 - loaded for pictures alone

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    # One page takes one core, so that pages side by side do not fight; the arena would keep the memory of the largest page.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(str(_models() / name), options, providers=["CPUExecutionProvider"])


def _models() -> Path:
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise errors.FileWithoutText(MISSING, REMEDY)
    return Path(spec.origin).parent / _FOLDER
