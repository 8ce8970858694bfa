"""The AsyncAPI 3 description of the native socket, made from its tables: channels, events, errors, close codes.

`manage.py asyncapi --file docs/asyncapi.yaml` writes it; a test holds the file against this and real messages
against its schemas.
"""

from __future__ import annotations

from typing import Any

from apps.common.intervals import INTERVALS
from apps.feeds import native_session as session
from apps.feeds.native_channels import PUBLIC_CHANNELS
from apps.feeds.native_socket import HEARTBEAT_S, IDLE_S, LIFETIME_S, NATIVE_PATH
from apps.feeds.native_words import (
    NO_INSTRUMENT,
    PRIVATE_EVENTS,
    PUBLIC_EVENTS,
    describe_event,
    describe_view,
    event_name,
)
from matcher.protocol.records import Record
from matcher.protocol.views import BalanceView, OrderView, PositionView

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
INTEGER: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
LEVEL: Schema = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2, "description": "price, quantity"}
_DETAILS = {
    "book": "Every change of the book in real time: levels with their new totals, a quantity of 0 removes the level. "
    "The snapshot holds all levels. `checksum` is the CRC-32 of the best ten levels after the message: price and "
    "quantity of bid 1, ask 1, bid 2, ask 2 and so on as written here, joined by colons, absent levels left out.",
    "book100": "The same folded over 100 ms.",
    "trades": "Every trade. The snapshot holds the newest 50, oldest first.",
    "best": "Best bid and ask, whenever either changes.",
    "ticker": "Prices of now and the last 24 hours, once a second when anything changed.",
    "mark": "Mark and index price and the announced funding, with every new mark.",
    "funding": "Premium samples with the rate they predict, and settlements.",
    "state": "Trading states; the settlement of a delisted instrument.",
    "liquidations": "Every order of a liquidation that traded; `price` is the worst it would take.",
    "candles": f"Every 250 ms: candles that closed and the open one when it changed. Intervals: {' '.join(INTERVALS)}.",
    "insurance": "Every change of the insurance funds' money. The snapshot holds all balances.",
    "account": "Everything that happens to the account, event by event; needs auth. The snapshot holds open orders, "
    "balances and positions; events hold states after them, so applying one twice does no harm.",
    "adl": "Places of the account's positions in the deleveraging queues, when they change; needs auth.",
}
_LOSSLESS = "Keeps history: `from` resumes it without a hole."
_LOSSY = "Says how things stand: after `from` comes a snapshot."
_KEEPS_HISTORY = {"book", "book100", "trades", "funding", "state", "liquidations", "insurance", "account"}


def _object(numbers: str = "", more: dict[str, Schema] | None = None, *, optional: str = "", **named: Schema) -> Schema:
    """Properties: numbers by their names, `more` and `named` with their schemas; all required but `optional`."""
    properties = dict.fromkeys(numbers.split(), NUMBER) | named | (more or {})
    left_out = set(optional.split())
    return {"type": "object", "properties": properties, "required": [n for n in properties if n not in left_out]}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _either(*kinds: Schema) -> Schema:
    return {"anyOf": list(kinds)}


def _or_null(schema: Schema) -> Schema:
    return _either(schema, {"type": "null"})


def _like(sample: dict[str, Any]) -> Schema:
    """The schema of what a record of zeros is written as: null stands for a number, in `_ms` for a time."""
    properties: dict[str, Schema] = {}
    for name, value in sample.items():
        if isinstance(value, bool):
            properties[name] = FLAG
        elif isinstance(value, int):
            properties[name] = INTEGER
        elif value is None:
            properties[name] = _or_null(INTEGER if name.endswith("_ms") else TEXT)
        else:
            properties[name] = TEXT
    return {"type": "object", "properties": properties, "required": sorted(properties)}


def _events(kinds: tuple[type[Any], ...]) -> Schema:
    schemas = []
    for kind in kinds:
        detail = {"detail": 1} if "cause" in _words_of(kind, 1) else {}
        schema = _like(describe_event(kind(**detail), NO_INSTRUMENT, {}))
        schema["title"] = event_name(kind)
        schema["properties"] |= {
            "event": {"const": event_name(kind)},
            "symbol": _or_null(TEXT),
            "reason": {"type": "string", "description": "why, where a rule did it"},
        }
        if "source_wallet" in schema["properties"]:
            schema["required"].remove("source_wallet")
        schemas.append(schema)
    return _list(_either(*schemas))


