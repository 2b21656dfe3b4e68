"""The log, projections, corpus, artifacts, pack and unpack: the only room that knows SQL."""

from tamis.store.account_tables import (
    ApiToken,
    Attempt,
    Invitation,
    Membership,
    Person,
    SessionRow,
)
from tamis.store.accounts import AccountRows, Accounts
from tamis.store.artifacts import FileArtifacts, FolderDocuments
from tamis.store.corpus import Corpus
from tamis.store.files import (
    REAL_FILES,
    Fault,
    FaultyFiles,
    FileLayer,
    RealFiles,
    atomic_write,
    failed,
)
from tamis.store.folder_log import FolderLog
from tamis.store.index import Index, Ingested
from tamis.store.locks import derived_lock
from tamis.store.merging import Merged, merge
from tamis.store.packing import LEFT_OUT, Packed, pack
from tamis.store.placing import log_of, refuse_kept
from tamis.store.replicas import replica_of
from tamis.store.sql_log import Overtaken, SqlLog
from tamis.store.stamps import stamp_of
from tamis.store.together import write_together
from tamis.store.unpacking import Limits, Unpacked, unpack
from tamis.store.verification import check_heads, heads

__all__ = [
    "LEFT_OUT",
    "REAL_FILES",
    "AccountRows",
    "Accounts",
    "ApiToken",
    "Attempt",
    "Corpus",
    "Fault",
    "FaultyFiles",
    "FileArtifacts",
    "FileLayer",
    "FolderDocuments",
    "FolderLog",
    "Index",
    "Ingested",
    "Invitation",
    "Limits",
    "Membership",
    "Merged",
    "Overtaken",
    "Packed",
    "Person",
    "RealFiles",
    "SessionRow",
    "SqlLog",
    "Unpacked",
    "atomic_write",
    "check_heads",
    "derived_lock",
    "failed",
    "heads",
    "log_of",
    "merge",
    "pack",
    "refuse_kept",
    "replica_of",
    "stamp_of",
    "unpack",
    "write_together",
]
