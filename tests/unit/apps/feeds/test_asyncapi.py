"""docs/asyncapi.yaml is what the code makes, and real messages are what it says."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from apps.feeds.asyncapi import data_schemas, document, message_schema
from apps.feeds.management.commands.asyncapi import written
from apps.feeds.native_session import Command
from matcher.protocol.commands import CancelAllOrders, OpenAccount, SetInsuranceFund, SetMarkPrice, SetTradingState
from matcher.protocol.enums import Side, TradingState
from tests.support.feeds import ALICE, BOB, INSTRUMENT, EngineMatcher, open_hub, tick
from tests.support.native import Client

ROOT = Path(__file__).resolve().parents[4]
KINDS = sorted(data_schemas())


def test_the_file_is_what_the_code_makes() -> None:
    assert (ROOT / "docs" / "asyncapi.yaml").read_text(encoding="utf-8") == written(), "make asyncapi"


def test_every_reference_leads_somewhere_and_every_schema_is_one() -> None:
    whole = document()
    assert yaml.safe_load(written()) == json.loads(json.dumps(whole))
    for name, message in whole["components"]["messages"].items():
        jsonschema.Draft7Validator.check_schema(message["payload"])
        assert whole["channels"]["native"]["messages"][name] == {"$ref": f"#/components/messages/{name}"}
    said = [name for operation in whole["operations"].values() for name in operation["messages"]]
    assert len(said) == len(whole["components"]["messages"])


def test_commands_are_those_the_session_reads() -> None:
    messages = document()["components"]["messages"]
    fields = {Command.__struct_encode_fields__[at] for at in range(len(Command.__struct_fields__))}
    told = {name for message in messages.values() if "method" in message["payload"].get("properties", {})
            for name in message["payload"]["properties"]}  # fmt: skip
    assert told == fields


def is_as_told(message: Any) -> None:
    kind = message["channel"].partition(".")[0]
    jsonschema.validate(message, message_schema(data_schemas()[kind]))


@pytest.mark.parametrize("kind", KINDS)
async def test_real_messages_are_as_told(kind: str) -> None:
    """Snapshots and what a lively market and a liquidation make each channel say."""
    matcher = EngineMatcher()
    hub = await open_hub(matcher)
    matcher.send(OpenAccount(account=4), SetInsuranceFund(account=4, asset=1))
    client = Client(hub)
    await client.say(method="auth", id=1, api_key=str(ALICE))
    channel = {"insurance": kind, "account": kind, "adl": kind, "candles": "candles.BTCUSDT.1m"}.get(
        kind, f"{kind}.BTCUSDT"
    )
    told = await client.subscribe(channel)
    matcher.limit(ALICE, Side.SELL, 50_000, 5)
    matcher.limit(BOB, Side.BUY, 50_000, 2)
    matcher.send(CancelAllOrders(account=ALICE))
    matcher.send(SetMarkPrice(instrument=INSTRUMENT, mark_ticks=50_010, index_ticks=50_000))
    matcher.send(SetTradingState(instrument=INSTRUMENT, trading_state=TradingState.HALTED))
    for number in (5, 20):
        tick(hub, number)
    told += client.wire.take()
    late = Client(hub)
    await late.say(method="auth", id=1, api_key=str(ALICE))
    told += await late.subscribe(channel)
    assert told
    for message in told:
        is_as_told(message)
    await hub.stop()
