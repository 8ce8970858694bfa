"""A client generated from docs/openapi.yaml, by nobody's hand, signs in, reads the market and trades."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.lane_family import ROOT, LaneFamily
from tests.support.pace import PATIENCE_S

PACKAGE = "exchange_client_made_by_test"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The generated package: `api("orders.place_order")` imports one of its modules."""
    folder = tmp_path_factory.mktemp("generated")
    tools = Path(sys.executable).parent
    done = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(ROOT / "docs" / "openapi.yaml"),
         "--output-path", str(folder / PACKAGE), "--meta", "none"],
        capture_output=True, text=True, check=False, env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Warning" not in done.stdout, done.stdout
    sys.path.insert(0, str(folder))
    yield lambda name: importlib.import_module(f"{PACKAGE}.{name}")
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def lane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaneFamily]:
    with LaneFamily(tmp_path_factory.mktemp("generated-lane")) as family:
        yield family


@pytest.fixture(scope="module")
def client(api: Any, lane: LaneFamily) -> Iterator[Any]:
    """A client of the first demo trader."""
    person = lane.accounts[0]
    form = api("models").CredentialsRequest(email=person["email"], password=person["password"])
    with api("client").Client(base_url=lane.base_url, timeout=PATIENCE_S) as stranger:
        answer = api("api.auth.log_in").sync_detailed(client=stranger, body=form)
    assert answer.status_code == 200, answer
    with api("client").AuthenticatedClient(
        base_url=lane.base_url, token=answer.parsed.access, timeout=PATIENCE_S
    ) as one:
        yield one


def wish(api: Any, lane: LaneFamily, **changes: str) -> Any:
    """A resting buy 2 % under the mark."""
    body = {"symbol": lane.symbol, "side": "buy", "order_type": "limit", "quantity": "1.000"}
    return api("models").NewOrder.from_dict(body | {"price": lane.price(9_800)} | changes)


def test_every_operation_of_the_document_has_a_function(api: Any) -> None:
    text = (ROOT / "docs" / "openapi.yaml").read_text(encoding="utf-8")
    named = {line.split()[1] for line in text.splitlines() if line.strip().startswith("operationId:")}
    made = {path.stem for path in (Path(api("client").__file__).parent / "api").rglob("*.py")}
    assert len(named) > 50
    assert named <= made


def test_the_client_reads_places_and_cancels(api: Any, lane: LaneFamily, client: Any) -> None:
    assert api("api.auth.get_me").sync(client=client).email == lane.accounts[0]["email"]
    assert api("api.markets.get_market").sync(lane.symbol, client=client).symbol == lane.symbol
    placed = api("api.orders.place_order").sync_detailed(client=client, body=wish(api, lane))
    assert placed.status_code == 201, placed
    order = placed.parsed
    listed = api("api.orders.list_orders").sync(client=client, symbol=lane.symbol)
    assert order.order_id in {one.order_id for one in listed.orders}
    canceled = api("api.orders.cancel_order").sync_detailed(order.order_id, client=client, symbol=lane.symbol)
    assert canceled.status_code == 200, canceled
    assert canceled.parsed.status == "canceled"


def test_a_refusal_is_the_documents_refusal(api: Any, lane: LaneFamily, client: Any) -> None:
    order = wish(api, lane, symbol="NOSUCH")
    answer = api("api.orders.place_order").sync_detailed(client=client, body=order)
    assert answer.status_code in {400, 404}
    assert type(answer.parsed).__name__ == "Refusal"
    assert answer.parsed.message
