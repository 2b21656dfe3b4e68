"""The guard of the workbench: sessions, forged requests, foreign names, headers, limits."""

from tamis.web.guard.csrf import FIELD, HEADER, Csrf, holds, issue
from tamis.web.guard.headers import PAGE_POLICY, SecureHeaders, report_policy, source_of
from tamis.web.guard.origin import HostGuard, OriginGuard, Site, local_path
from tamis.web.guard.rate import Pace, RateLimit, address_of
from tamis.web.guard.refusals import REFUSALS, Answer, Refusal, plain_answer
from tamis.web.guard.sessions import Cookie, Gate, LocalSessions, Sessions, Visit, visit_of
from tamis.web.guard.uploads import BodyLimit, Bounds, Upload, unpacked, upload_name
from tamis.web.guard.wrapping import GuardSettings, guarded

__all__ = [
    "FIELD",
    "HEADER",
    "PAGE_POLICY",
    "REFUSALS",
    "Answer",
    "BodyLimit",
    "Bounds",
    "Cookie",
    "Csrf",
    "Gate",
    "GuardSettings",
    "HostGuard",
    "LocalSessions",
    "OriginGuard",
    "Pace",
    "RateLimit",
    "Refusal",
    "SecureHeaders",
    "Sessions",
    "Site",
    "Upload",
    "Visit",
    "address_of",
    "guarded",
    "holds",
    "issue",
    "local_path",
    "plain_answer",
    "report_policy",
    "source_of",
    "unpacked",
    "upload_name",
    "visit_of",
]
