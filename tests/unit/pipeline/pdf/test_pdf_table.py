"""Tables of a PDF page."""

from monito_ray.pipeline.cells import Merge
from monito_ray.pipeline.pdf.geometry import Box
from monito_ray.pipeline.pdf.pdf_table import PdfTable, without_single_cells


def test_a_table_has_one_column_less_than_edges():
    """Each column stands between two edges."""
    assert PdfTable((10.0, 50.0, 90.0), Box(10, 0, 90, 20), [["a", "b"]]).width == 2


def test_merges_of_a_single_cell_are_left_out():
    """A merge has cells beside or below its first one."""
    alone, wide, high = Merge(0, 0, 0, 0), Merge(1, 0, 1, 2), Merge(2, 1, 3, 1)
    assert without_single_cells([alone, wide, high]) == [wide, high]
