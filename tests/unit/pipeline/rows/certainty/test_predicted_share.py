"""The predicted share of right rows."""

from dataclasses import replace

import pytest

from monito_ray.pipeline import data
from monito_ray.pipeline.rows.certainty.list_signs import ListSigns, sign_names
from monito_ray.pipeline.rows.certainty.predicted_share import predict

MODEL = data.table("predicted_share.toml")


def test_a_list_without_signs_is_right():
    """Nothing speaks against it, so nothing is said."""
    prediction = predict(ListSigns())
    assert prediction.share > 0.98
    assert not prediction.is_doubtful
    assert prediction.against == {}


@pytest.mark.parametrize("name", MODEL["weights"])
def test_no_sign_speaks_for_a_list(name: str):
    """The more of a sign, the smaller the share."""
    shares = [predict(replace(ListSigns(), **{name: value})).share for value in (0.0, 0.2, 1.0)]
    assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize("name", MODEL["decisive"])
def test_a_decisive_sign_is_enough(name: str):
    """A list that is flawless otherwise is doubtful, and no more rows are right than that sign leaves."""
    prediction = predict(replace(ListSigns(), **{name: 0.7}))
    assert prediction.is_doubtful
    assert prediction.share <= 0.3 + 1e-9
    assert next(iter(prediction.against)) == name


def test_the_data_names_signs_that_exist():
    """A sign that is renamed takes its weight along."""
    assert {*MODEL["weights"], *MODEL["decisive"]} <= set(sign_names())
