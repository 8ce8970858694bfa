"""Refusals of the KYC room."""

from apps.common.errors import DomainError


class UnknownApplication(DomainError):
    code = "UNKNOWN_APPLICATION"
    status = 404
    message = "There is no such application."


class UnknownDocument(DomainError):
    code = "UNKNOWN_DOCUMENT"
    status = 404
    message = "There is no such document."


class LevelMoved(DomainError):
    code = "LEVEL_MOVED"
    status = 409
    message = "The level's terms have changed since this was asked for."


class UnknownLevel(DomainError):
    code = "UNKNOWN_LEVEL"
    status = 400
    message = "There is no such level to apply for."


class ApplicationOpen(DomainError):
    """Details: `application_id`, the one that is open."""

    code = "APPLICATION_OPEN"
    status = 409
    message = "You have an open application; finish that one first."


class LevelReached(DomainError):
    code = "LEVEL_REACHED"
    status = 409
    message = "You have this level already."


class WrongState(DomainError):
    """Details: `state`, in which the application stands."""

    code = "WRONG_STATE"
    status = 409
    message = "The application does not stand where this can be done."


class DocumentsMissing(DomainError):
    """Details: `missing`, the requirements no document answers yet."""

    code = "DOCUMENTS_MISSING"
    status = 409
    message = "Some documents are still missing."


class TooManyDocuments(DomainError):
    code = "TOO_MANY_DOCUMENTS"
    status = 409
    message = "The number of documents is limited; remove one first."


class DocumentRefused(DomainError):
    """Details: `reason`, a word of `apps.kyc.inspection.REASONS`."""

    code = "DOCUMENT_REFUSED"
    status = 400
    message = "The document cannot be taken."


class ReasonMissing(DomainError):
    code = "REASON_MISSING"
    status = 400
    message = "A decision needs a reason."


class OpenScreening(DomainError):
    code = "OPEN_SCREENING"
    status = 409
    message = "A sanctions-list hit waits for a decision; nothing can be approved before."


class UnknownScreening(DomainError):
    code = "UNKNOWN_SCREENING"
    status = 404
    message = "There is no such screening that waits for a decision."


class SecondPersonNeeded(DomainError):
    code = "SECOND_PERSON_NEEDED"
    status = 409
    message = "This level is approved by two persons."


class OwnApplication(DomainError):
    code = "OWN_APPLICATION"
    status = 403
    message = "Nobody decides about themselves."


class LeverageAboveLevel(DomainError):
    """Details: `max_leverage`, `level`."""

    code = "LEVERAGE_ABOVE_LEVEL"
    status = 403
    message = "Your verification level does not allow this leverage."


class DailyLimitExceeded(DomainError):
    """Details: `kind`, `level`, `limit`, `used` and `left` as decimal text."""

    code = "DAILY_LIMIT_EXCEEDED"
    status = 409
    message = "Your verification level does not allow this much in 24 hours."


class ReferenceReused(DomainError):
    code = "REFERENCE_REUSED"
    status = 409
    message = "The reference was used for another amount."


class DeliveryRefused(DomainError):
    """A webhook that is not the provider's, is too old, or was delivered before."""

    code = "DELIVERY_REFUSED"
    status = 401
    message = "The delivery is not signed as agreed."


class DeliveryReplayed(DomainError):
    code = "DELIVERY_REPLAYED"
    status = 409
    message = "This very delivery was taken before."


class UnknownReference(DomainError):
    code = "UNKNOWN_REFERENCE"
    status = 404
    message = "There is no such submission."


class ProviderFailed(DomainError):
    code = "PROVIDER_FAILED"
    status = 503
    message = "The verification provider does not take submissions now."


class MalformedList(DomainError):
    """Details: `line`, the first wrong one."""

    code = "MALFORMED_LIST"
    status = 400
    message = "The sanctions list cannot be read."
