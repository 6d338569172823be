"""The hand-written answers of the testing server."""

import json
from typing import Any

import pytest

from monito_ray.pipeline.llm import answer_checks, prompts
from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.records import RawRow
from monito_ray.testing.llm_server import answer_line, handwritten_answers


@pytest.mark.parametrize(("name", "answer"), handwritten_answers().items())
def test_handwritten_answers_pass_the_checks(name: str, answer: dict[str, Any]):
    """Each would be believed: its brand stands in name or section, its pack in name or column."""
    row = RawRow(
        source_file="f",
        source_sheet="s",
        source_row=1,
        original_name=name,
        price=None,
        section=answer["brand"] or "",
        pack_text=str(answer["pack_count"]),
    )
    line = f"1|{prompts.check_tokens([row])[0]}|{answer_line(answer)}"
    assert answer_checks.check([RowItem(row)], json.dumps({"rows": [line]})).faults == {}
