"""Import in two steps: `plan` says what a file would do, `run` does it in one transaction."""
