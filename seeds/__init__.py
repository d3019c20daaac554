"""Data that ships with the library: seed articles, event catalogue, instruments and the simulated sample prices."""
