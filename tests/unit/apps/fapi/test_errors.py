"""Every refusal of the engine has its code, text and status; texts clients match are exact."""

import pytest

from apps.fapi import errors
from matcher.protocol.rejects import RejectReason


def test_every_reject_reason_is_in_the_table() -> None:
    assert set(errors.REFUSALS) == set(RejectReason)


@pytest.mark.parametrize("reason", RejectReason)
def test_a_refusal_is_negative_4xx_and_has_no_hole(reason: RejectReason) -> None:
    error = errors.refused(reason)
    assert error.code < 0
    assert 400 <= error.status < 500 or (reason == RejectReason.CAPACITY_REACHED and error.status == 503)
    assert "{}" not in error.message
    assert error.name == reason.name


def test_texts_that_clients_match() -> None:
    assert errors.unknown_order_sent().message == "Unknown order sent."
    assert errors.order_missing().message == "Order does not exist."
    assert errors.refused(RejectReason.MARGIN_INSUFFICIENT).message == "Margin is insufficient."
    assert errors.refused(RejectReason.NOTHING_TO_AMEND).code == -5027
    assert errors.refused(RejectReason.PRICE_ABOVE_BAND, "9.5").message == "Limit price can't be higher than 9.5."
    assert errors.refused(RejectReason.INVALID_LEVERAGE, "500").message == "Leverage 500 is not valid"
    assert errors.refused(RejectReason.INVALID_LEVERAGE).message == "Leverage is not valid"
