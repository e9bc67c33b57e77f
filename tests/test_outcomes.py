"""Columns of strings made of codes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.outcomes import coded


@pytest.mark.parametrize("width", ["int8", "int64", "uint16"])
def test_a_code_stands_for_its_name(width):
    column = coded(np.array([2, 0, 0, 1], dtype=width), ["", "østpost", "mast"])
    assert column.tolist() == ["mast", "", "", "østpost"]
    assert column.dtype == "category"


def test_a_name_may_stand_there_twice():
    column = coded(np.array([2, 0, 1]), ["mast", "post", "mast"])
    assert column.tolist() == ["mast", "mast", "post"]


def test_many_names_have_their_codes():
    names = [f"c{number}" for number in range(300)]
    assert coded(np.arange(300), names).tolist() == names


def test_no_rows_and_no_names_are_a_column_too():
    assert len(coded(np.array([], dtype=np.int64), [])) == 0
    assert isinstance(coded(np.array([], dtype=np.int64), ["a"]).dtype, pd.CategoricalDtype)


@pytest.mark.parametrize("codes", [[-1, 0], [0, 2]])
def test_codes_without_a_name_are_refused(codes):
    with pytest.raises(ValueError, match="2 names"):
        coded(np.array(codes), ["a", "b"])