def _words_of(kind: type[Any], detail: int) -> dict[str, Any]:
    try:
        return describe_event(kind(detail=detail), NO_INSTRUMENT, {})
    except ValueError:
        return {}


def _view(view: type[Record]) -> Schema:
    schema = _like(describe_view(view(), NO_INSTRUMENT, {}))
    schema["properties"]["symbol"] = TEXT
    return schema


def data_schemas() -> dict[str, Schema]:
    """By channel kind: what `data` may be."""
    book = _object(bids=_list(LEVEL), asks=_list(LEVEL), checksum=INTEGER)
    trade = _object("price quantity", trade_id=TEXT, taker_side={"enum": ["buy", "sell"]}, time_ms=INTEGER)
    side = {"side": {"enum": ["buy", "sell"]}, "time_ms": INTEGER}
    candle = _object(
        "open high low close volume quote_volume",
        open_ms=INTEGER, close_ms=INTEGER, trade_count=INTEGER, closed=FLAG,
    )  # fmt: skip
    prices = {"mark_price": _or_null(NUMBER), "index_price": _or_null(NUMBER)}
    public = {event_name(kind): kind for kind in PUBLIC_EVENTS}
    funding = (public["funding_sampled"], public["funding_settled"])
    states = (public["trading_state_changed"], public["instrument_settled"])
    light = _object(symbol=TEXT, position_side=TEXT, rank=INTEGER, holders=INTEGER, lights=INTEGER)
    return {
        "book": book,
        "book100": book,
        "trades": _list(trade),
        "best": _object(bid=_or_null(LEVEL), ask=_or_null(LEVEL)),
        "ticker": _object(
            "last_price change change_percent open high low volume quote_volume open_interest", prices,
            trade_count=INTEGER,
        ),
        "mark": _object("funding_rate", prices, next_funding_ms=_or_null(INTEGER)),
        "funding": _either(_object("predicted_rate", next_funding_ms=_or_null(INTEGER)), _events(funding)),
        "state": _either(_object(trading_state=TEXT), _events(states)),
        "liquidations": _list(_object("price quantity filled_quantity average_price", side)),
        "candles": _list(candle),
        "insurance": _either(_list(_object("wallet", asset=TEXT)), _events((public["insurance_changed"],))),
        "account": _either(
            _object(
                orders=_list(_view(OrderView)), balances=_list(_view(BalanceView)), positions=_list(_view(PositionView))
            ),
            _events(PRIVATE_EVENTS),
        ),
        "adl": _list(light),
    }  # fmt: skip


def message_schema(data: Schema) -> Schema:
    """A data message."""
    return _object(
        channel=TEXT,
        type={"enum": ["snapshot", "update", "replay"]},
        prev=_or_null(INTEGER),
        seq=INTEGER,
        time_ms=INTEGER,
        data=_or_null(data),
    )


def _commands() -> dict[str, Schema]:
    words: dict[str, Schema] = {"id": _either(INTEGER, TEXT, {"type": "null"})}
    names = _list(TEXT)
    resume = {"type": "object", "additionalProperties": INTEGER, "description": "by channel: the last seq seen"}
    proof = {"token": TEXT, "api_key": TEXT, "timestamp": INTEGER, "recv_window": INTEGER, "signature": TEXT}
    limits = f"0 (off) or {session.TIMEOUT_MS[0]} to {session.TIMEOUT_MS[1]}"
    return {
        "subscribe": _object("", words | {"from": resume}, method={"const": "subscribe"}, channels=names, optional="id from"),
        "unsubscribe": _object("", words, method={"const": "unsubscribe"}, channels=names, optional="id"),
        "list": _object("", words, method={"const": "list"}, optional="id"),
        "auth": _object("", words | proof, method={"const": "auth"}, optional=" ".join(words | proof)),
        "cancel_on_disconnect": _object(
            "", words | {"timeout_ms": {"type": "integer", "description": limits}}, optional="id",
            method={"const": "cancel_on_disconnect"},
        ),
        "ping": _object("", words, method={"const": "ping"}, optional="id"),
        "heartbeat": _object(method={"const": "heartbeat"}),
    }  # fmt: skip


