"""The three logs and the two indexes that every law is held to."""

from tests.postgres_server import postgres_url
from tests.store.indexes import new_index
from tests.store.logs import new_logs

__all__ = ["new_index", "new_logs", "postgres_url"]
