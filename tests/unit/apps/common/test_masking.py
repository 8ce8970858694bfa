"""No secret planted in a log event comes out of it."""

import pytest

from apps.common.masking import MASK, mask, mask_event

CANARY = "canary-3f9"


@pytest.mark.parametrize(
    "event",
    [
        {"password": CANARY},
        {"api_secret": CANARY},
        {"headers": {"Authorization": CANARY, "Cookie": CANARY}},
        {"event": f"GET /fapi/v1/order?symbol=BTCUSDT&signature={CANARY}&x=1"},
        {"event": f"postgresql://user:{CANARY}@host/db"},
        {"many": [{"refresh": CANARY}, ("access", {"token": CANARY})]},
        {"event": f"Bearer eyJhbGciOiJI.{CANARY}.{CANARY}"},
    ],
)
def test_secrets_are_blanked(event: dict[str, object]) -> None:
    assert CANARY not in str(mask_event(None, "info", dict(event)))


def test_the_rest_is_left_alone() -> None:
    event = {"event": "order placed", "account_id": 3, "symbol": "BTCUSDT", "nothing": None}
    assert mask_event(None, "info", dict(event)) == event
    assert mask("redis://host/0") == "redis://host/0"
    assert mask({"token": ""}) == {"token": ""}
    assert MASK not in mask("tokens=3")