def _answers() -> dict[str, Schema]:
    error = _object(code={"enum": sorted(session.ERRORS)}, message=TEXT, details={"type": "object"})
    return {
        "result": _object(id={}, result={"type": "object"}),
        "error": _object(id={}, error=error),
        "heartbeat_event": _object(event={"const": "heartbeat"}, time_ms=INTEGER, seq=INTEGER),
        "gap_too_old": _object("", {"from": INTEGER}, event={"const": "gap_too_old"}, channel=TEXT),
    }


def _about() -> str:
    errors = "\n".join(f"- `{code}`: {text}" for code, text in session.ERRORS.items())
    closes = "\n".join(f"- {code}: {text}" for code, text in session.CLOSES.items())
    return f"""Text messages, JSON, both ways. Prices, quantities, money and rates are texts, times are milliseconds.

Every data message has the engine's sequence `seq` and the `prev` of its channel: a `prev` that is not the last
`seq` seen is a hole. The sequence means the same in every process and after every restart. A reader who comes
back sends `from` with the last `seq` of each channel: what was missed comes as `replay` messages, from memory or
from the journal, the last of them possibly with null data, which only says where the reader stands. Where that
is not possible `gap_too_old` comes first and a snapshot follows.

The server sends `heartbeat` every {HEARTBEAT_S:g} s and closes a socket from which nothing was heard for
{IDLE_S:g} s: answer it with `heartbeat`, or send `ping`. A socket lives {LIFETIME_S / 3600:g} hours, reads at most
{session.CHANNELS_MAX} channels, and says at most {session.COMMANDS_MAX} messages a second of {session.TEXT_MAX // 1024} KiB.

`auth` takes an access token, or an API key with `timestamp`, `recv_window` if wanted, and `signature`: that of the
text `api_key=...&recv_window=...&timestamp=...` (names sorted, absent ones left out) by the key's own method,
HMAC-SHA256 in hex or Ed25519 in base64. A token's socket ends with its session, a key's with its key.

`cancel_on_disconnect` arms the account's countdown for all instruments and renews it while the socket lives. When
the socket is lost, every open order of the account is canceled at once; when the serving process is lost too, the
engine cancels them after `timeout_ms`.

Errors:
{errors}

Close codes:
{closes}
"""


def document() -> Schema:
    """The whole of it."""
    data, commands, answers = data_schemas(), _commands(), _answers()
    messages = {name: {"name": name, "payload": schema} for name, schema in (commands | answers).items()}
    kinds = [name.partition(".")[0] for name in PUBLIC_CHANNELS] + ["account", "adl"]
    addresses = [*PUBLIC_CHANNELS, "account", "adl"]
    for kind, address in zip(kinds, addresses, strict=True):
        messages[f"{kind}_data"] = {
            "name": f"{kind}_data",
            "title": address,
            "description": f"{_DETAILS[kind]} {_LOSSLESS if kind in _KEEPS_HISTORY else _LOSSY}",
            "payload": message_schema(data[kind]),
        }
    sent = [name for name in messages if name not in commands]

    def refer(names: list[str]) -> list[Schema]:
        return [{"$ref": f"#/channels/native/messages/{name}"} for name in names]

    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Native market data and account socket", "version": "1.0.0", "description": _about()},
        "servers": {"gateway": {"host": "localhost:8000", "protocol": "ws", "pathname": NATIVE_PATH}},
        "defaultContentType": "application/json",
        "channels": {
            "native": {
                "address": NATIVE_PATH,
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": {
            "say": {"action": "receive", "channel": {"$ref": "#/channels/native"}, "messages": refer(list(commands))},
            "hear": {"action": "send", "channel": {"$ref": "#/channels/native"}, "messages": refer(sent)},
        },
        "components": {"messages": messages},
    }
