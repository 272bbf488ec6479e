"""`python -m hongtu` is the same as `hongtu`."""

from hongtu.cli import main

main()
