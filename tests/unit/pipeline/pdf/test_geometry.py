"""Boxes and groups of positions."""

from monito_ray.pipeline.pdf.geometry import Box, bounding_box, cluster


def test_a_cluster_reaches_as_far_as_the_tolerance_from_its_first():
    """Positions that drift apart slowly do not chain into one group."""
    assert cluster([0, 2, 3, 5, 9], float, 3) == [[0, 2, 3], [5], [9]]


def test_a_box_contains_what_has_its_centre_inside():
    """A text that is drawn over the border belongs to the cell with its middle."""
    cell = Box(0, 0, 100, 20)
    assert cell.contains_center_of(Box(60, 5, 130, 15))
    assert not cell.contains_center_of(Box(80, 5, 150, 15))


def test_a_bounding_box_has_all_boxes_in_it():
    """From the outermost edges of all."""
    assert bounding_box([Box(10, 5, 20, 15), Box(0, 8, 12, 30)]) == Box(0, 5, 20, 30)


def test_a_box_at_infinity_is_not_finite():
    """One edge is enough."""
    assert not Box(0, 0, float("inf"), 10).is_finite
    assert Box(0, 0, 10, 10).is_finite
