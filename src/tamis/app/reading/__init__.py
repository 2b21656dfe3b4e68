"""The reading room: a document beside the work that is done on it."""
