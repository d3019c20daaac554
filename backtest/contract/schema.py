"""The values that an events table may hold, checked once at the boundary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from backtest.errors import SchemaError, offenders

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

NOVELTIES = ("new", "repeat", "background")


def _event_schema() -> DataFrameSchema:
    import pandera.pandas as pa

    return pa.DataFrameSchema(
        {
            "novelty": pa.Column("str", pa.Check.isin(NOVELTIES)),
            "confidence": pa.Column("float64", pa.Check.in_range(0, 1), nullable=True),
            "articles": pa.Column("int64", pa.Check.ge(0)),
        }
    )


def validated(table: pd.DataFrame, source: str) -> pd.DataFrame:
    """Return the events table if it is sound; else raise SchemaError with the column, the values and the check that fails."""
    sure = table["confidence"]
    sound = table["novelty"].isin(NOVELTIES).all() and (sure.isna() | sure.between(0, 1)).all()
    if sound and (table["articles"] >= 0).all():
        return table
    # Only a table that is not sound needs the words of the schema.
    import pandera.pandas as pa

    try:
        _event_schema().validate(table, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
        column, check = cases.iloc[0][["column", "check"]]
        bad = cases.loc[cases["column"] == column, "failure_case"].unique()
        raise SchemaError(f"{source}: column {column!r} holds {offenders(bad)}, which fails {check}") from error
    return table
