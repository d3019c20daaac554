"""Questions beside the main one: uncertain days, leakage, spillover to competitors, every defensible specification."""
