"""`python -m signals`."""

from signals.cli import main

if __name__ == "__main__":
    main()
