"""What a notebook shows of prices and of a study."""

import numpy as np
import pandas as pd

import backtest as bt
from backtest.cards import ROWS
from backtest.testing import price_panel


def table_of(page: str) -> pd.DataFrame:
    """Read the page's table back, as a browser would show it."""
    import io

    return pd.read_html(io.StringIO(page), flavor="lxml", keep_default_na=False)[0]


def test_prices_show_one_row_per_series_with_its_holes():
    close = pd.DataFrame(
        {"AAA": [1.0, np.nan, 3.0, 4.0], "BBB": [np.nan, 1.0, 2.0, np.nan], "INDEX": [1.0, 2.0, 3.0, 4.0]},
        index=pd.bdate_range("2024-01-02", periods=4),
    )
    table = table_of(bt.Prices.from_frame(close, benchmark="INDEX")._repr_html_()).set_index("ticker")
    assert table["prices"].to_dict() == {"AAA": 3, "BBB": 2, "INDEX": 4}
    assert table["holes"].to_dict() == {"AAA": 1, "BBB": 0, "INDEX": 0}
    assert table.loc["BBB", ["first", "last", "role"]].tolist() == ["2024-01-03", "2024-01-04", "share"]
    assert table.loc["INDEX", "role"] == "benchmark"


def test_simulated_prices_say_so_and_names_are_escaped():
    prices = bt.load_prices(["ZAL.DE"], source="sample", start="2024-01-02", end="2024-02-01")
    assert "not market data" in prices._repr_html_().splitlines()[0]
    odd = pd.DataFrame({"<b>": [1.0, 2.0], "I": [1.0, 2.0]}, index=pd.bdate_range("2024-01-02", periods=2))
    page = bt.Prices.from_frame(odd, benchmark="I")._repr_html_()
    assert "<b>" not in page
    assert "&lt;b&gt;" in page


def test_a_long_list_is_cut_and_says_by_how_much():
    days = pd.bdate_range("2024-01-02", periods=2)
    many = pd.DataFrame({f"S{i}": [1.0, 2.0] for i in range(ROWS + 4)} | {"I": [1.0, 2.0]}, index=days)
    page = bt.Prices.from_frame(many, benchmark="I")._repr_html_()
    assert len(table_of(page)) == ROWS
    assert "… and 5 more series" in page


def test_a_series_without_any_price_is_shown_empty():
    panel = price_panel(sessions=350)
    gone = panel.prices.select(end=panel.prices.close.index[10]).select(start="2030-01-01")
    assert set(table_of(gone._repr_html_())["first"]) == {"–"}


def test_a_study_shows_its_settings():
    table = table_of(bt.EventStudy(event=(-1, 1), model="capm", min_obs=100)._repr_html_()).set_index("setting")[
        "value"
    ]
    assert table[["event", "model", "min_obs", "benchmark"]].tolist() == [
        "(-1, 1)",
        "capm",
        "100",
        "each instrument's own",
    ]
