"""A command line to call in-process, and files to call it with."""

import io
import sys
from dataclasses import dataclass

import pytest

from backtest.testing import price_panel


@dataclass(frozen=True)
class Outcome:
    """Exit code, standard output and standard error of a call."""

    code: int
    out: str
    err: str


@pytest.fixture
def call(monkeypatch, capsys, tmp_path):
    """Return a function that runs ``backtest`` with arguments in an empty folder, as the console script does."""

    def run(*arguments, stdin=b""):
        from backtest.cli import main

        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["backtest", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = 0 if stop.code is None else stop.code
        said = capsys.readouterr()
        return Outcome(code, said.out, said.err)

    return run


@pytest.fixture(scope="session")
def market(tmp_path_factory):
    """Return a folder with prices.csv (shares AAA, BBB, benchmark MKT), instruments.csv and events.csv that fit each other."""
    folder = tmp_path_factory.mktemp("market")
    panel = price_panel(noise=0.012, seed=11)
    wide = panel.prices.close.join(panel.prices.benchmarks)
    wide.to_csv(folder / "prices.csv", index_label="date")
    events = panel.events.reset_index()[["event_id", "asset"]]
    events["date"] = panel.events["event_time"].dt.strftime("%Y-%m-%d").to_numpy()
    events.assign(kind=["profit-warning", "guidance-raise"]).to_csv(folder / "events.csv", index=False)
    (folder / "instruments.csv").write_text(
        "ticker,name,benchmark,peers\nAAA,Alpha,MKT,BBB\nBBB,Beta,MKT,\nMKT,Market,,\n"
    )
    return folder
