"""How sure the reading of a list is, from its tables and lines alone."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from monito_ray.pipeline.rows.certainty.column_questions import ColumnQuestion, ask_about_columns
from monito_ray.pipeline.rows.certainty.cut_texts import doubt_cut_cells
from monito_ray.pipeline.rows.certainty.formula_doubts import doubt_formulas
from monito_ray.pipeline.rows.certainty.list_doubts import ReadList, describe_doubts
from monito_ray.pipeline.rows.certainty.list_signs import ListSigns, measure_signs, without_column_signs
from monito_ray.pipeline.rows.certainty.predicted_share import Prediction, predict
from monito_ray.pipeline.rows.certainty.unread_amounts import UnreadAmounts, unread_outside, unread_within
from monito_ray.pipeline.rows.certainty.unsaid_prices import doubt_unsaid_prices
from monito_ray.pipeline.rows.offer_line import SheetTables


@dataclass(frozen=True, slots=True)
class Certainty:
    """How sure a list is read."""

    #: Sentences on what may be misread, each with its sheet; empty where the reader is sure.
    doubts: tuple[str, ...]
    unread: UnreadAmounts
    signs: ListSigns
    prediction: Prediction
    #: What would settle the doubts.
    questions: tuple[ColumnQuestion, ...] = ()

    def as_result(self) -> dict[str, Any]:
        """Return the fields that a task's `result` has of it."""
        return {
            "doubts": list(self.doubts),
            "unread_amounts": [asdict(cell) for cell in self.unread.cells],
            "unread_count": self.unread.count,
            "predicted_share": round(self.prediction.share, 3),
            "questions": [asdict(question) for question in self.questions],
        }


def assess(sheets: Sequence[SheetTables], *, are_columns_settled: bool = False) -> Certainty:
    """Return how sure the reading of these sheets is; where a person chose the columns, these are beyond doubt."""
    outside = unread_outside(sheets)
    signs = measure_signs(sheets, outside)
    if are_columns_settled:
        signs = without_column_signs(signs)
    unread = outside + unread_within(sheets)
    prediction = predict(signs)
    unsaid = () if are_columns_settled else doubt_unsaid_prices(sheets)
    doubts = (*doubt_formulas(sheets), *doubt_cut_cells(sheets), *unsaid, *describe_doubts(ReadList(sheets, unread, signs), prediction))
    return Certainty(doubts, unread, signs, prediction, ask_about_columns(sheets) if doubts and not are_columns_settled else ())
