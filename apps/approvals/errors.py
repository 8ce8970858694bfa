"""Refusals of the second pair of eyes."""

from apps.common.errors import DomainError


class UnknownApproval(DomainError):
    code = "UNKNOWN_APPROVAL"
    status = 404
    message = "There is no such request."


class NotPending(DomainError):
    code = "APPROVAL_NOT_PENDING"
    status = 409
    message = "The request is decided or has expired."


class OwnRequest(DomainError):
    code = "OWN_REQUEST"
    status = 403
    message = "Somebody else has to decide what you asked for."


class MissingRole(DomainError):
    code = "MISSING_ROLE"
    status = 403
    message = "You do not have the role for this."


class ReasonMissing(DomainError):
    code = "REASON_MISSING"
    status = 400
    message = "Give a reason."


class RowMoved(DomainError):
    code = "ROW_MOVED"
    status = 409
    message = "What was to be changed is no longer as it was when this was asked for."


class RowRefused(DomainError):
    """The message names the rules that are broken."""

    code = "ROW_REFUSED"
    status = 409
