"""Records as files: one module a format, each says what it cannot carry."""
