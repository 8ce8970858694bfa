"""What can come back instead of an answer. There is no third kind: a failed send is one of these two."""

from __future__ import annotations


class BridgeError(Exception):
    """Base of both."""


class MatcherUnavailable(BridgeError):  # the name is the contract of docs/wiring.md
    """Not sent, or REFUSED: the command was not done and never will be. Safe to repeat."""


class OutcomeUnknown(BridgeError):  # the name is the contract of docs/wiring.md
    """Sent, but no answer in time or the link was lost: it may be done or not.

    Ask by client_order_id, or repeat with the same one.
    """
