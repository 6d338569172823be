"""An LLM's answers about labelled rows, kept in a file, so that rules and merging can be measured with them again without asking."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from monito_ray.errors import FileUnusable
from monito_ray.evaluation.labelled_rows import MOST_MB
from monito_ray.pipeline import versions
from monito_ray.records import Standard, standard_from_json
from monito_ray.store.source_files import read_source_file


@dataclass(frozen=True, slots=True)
class RecordedAnswers:
    """The answers of one model."""

    model: str
    #: By the keys of the rows.
    answers: Mapping[str, Standard]
    #: Of the prompt that was answered.
    prompt_version: int = versions.PROMPT


def write_answers(recorded: RecordedAnswers, path: Path) -> None:
    """Write answers as JSON."""
    answers = {key: standard.as_json() for key, standard in recorded.answers.items()}
    content = {"model": recorded.model, "prompt_version": recorded.prompt_version, "answers": answers}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_answers(path: Path) -> RecordedAnswers:
    """Return what `write_answers` wrote.

    Raises:
        FileMissing, FileUnusable: the message names the file.
    """
    try:
        content = json.loads(read_source_file(path, MOST_MB))
        answers = {key: standard_from_json(values) for key, values in content["answers"].items()}
        return RecordedAnswers(content["model"], answers, content["prompt_version"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise FileUnusable(f"{path}: these are no answers of `monito eval`", "Record some with --llm --record.") from None
