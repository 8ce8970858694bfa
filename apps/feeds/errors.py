"""What can go wrong when someone asks the feeds."""


class FeedsUnavailableError(RuntimeError):
    """The hub has no complete picture of the market right now (starting, or filling a gap)."""


class UnknownInstrumentError(LookupError):
    """No such instrument in the feeds."""
