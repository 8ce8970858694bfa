"""What may be wrong between the journal and the rows."""


class JournalError(Exception):
    """The journal and the rows do not fit. Nothing was written; only a person can say what to do."""


class JournalGapError(JournalError):
    """A batch is missing, or the journal ends before the rows do."""


class JournalDamagedError(JournalError):
    """A batch is not what its digest says."""


class CursorMovedError(Exception):
    """Another projector wrote this batch first; the transaction was rolled back."""
