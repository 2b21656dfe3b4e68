"""Room: examples."""
