"""The journal: who did what, when. Each act is a row with its own identity; the chain proves that none was changed."""

from app.history.acts import FRESH, Author, by_uuid, perform, record
from app.history.chain import HEAD_LOCK, check_chain, head
from app.history.kinds import count_of, of_kind
from app.history.models import Act, ActLink, Seal
from app.history.seals import check_seals, digest_of, seal

__all__ = [
    "FRESH",
    "HEAD_LOCK",
    "Act",
    "ActLink",
    "Author",
    "Seal",
    "by_uuid",
    "check_chain",
    "check_seals",
    "count_of",
    "digest_of",
    "head",
    "of_kind",
    "perform",
    "record",
    "seal",
]
