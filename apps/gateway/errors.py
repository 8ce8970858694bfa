"""Refusals of the door itself, before any service is asked, and how a refusal looks on either surface."""

from __future__ import annotations

from apps.common.lane import Encode, LaneError, LaneResponse

TIMEOUT_TEXT = "Timeout waiting for response from backend server. Send status unknown; execution status unknown."
BUSY_TEXT = "Request throttled by system-level protection. Please try again."


def not_found(method: str, path: str) -> LaneError:
    return LaneError(-5000, f"Path {path[:200]}, Method {method[:10]} is invalid", 404, name="NOT_FOUND")


def method_not_allowed(method: str, path: str) -> LaneError:
    return LaneError(-5000, f"Path {path[:200]}, Method {method[:10]} is invalid", 405, name="METHOD_NOT_ALLOWED")


def too_large(what: str) -> LaneError:
    return LaneError(-1130, f"Data sent for parameter '{what}' is not valid.", 413, name="TOO_LARGE")


def body_late() -> LaneError:
    return LaneError(-1130, "The body did not arrive in time.", 408, name="BODY_LATE")


def unsupported_media_type() -> LaneError:
    return LaneError(-1130, "The body must be application/json.", 415, name="UNSUPPORTED_MEDIA_TYPE")


def illegal_form() -> LaneError:
    return LaneError(-1100, "Illegal characters found in a parameter.", name="MALFORMED_REQUEST")


def duplicate_parameter(name: str) -> LaneError:
    return LaneError(
        -1101,
        "Duplicate values for a parameter detected.",
        name="DUPLICATE_PARAMETER",
        details={"parameter": name[:40]},
    )


def missing(name: str) -> LaneError:
    text = f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed."
    return LaneError(-1102, text, name="MISSING_PARAMETER", details={"parameter": name})


def key_malformed() -> LaneError:
    return LaneError(-2014, "API-key format invalid.", 401, name="API_KEY_MALFORMED")


def key_refused() -> LaneError:
    return LaneError(-2015, "Invalid API-key, IP, or permissions for action.", 401, name="API_KEY_REFUSED")


def instrument_refused() -> LaneError:
    text = "Invalid API-key, IP, or permissions for action."
    return LaneError(-2015, text, 401, name="INSTRUMENT_NOT_ALLOWED")


def replayed() -> LaneError:
    return LaneError(-1022, "Signature for this request was used before.", name="REQUEST_REPLAYED")


def no_account() -> LaneError:
    return LaneError(-2015, "This user has no trading account yet.", 403, name="NO_TRADING_ACCOUNT")


def token_refused() -> LaneError:
    return LaneError(-2015, "The access token is missing, expired or revoked.", 401, name="NOT_AUTHENTICATED")


def signature_refused() -> LaneError:
    return LaneError(-1022, "Signature for this request is not valid.", name="SIGNATURE_INVALID")


def too_old() -> LaneError:
    return LaneError(-1021, "Timestamp for this request is outside of the recvWindow.", name="TIMESTAMP_OUT_OF_WINDOW")


def too_early() -> LaneError:
    return LaneError(
        -1021, "Timestamp for this request was 1000ms ahead of the server's time.", name="TIMESTAMP_OUT_OF_WINDOW"
    )


def window_too_large() -> LaneError:
    return LaneError(-1131, "recvWindow must be less than 60000.", name="RECV_WINDOW_TOO_LARGE")


def outcome_unknown() -> LaneError:
    """Sent, no answer: the order may exist. The caller asks by client_order_id."""
    return LaneError(-1007, TIMEOUT_TEXT, 503, name="OUTCOME_UNKNOWN")


def unavailable() -> LaneError:
    """Not taken: nothing happened, safe to repeat."""
    return LaneError(-1008, BUSY_TEXT, 503, name="UNAVAILABLE", headers=((b"retry-after", b"1"),))


def render(error: LaneError, path: str) -> LaneResponse:
    """The refusal as the surface of `path` spells it."""
    if path.startswith("/api/"):
        body = Encode({"code": error.name, "message": error.message, "details": error.details})
    else:
        body = Encode({"code": error.code, "msg": error.message})
    return LaneResponse(body, error.status, error.headers)
