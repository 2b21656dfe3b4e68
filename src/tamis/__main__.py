"""``python -m tamis`` is the same as ``tamis``."""

from tamis.cli import main

main()
