"""One browser and one server for all tests here, closed behind them; a package, so that pytest sees its end."""
