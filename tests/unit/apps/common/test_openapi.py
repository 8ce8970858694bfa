"""Both lanes end in one document, and an address has one owner."""

import sys
from types import ModuleType

import pytest
from pytest_django import Settings

from apps.common.openapi import add_trading_lane

OPERATION = {"operationId": "place_order", "responses": {"200": {"description": "done"}}}


@pytest.fixture
def lane(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = ModuleType("lane_for_test")
    module.EXTRA_OPERATIONS = [{"path": "/api/v1/orders", "method": "POST", "operation": OPERATION}]
    module.EXTRA_SCHEMAS = {"Order": {"type": "object"}}
    monkeypatch.setitem(sys.modules, "lane_for_test", module)
    settings.OPENAPI_EXTRA = "lane_for_test"
    return module


def test_operations_and_schemas_are_added(lane: ModuleType) -> None:
    result = add_trading_lane({"paths": {"/api/v1/me": {"get": {}}}}, None, None, True)
    assert result["paths"]["/api/v1/orders"] == {"post": OPERATION}
    assert list(result["paths"]) == ["/api/v1/me", "/api/v1/orders"]
    assert result["components"]["schemas"] == {"Order": {"type": "object"}}


def test_an_address_both_lanes_claim_is_refused(lane: ModuleType) -> None:
    with pytest.raises(ValueError, match="both lanes"):
        add_trading_lane({"paths": {"/api/v1/orders": {"post": {}}}}, None, None, True)
