"""Room: net."""
