"""People's decisions from a table: read, checked line by line, recorded."""
