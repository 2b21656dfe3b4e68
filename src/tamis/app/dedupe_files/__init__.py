"""De-duplication of plain files, without a review: what ``tamis dedupe`` does."""

from tamis.app.dedupe_files.run import FILES, Deduped, dedupe_files, write_deduped

__all__ = ["FILES", "Deduped", "dedupe_files", "write_deduped"]
