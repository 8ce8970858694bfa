# Made by matcher/protocol/generate.py from the declared records; do not edit.
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

cdef extern from * nogil:
    """
    #ifndef MATCHER_RECORDS
    #define MATCHER_RECORDS
    #include <stddef.h>
    #include <stdint.h>
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; uint8_t _rest[96]; } Command;
    _Static_assert(sizeof(Command) == 128, "Command");
    _Static_assert(offsetof(Command, seq) == 0, "Command.seq");
    _Static_assert(offsetof(Command, time_ns) == 8, "Command.time_ns");
    _Static_assert(offsetof(Command, command_id) == 16, "Command.command_id");
    _Static_assert(offsetof(Command, account) == 24, "Command.account");
    _Static_assert(offsetof(Command, instrument) == 28, "Command.instrument");
    _Static_assert(offsetof(Command, kind) == 30, "Command.kind");
    _Static_assert(offsetof(Command, version) == 31, "Command.version");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; uint16_t asset; uint8_t _rest[94]; } DefineAsset;
    _Static_assert(sizeof(DefineAsset) == 128, "DefineAsset");
    _Static_assert(offsetof(DefineAsset, seq) == 0, "DefineAsset.seq");
    _Static_assert(offsetof(DefineAsset, time_ns) == 8, "DefineAsset.time_ns");
    _Static_assert(offsetof(DefineAsset, command_id) == 16, "DefineAsset.command_id");
    _Static_assert(offsetof(DefineAsset, account) == 24, "DefineAsset.account");
    _Static_assert(offsetof(DefineAsset, instrument) == 28, "DefineAsset.instrument");
    _Static_assert(offsetof(DefineAsset, kind) == 30, "DefineAsset.kind");
    _Static_assert(offsetof(DefineAsset, version) == 31, "DefineAsset.version");
    _Static_assert(offsetof(DefineAsset, asset) == 32, "DefineAsset.asset");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; uint16_t settlement_asset; uint8_t trading_state; uint32_t price_band_ppm; int64_t tick_lot_units; int64_t max_price_ticks; int64_t min_quantity_lots; int64_t max_quantity_lots; int64_t max_market_quantity_lots; int64_t min_notional_units; uint32_t market_band_ppm; uint32_t max_open_orders; int32_t maker_fee_ppb; int32_t taker_fee_ppb; int32_t liquidation_fee_ppb; uint16_t default_leverage; uint8_t _rest[18]; } DefineInstrument;
    _Static_assert(sizeof(DefineInstrument) == 128, "DefineInstrument");
    _Static_assert(offsetof(DefineInstrument, seq) == 0, "DefineInstrument.seq");
    _Static_assert(offsetof(DefineInstrument, time_ns) == 8, "DefineInstrument.time_ns");
    _Static_assert(offsetof(DefineInstrument, command_id) == 16, "DefineInstrument.command_id");
    _Static_assert(offsetof(DefineInstrument, account) == 24, "DefineInstrument.account");
    _Static_assert(offsetof(DefineInstrument, instrument) == 28, "DefineInstrument.instrument");
    _Static_assert(offsetof(DefineInstrument, kind) == 30, "DefineInstrument.kind");
    _Static_assert(offsetof(DefineInstrument, version) == 31, "DefineInstrument.version");
    _Static_assert(offsetof(DefineInstrument, settlement_asset) == 32, "DefineInstrument.settlement_asset");
    _Static_assert(offsetof(DefineInstrument, trading_state) == 34, "DefineInstrument.trading_state");
    _Static_assert(offsetof(DefineInstrument, price_band_ppm) == 36, "DefineInstrument.price_band_ppm");
    _Static_assert(offsetof(DefineInstrument, tick_lot_units) == 40, "DefineInstrument.tick_lot_units");
    _Static_assert(offsetof(DefineInstrument, max_price_ticks) == 48, "DefineInstrument.max_price_ticks");
    _Static_assert(offsetof(DefineInstrument, min_quantity_lots) == 56, "DefineInstrument.min_quantity_lots");
    _Static_assert(offsetof(DefineInstrument, max_quantity_lots) == 64, "DefineInstrument.max_quantity_lots");
    _Static_assert(offsetof(DefineInstrument, max_market_quantity_lots) == 72, "DefineInstrument.max_market_quantity_lots");
    _Static_assert(offsetof(DefineInstrument, min_notional_units) == 80, "DefineInstrument.min_notional_units");
    _Static_assert(offsetof(DefineInstrument, market_band_ppm) == 88, "DefineInstrument.market_band_ppm");
    _Static_assert(offsetof(DefineInstrument, max_open_orders) == 92, "DefineInstrument.max_open_orders");
    _Static_assert(offsetof(DefineInstrument, maker_fee_ppb) == 96, "DefineInstrument.maker_fee_ppb");
    _Static_assert(offsetof(DefineInstrument, taker_fee_ppb) == 100, "DefineInstrument.taker_fee_ppb");
    _Static_assert(offsetof(DefineInstrument, liquidation_fee_ppb) == 104, "DefineInstrument.liquidation_fee_ppb");
    _Static_assert(offsetof(DefineInstrument, default_leverage) == 108, "DefineInstrument.default_leverage");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; int64_t notional_floor_units; uint32_t maintenance_rate_ppb; uint16_t max_leverage; uint8_t tier; uint8_t tier_count; uint8_t _rest[80]; } DefineRiskTier;
    _Static_assert(sizeof(DefineRiskTier) == 128, "DefineRiskTier");
    _Static_assert(offsetof(DefineRiskTier, seq) == 0, "DefineRiskTier.seq");
    _Static_assert(offsetof(DefineRiskTier, time_ns) == 8, "DefineRiskTier.time_ns");
    _Static_assert(offsetof(DefineRiskTier, command_id) == 16, "DefineRiskTier.command_id");
    _Static_assert(offsetof(DefineRiskTier, account) == 24, "DefineRiskTier.account");
    _Static_assert(offsetof(DefineRiskTier, instrument) == 28, "DefineRiskTier.instrument");
    _Static_assert(offsetof(DefineRiskTier, kind) == 30, "DefineRiskTier.kind");
    _Static_assert(offsetof(DefineRiskTier, version) == 31, "DefineRiskTier.version");
    _Static_assert(offsetof(DefineRiskTier, notional_floor_units) == 32, "DefineRiskTier.notional_floor_units");
    _Static_assert(offsetof(DefineRiskTier, maintenance_rate_ppb) == 40, "DefineRiskTier.maintenance_rate_ppb");
    _Static_assert(offsetof(DefineRiskTier, max_leverage) == 44, "DefineRiskTier.max_leverage");
    _Static_assert(offsetof(DefineRiskTier, tier) == 46, "DefineRiskTier.tier");
    _Static_assert(offsetof(DefineRiskTier, tier_count) == 47, "DefineRiskTier.tier_count");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; uint32_t group; int32_t maker_fee_ppb; int32_t taker_fee_ppb; uint8_t fee_override; uint8_t account_state; uint8_t _rest[82]; } OpenAccount;
    _Static_assert(sizeof(OpenAccount) == 128, "OpenAccount");
    _Static_assert(offsetof(OpenAccount, seq) == 0, "OpenAccount.seq");
    _Static_assert(offsetof(OpenAccount, time_ns) == 8, "OpenAccount.time_ns");
    _Static_assert(offsetof(OpenAccount, command_id) == 16, "OpenAccount.command_id");
    _Static_assert(offsetof(OpenAccount, account) == 24, "OpenAccount.account");
    _Static_assert(offsetof(OpenAccount, instrument) == 28, "OpenAccount.instrument");
    _Static_assert(offsetof(OpenAccount, kind) == 30, "OpenAccount.kind");
    _Static_assert(offsetof(OpenAccount, version) == 31, "OpenAccount.version");
    _Static_assert(offsetof(OpenAccount, group) == 32, "OpenAccount.group");
    _Static_assert(offsetof(OpenAccount, maker_fee_ppb) == 36, "OpenAccount.maker_fee_ppb");
    _Static_assert(offsetof(OpenAccount, taker_fee_ppb) == 40, "OpenAccount.taker_fee_ppb");
    _Static_assert(offsetof(OpenAccount, fee_override) == 44, "OpenAccount.fee_override");
    _Static_assert(offsetof(OpenAccount, account_state) == 45, "OpenAccount.account_state");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; int64_t amount_units; uint16_t asset; char reference[36]; uint8_t _rest[50]; } Deposit;
    _Static_assert(sizeof(Deposit) == 128, "Deposit");
    _Static_assert(offsetof(Deposit, seq) == 0, "Deposit.seq");
    _Static_assert(offsetof(Deposit, time_ns) == 8, "Deposit.time_ns");
    _Static_assert(offsetof(Deposit, command_id) == 16, "Deposit.command_id");
    _Static_assert(offsetof(Deposit, account) == 24, "Deposit.account");
    _Static_assert(offsetof(Deposit, instrument) == 28, "Deposit.instrument");
    _Static_assert(offsetof(Deposit, kind) == 30, "Deposit.kind");
    _Static_assert(offsetof(Deposit, version) == 31, "Deposit.version");
    _Static_assert(offsetof(Deposit, amount_units) == 32, "Deposit.amount_units");
    _Static_assert(offsetof(Deposit, asset) == 40, "Deposit.asset");
    _Static_assert(offsetof(Deposit, reference) == 42, "Deposit.reference");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; int64_t amount_units; uint16_t asset; char reference[36]; uint8_t _rest[50]; } Withdraw;
    _Static_assert(sizeof(Withdraw) == 128, "Withdraw");
    _Static_assert(offsetof(Withdraw, seq) == 0, "Withdraw.seq");
    _Static_assert(offsetof(Withdraw, time_ns) == 8, "Withdraw.time_ns");
    _Static_assert(offsetof(Withdraw, command_id) == 16, "Withdraw.command_id");
    _Static_assert(offsetof(Withdraw, account) == 24, "Withdraw.account");
    _Static_assert(offsetof(Withdraw, instrument) == 28, "Withdraw.instrument");
    _Static_assert(offsetof(Withdraw, kind) == 30, "Withdraw.kind");
    _Static_assert(offsetof(Withdraw, version) == 31, "Withdraw.version");
    _Static_assert(offsetof(Withdraw, amount_units) == 32, "Withdraw.amount_units");
    _Static_assert(offsetof(Withdraw, asset) == 40, "Withdraw.asset");
    _Static_assert(offsetof(Withdraw, reference) == 42, "Withdraw.reference");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; int64_t price_ticks; int64_t quantity_lots; int64_t trigger_ticks; int64_t good_till_ns; uint8_t side; uint8_t order_type; uint8_t time_in_force; uint8_t flags; uint8_t position_side; uint8_t working_type; uint8_t self_trade_prevention; char client_order_id[36]; uint8_t _rest[21]; } PlaceOrder;
    _Static_assert(sizeof(PlaceOrder) == 128, "PlaceOrder");
    _Static_assert(offsetof(PlaceOrder, seq) == 0, "PlaceOrder.seq");
    _Static_assert(offsetof(PlaceOrder, time_ns) == 8, "PlaceOrder.time_ns");
    _Static_assert(offsetof(PlaceOrder, command_id) == 16, "PlaceOrder.command_id");
    _Static_assert(offsetof(PlaceOrder, account) == 24, "PlaceOrder.account");
    _Static_assert(offsetof(PlaceOrder, instrument) == 28, "PlaceOrder.instrument");
    _Static_assert(offsetof(PlaceOrder, kind) == 30, "PlaceOrder.kind");
    _Static_assert(offsetof(PlaceOrder, version) == 31, "PlaceOrder.version");
    _Static_assert(offsetof(PlaceOrder, price_ticks) == 32, "PlaceOrder.price_ticks");
    _Static_assert(offsetof(PlaceOrder, quantity_lots) == 40, "PlaceOrder.quantity_lots");
    _Static_assert(offsetof(PlaceOrder, trigger_ticks) == 48, "PlaceOrder.trigger_ticks");
    _Static_assert(offsetof(PlaceOrder, good_till_ns) == 56, "PlaceOrder.good_till_ns");
    _Static_assert(offsetof(PlaceOrder, side) == 64, "PlaceOrder.side");
    _Static_assert(offsetof(PlaceOrder, order_type) == 65, "PlaceOrder.order_type");
    _Static_assert(offsetof(PlaceOrder, time_in_force) == 66, "PlaceOrder.time_in_force");
    _Static_assert(offsetof(PlaceOrder, flags) == 67, "PlaceOrder.flags");
    _Static_assert(offsetof(PlaceOrder, position_side) == 68, "PlaceOrder.position_side");
    _Static_assert(offsetof(PlaceOrder, working_type) == 69, "PlaceOrder.working_type");
    _Static_assert(offsetof(PlaceOrder, self_trade_prevention) == 70, "PlaceOrder.self_trade_prevention");
    _Static_assert(offsetof(PlaceOrder, client_order_id) == 71, "PlaceOrder.client_order_id");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; uint64_t order_id; char client_order_id[36]; uint8_t _rest[52]; } CancelOrder;
    _Static_assert(sizeof(CancelOrder) == 128, "CancelOrder");
    _Static_assert(offsetof(CancelOrder, seq) == 0, "CancelOrder.seq");
    _Static_assert(offsetof(CancelOrder, time_ns) == 8, "CancelOrder.time_ns");
    _Static_assert(offsetof(CancelOrder, command_id) == 16, "CancelOrder.command_id");
    _Static_assert(offsetof(CancelOrder, account) == 24, "CancelOrder.account");
    _Static_assert(offsetof(CancelOrder, instrument) == 28, "CancelOrder.instrument");
    _Static_assert(offsetof(CancelOrder, kind) == 30, "CancelOrder.kind");
    _Static_assert(offsetof(CancelOrder, version) == 31, "CancelOrder.version");
    _Static_assert(offsetof(CancelOrder, order_id) == 32, "CancelOrder.order_id");
    _Static_assert(offsetof(CancelOrder, client_order_id) == 40, "CancelOrder.client_order_id");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; uint8_t _rest[96]; } CancelAllOrders;
    _Static_assert(sizeof(CancelAllOrders) == 128, "CancelAllOrders");
    _Static_assert(offsetof(CancelAllOrders, seq) == 0, "CancelAllOrders.seq");
    _Static_assert(offsetof(CancelAllOrders, time_ns) == 8, "CancelAllOrders.time_ns");
    _Static_assert(offsetof(CancelAllOrders, command_id) == 16, "CancelAllOrders.command_id");
    _Static_assert(offsetof(CancelAllOrders, account) == 24, "CancelAllOrders.account");
    _Static_assert(offsetof(CancelAllOrders, instrument) == 28, "CancelAllOrders.instrument");
    _Static_assert(offsetof(CancelAllOrders, kind) == 30, "CancelAllOrders.kind");
    _Static_assert(offsetof(CancelAllOrders, version) == 31, "CancelAllOrders.version");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; uint64_t order_id; int64_t price_ticks; int64_t quantity_lots; char client_order_id[36]; uint8_t _rest[36]; } AmendOrder;
    _Static_assert(sizeof(AmendOrder) == 128, "AmendOrder");
    _Static_assert(offsetof(AmendOrder, seq) == 0, "AmendOrder.seq");
    _Static_assert(offsetof(AmendOrder, time_ns) == 8, "AmendOrder.time_ns");
    _Static_assert(offsetof(AmendOrder, command_id) == 16, "AmendOrder.command_id");
    _Static_assert(offsetof(AmendOrder, account) == 24, "AmendOrder.account");
    _Static_assert(offsetof(AmendOrder, instrument) == 28, "AmendOrder.instrument");
    _Static_assert(offsetof(AmendOrder, kind) == 30, "AmendOrder.kind");
    _Static_assert(offsetof(AmendOrder, version) == 31, "AmendOrder.version");
    _Static_assert(offsetof(AmendOrder, order_id) == 32, "AmendOrder.order_id");
    _Static_assert(offsetof(AmendOrder, price_ticks) == 40, "AmendOrder.price_ticks");
    _Static_assert(offsetof(AmendOrder, quantity_lots) == 48, "AmendOrder.quantity_lots");
    _Static_assert(offsetof(AmendOrder, client_order_id) == 56, "AmendOrder.client_order_id");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; uint16_t leverage; uint8_t _rest[94]; } SetLeverage;
    _Static_assert(sizeof(SetLeverage) == 128, "SetLeverage");
    _Static_assert(offsetof(SetLeverage, seq) == 0, "SetLeverage.seq");
    _Static_assert(offsetof(SetLeverage, time_ns) == 8, "SetLeverage.time_ns");
    _Static_assert(offsetof(SetLeverage, command_id) == 16, "SetLeverage.command_id");
    _Static_assert(offsetof(SetLeverage, account) == 24, "SetLeverage.account");
    _Static_assert(offsetof(SetLeverage, instrument) == 28, "SetLeverage.instrument");
    _Static_assert(offsetof(SetLeverage, kind) == 30, "SetLeverage.kind");
    _Static_assert(offsetof(SetLeverage, version) == 31, "SetLeverage.version");
    _Static_assert(offsetof(SetLeverage, leverage) == 32, "SetLeverage.leverage");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; int64_t mark_ticks; int64_t index_ticks; int64_t next_funding_ns; int64_t funding_rate_ppb; uint8_t _rest[64]; } SetMarkPrice;
    _Static_assert(sizeof(SetMarkPrice) == 128, "SetMarkPrice");
    _Static_assert(offsetof(SetMarkPrice, seq) == 0, "SetMarkPrice.seq");
    _Static_assert(offsetof(SetMarkPrice, time_ns) == 8, "SetMarkPrice.time_ns");
    _Static_assert(offsetof(SetMarkPrice, command_id) == 16, "SetMarkPrice.command_id");
    _Static_assert(offsetof(SetMarkPrice, account) == 24, "SetMarkPrice.account");
    _Static_assert(offsetof(SetMarkPrice, instrument) == 28, "SetMarkPrice.instrument");
    _Static_assert(offsetof(SetMarkPrice, kind) == 30, "SetMarkPrice.kind");
    _Static_assert(offsetof(SetMarkPrice, version) == 31, "SetMarkPrice.version");
    _Static_assert(offsetof(SetMarkPrice, mark_ticks) == 32, "SetMarkPrice.mark_ticks");
    _Static_assert(offsetof(SetMarkPrice, index_ticks) == 40, "SetMarkPrice.index_ticks");
    _Static_assert(offsetof(SetMarkPrice, next_funding_ns) == 48, "SetMarkPrice.next_funding_ns");
    _Static_assert(offsetof(SetMarkPrice, funding_rate_ppb) == 56, "SetMarkPrice.funding_rate_ppb");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; uint8_t trading_state; uint8_t _rest[95]; } SetTradingState;
    _Static_assert(sizeof(SetTradingState) == 128, "SetTradingState");
    _Static_assert(offsetof(SetTradingState, seq) == 0, "SetTradingState.seq");
    _Static_assert(offsetof(SetTradingState, time_ns) == 8, "SetTradingState.time_ns");
    _Static_assert(offsetof(SetTradingState, command_id) == 16, "SetTradingState.command_id");
    _Static_assert(offsetof(SetTradingState, account) == 24, "SetTradingState.account");
    _Static_assert(offsetof(SetTradingState, instrument) == 28, "SetTradingState.instrument");
    _Static_assert(offsetof(SetTradingState, kind) == 30, "SetTradingState.kind");
    _Static_assert(offsetof(SetTradingState, version) == 31, "SetTradingState.version");
    _Static_assert(offsetof(SetTradingState, trading_state) == 32, "SetTradingState.trading_state");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint8_t _rest[88]; } Event;
    _Static_assert(sizeof(Event) == 128, "Event");
    _Static_assert(offsetof(Event, seq) == 0, "Event.seq");
    _Static_assert(offsetof(Event, time_ns) == 8, "Event.time_ns");
    _Static_assert(offsetof(Event, command_id) == 16, "Event.command_id");
    _Static_assert(offsetof(Event, account) == 24, "Event.account");
    _Static_assert(offsetof(Event, instrument) == 28, "Event.instrument");
    _Static_assert(offsetof(Event, reason) == 30, "Event.reason");
    _Static_assert(offsetof(Event, kind) == 32, "Event.kind");
    _Static_assert(offsetof(Event, flags) == 33, "Event.flags");
    _Static_assert(offsetof(Event, detail) == 34, "Event.detail");
    _Static_assert(offsetof(Event, part) == 36, "Event.part");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint64_t order_id; int64_t price_ticks; int64_t quantity_lots; int64_t filled_lots; int64_t filled_quote_units; uint8_t side; uint8_t order_type; uint8_t time_in_force; uint8_t order_flags; uint8_t position_side; uint8_t working_type; uint8_t self_trade_prevention; uint8_t status; char client_order_id[36]; uint8_t _rest[4]; } OrderImage;
    _Static_assert(sizeof(OrderImage) == 128, "OrderImage");
    _Static_assert(offsetof(OrderImage, seq) == 0, "OrderImage.seq");
    _Static_assert(offsetof(OrderImage, time_ns) == 8, "OrderImage.time_ns");
    _Static_assert(offsetof(OrderImage, command_id) == 16, "OrderImage.command_id");
    _Static_assert(offsetof(OrderImage, account) == 24, "OrderImage.account");
    _Static_assert(offsetof(OrderImage, instrument) == 28, "OrderImage.instrument");
    _Static_assert(offsetof(OrderImage, reason) == 30, "OrderImage.reason");
    _Static_assert(offsetof(OrderImage, kind) == 32, "OrderImage.kind");
    _Static_assert(offsetof(OrderImage, flags) == 33, "OrderImage.flags");
    _Static_assert(offsetof(OrderImage, detail) == 34, "OrderImage.detail");
    _Static_assert(offsetof(OrderImage, part) == 36, "OrderImage.part");
    _Static_assert(offsetof(OrderImage, order_id) == 40, "OrderImage.order_id");
    _Static_assert(offsetof(OrderImage, price_ticks) == 48, "OrderImage.price_ticks");
    _Static_assert(offsetof(OrderImage, quantity_lots) == 56, "OrderImage.quantity_lots");
    _Static_assert(offsetof(OrderImage, filled_lots) == 64, "OrderImage.filled_lots");
    _Static_assert(offsetof(OrderImage, filled_quote_units) == 72, "OrderImage.filled_quote_units");
    _Static_assert(offsetof(OrderImage, side) == 80, "OrderImage.side");
    _Static_assert(offsetof(OrderImage, order_type) == 81, "OrderImage.order_type");
    _Static_assert(offsetof(OrderImage, time_in_force) == 82, "OrderImage.time_in_force");
    _Static_assert(offsetof(OrderImage, order_flags) == 83, "OrderImage.order_flags");
    _Static_assert(offsetof(OrderImage, position_side) == 84, "OrderImage.position_side");
    _Static_assert(offsetof(OrderImage, working_type) == 85, "OrderImage.working_type");
    _Static_assert(offsetof(OrderImage, self_trade_prevention) == 86, "OrderImage.self_trade_prevention");
    _Static_assert(offsetof(OrderImage, status) == 87, "OrderImage.status");
    _Static_assert(offsetof(OrderImage, client_order_id) == 88, "OrderImage.client_order_id");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint64_t order_id; char client_order_id[36]; uint8_t _rest[44]; } CommandRejected;
    _Static_assert(sizeof(CommandRejected) == 128, "CommandRejected");
    _Static_assert(offsetof(CommandRejected, seq) == 0, "CommandRejected.seq");
    _Static_assert(offsetof(CommandRejected, time_ns) == 8, "CommandRejected.time_ns");
    _Static_assert(offsetof(CommandRejected, command_id) == 16, "CommandRejected.command_id");
    _Static_assert(offsetof(CommandRejected, account) == 24, "CommandRejected.account");
    _Static_assert(offsetof(CommandRejected, instrument) == 28, "CommandRejected.instrument");
    _Static_assert(offsetof(CommandRejected, reason) == 30, "CommandRejected.reason");
    _Static_assert(offsetof(CommandRejected, kind) == 32, "CommandRejected.kind");
    _Static_assert(offsetof(CommandRejected, flags) == 33, "CommandRejected.flags");
    _Static_assert(offsetof(CommandRejected, detail) == 34, "CommandRejected.detail");
    _Static_assert(offsetof(CommandRejected, part) == 36, "CommandRejected.part");
    _Static_assert(offsetof(CommandRejected, order_id) == 40, "CommandRejected.order_id");
    _Static_assert(offsetof(CommandRejected, client_order_id) == 48, "CommandRejected.client_order_id");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; int64_t price_ticks; int64_t quantity_lots; uint8_t side; uint8_t order_type; uint8_t time_in_force; uint8_t order_flags; uint8_t position_side; char client_order_id[36]; uint8_t _rest[31]; } OrderRejected;
    _Static_assert(sizeof(OrderRejected) == 128, "OrderRejected");
    _Static_assert(offsetof(OrderRejected, seq) == 0, "OrderRejected.seq");
    _Static_assert(offsetof(OrderRejected, time_ns) == 8, "OrderRejected.time_ns");
    _Static_assert(offsetof(OrderRejected, command_id) == 16, "OrderRejected.command_id");
    _Static_assert(offsetof(OrderRejected, account) == 24, "OrderRejected.account");
    _Static_assert(offsetof(OrderRejected, instrument) == 28, "OrderRejected.instrument");
    _Static_assert(offsetof(OrderRejected, reason) == 30, "OrderRejected.reason");
    _Static_assert(offsetof(OrderRejected, kind) == 32, "OrderRejected.kind");
    _Static_assert(offsetof(OrderRejected, flags) == 33, "OrderRejected.flags");
    _Static_assert(offsetof(OrderRejected, detail) == 34, "OrderRejected.detail");
    _Static_assert(offsetof(OrderRejected, part) == 36, "OrderRejected.part");
    _Static_assert(offsetof(OrderRejected, price_ticks) == 40, "OrderRejected.price_ticks");
    _Static_assert(offsetof(OrderRejected, quantity_lots) == 48, "OrderRejected.quantity_lots");
    _Static_assert(offsetof(OrderRejected, side) == 56, "OrderRejected.side");
    _Static_assert(offsetof(OrderRejected, order_type) == 57, "OrderRejected.order_type");
    _Static_assert(offsetof(OrderRejected, time_in_force) == 58, "OrderRejected.time_in_force");
    _Static_assert(offsetof(OrderRejected, order_flags) == 59, "OrderRejected.order_flags");
    _Static_assert(offsetof(OrderRejected, position_side) == 60, "OrderRejected.position_side");
    _Static_assert(offsetof(OrderRejected, client_order_id) == 61, "OrderRejected.client_order_id");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint64_t order_id; int64_t price_ticks; int64_t quantity_lots; int64_t filled_lots; int64_t filled_quote_units; uint8_t side; uint8_t order_type; uint8_t time_in_force; uint8_t order_flags; uint8_t position_side; uint8_t working_type; uint8_t self_trade_prevention; uint8_t status; char client_order_id[36]; uint8_t _rest[4]; } OrderAccepted;
    _Static_assert(sizeof(OrderAccepted) == 128, "OrderAccepted");
    _Static_assert(offsetof(OrderAccepted, seq) == 0, "OrderAccepted.seq");
    _Static_assert(offsetof(OrderAccepted, time_ns) == 8, "OrderAccepted.time_ns");
    _Static_assert(offsetof(OrderAccepted, command_id) == 16, "OrderAccepted.command_id");
    _Static_assert(offsetof(OrderAccepted, account) == 24, "OrderAccepted.account");
    _Static_assert(offsetof(OrderAccepted, instrument) == 28, "OrderAccepted.instrument");
    _Static_assert(offsetof(OrderAccepted, reason) == 30, "OrderAccepted.reason");
    _Static_assert(offsetof(OrderAccepted, kind) == 32, "OrderAccepted.kind");
    _Static_assert(offsetof(OrderAccepted, flags) == 33, "OrderAccepted.flags");
    _Static_assert(offsetof(OrderAccepted, detail) == 34, "OrderAccepted.detail");
    _Static_assert(offsetof(OrderAccepted, part) == 36, "OrderAccepted.part");
    _Static_assert(offsetof(OrderAccepted, order_id) == 40, "OrderAccepted.order_id");
    _Static_assert(offsetof(OrderAccepted, price_ticks) == 48, "OrderAccepted.price_ticks");
    _Static_assert(offsetof(OrderAccepted, quantity_lots) == 56, "OrderAccepted.quantity_lots");
    _Static_assert(offsetof(OrderAccepted, filled_lots) == 64, "OrderAccepted.filled_lots");
    _Static_assert(offsetof(OrderAccepted, filled_quote_units) == 72, "OrderAccepted.filled_quote_units");
    _Static_assert(offsetof(OrderAccepted, side) == 80, "OrderAccepted.side");
    _Static_assert(offsetof(OrderAccepted, order_type) == 81, "OrderAccepted.order_type");
    _Static_assert(offsetof(OrderAccepted, time_in_force) == 82, "OrderAccepted.time_in_force");
    _Static_assert(offsetof(OrderAccepted, order_flags) == 83, "OrderAccepted.order_flags");
    _Static_assert(offsetof(OrderAccepted, position_side) == 84, "OrderAccepted.position_side");
    _Static_assert(offsetof(OrderAccepted, working_type) == 85, "OrderAccepted.working_type");
    _Static_assert(offsetof(OrderAccepted, self_trade_prevention) == 86, "OrderAccepted.self_trade_prevention");
    _Static_assert(offsetof(OrderAccepted, status) == 87, "OrderAccepted.status");
    _Static_assert(offsetof(OrderAccepted, client_order_id) == 88, "OrderAccepted.client_order_id");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint64_t order_id; uint64_t trade_id; int64_t price_ticks; int64_t quantity_lots; int64_t leaves_lots; int64_t filled_quote_units; int64_t fee_units; int64_t realized_pnl_units; int64_t position_lots; int64_t position_cost_units; int64_t wallet_units; } OrderFilled;
    _Static_assert(sizeof(OrderFilled) == 128, "OrderFilled");
    _Static_assert(offsetof(OrderFilled, seq) == 0, "OrderFilled.seq");
    _Static_assert(offsetof(OrderFilled, time_ns) == 8, "OrderFilled.time_ns");
    _Static_assert(offsetof(OrderFilled, command_id) == 16, "OrderFilled.command_id");
    _Static_assert(offsetof(OrderFilled, account) == 24, "OrderFilled.account");
    _Static_assert(offsetof(OrderFilled, instrument) == 28, "OrderFilled.instrument");
    _Static_assert(offsetof(OrderFilled, reason) == 30, "OrderFilled.reason");
    _Static_assert(offsetof(OrderFilled, kind) == 32, "OrderFilled.kind");
    _Static_assert(offsetof(OrderFilled, flags) == 33, "OrderFilled.flags");
    _Static_assert(offsetof(OrderFilled, detail) == 34, "OrderFilled.detail");
    _Static_assert(offsetof(OrderFilled, part) == 36, "OrderFilled.part");
    _Static_assert(offsetof(OrderFilled, order_id) == 40, "OrderFilled.order_id");
    _Static_assert(offsetof(OrderFilled, trade_id) == 48, "OrderFilled.trade_id");
    _Static_assert(offsetof(OrderFilled, price_ticks) == 56, "OrderFilled.price_ticks");
    _Static_assert(offsetof(OrderFilled, quantity_lots) == 64, "OrderFilled.quantity_lots");
    _Static_assert(offsetof(OrderFilled, leaves_lots) == 72, "OrderFilled.leaves_lots");
    _Static_assert(offsetof(OrderFilled, filled_quote_units) == 80, "OrderFilled.filled_quote_units");
    _Static_assert(offsetof(OrderFilled, fee_units) == 88, "OrderFilled.fee_units");
    _Static_assert(offsetof(OrderFilled, realized_pnl_units) == 96, "OrderFilled.realized_pnl_units");
    _Static_assert(offsetof(OrderFilled, position_lots) == 104, "OrderFilled.position_lots");
    _Static_assert(offsetof(OrderFilled, position_cost_units) == 112, "OrderFilled.position_cost_units");
    _Static_assert(offsetof(OrderFilled, wallet_units) == 120, "OrderFilled.wallet_units");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint64_t order_id; int64_t price_ticks; int64_t quantity_lots; int64_t filled_lots; int64_t filled_quote_units; uint8_t side; uint8_t order_type; uint8_t time_in_force; uint8_t order_flags; uint8_t position_side; uint8_t working_type; uint8_t self_trade_prevention; uint8_t status; char client_order_id[36]; uint8_t _rest[4]; } OrderCanceled;
    _Static_assert(sizeof(OrderCanceled) == 128, "OrderCanceled");
    _Static_assert(offsetof(OrderCanceled, seq) == 0, "OrderCanceled.seq");
    _Static_assert(offsetof(OrderCanceled, time_ns) == 8, "OrderCanceled.time_ns");
    _Static_assert(offsetof(OrderCanceled, command_id) == 16, "OrderCanceled.command_id");
    _Static_assert(offsetof(OrderCanceled, account) == 24, "OrderCanceled.account");
    _Static_assert(offsetof(OrderCanceled, instrument) == 28, "OrderCanceled.instrument");
    _Static_assert(offsetof(OrderCanceled, reason) == 30, "OrderCanceled.reason");
    _Static_assert(offsetof(OrderCanceled, kind) == 32, "OrderCanceled.kind");
    _Static_assert(offsetof(OrderCanceled, flags) == 33, "OrderCanceled.flags");
    _Static_assert(offsetof(OrderCanceled, detail) == 34, "OrderCanceled.detail");
    _Static_assert(offsetof(OrderCanceled, part) == 36, "OrderCanceled.part");
    _Static_assert(offsetof(OrderCanceled, order_id) == 40, "OrderCanceled.order_id");
    _Static_assert(offsetof(OrderCanceled, price_ticks) == 48, "OrderCanceled.price_ticks");
    _Static_assert(offsetof(OrderCanceled, quantity_lots) == 56, "OrderCanceled.quantity_lots");
    _Static_assert(offsetof(OrderCanceled, filled_lots) == 64, "OrderCanceled.filled_lots");
    _Static_assert(offsetof(OrderCanceled, filled_quote_units) == 72, "OrderCanceled.filled_quote_units");
    _Static_assert(offsetof(OrderCanceled, side) == 80, "OrderCanceled.side");
    _Static_assert(offsetof(OrderCanceled, order_type) == 81, "OrderCanceled.order_type");
    _Static_assert(offsetof(OrderCanceled, time_in_force) == 82, "OrderCanceled.time_in_force");
    _Static_assert(offsetof(OrderCanceled, order_flags) == 83, "OrderCanceled.order_flags");
    _Static_assert(offsetof(OrderCanceled, position_side) == 84, "OrderCanceled.position_side");
    _Static_assert(offsetof(OrderCanceled, working_type) == 85, "OrderCanceled.working_type");
    _Static_assert(offsetof(OrderCanceled, self_trade_prevention) == 86, "OrderCanceled.self_trade_prevention");
    _Static_assert(offsetof(OrderCanceled, status) == 87, "OrderCanceled.status");
    _Static_assert(offsetof(OrderCanceled, client_order_id) == 88, "OrderCanceled.client_order_id");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint64_t order_id; int64_t price_ticks; int64_t quantity_lots; int64_t filled_lots; int64_t filled_quote_units; uint8_t side; uint8_t order_type; uint8_t time_in_force; uint8_t order_flags; uint8_t position_side; uint8_t working_type; uint8_t self_trade_prevention; uint8_t status; char client_order_id[36]; uint8_t _rest[4]; } OrderExpired;
    _Static_assert(sizeof(OrderExpired) == 128, "OrderExpired");
    _Static_assert(offsetof(OrderExpired, seq) == 0, "OrderExpired.seq");
    _Static_assert(offsetof(OrderExpired, time_ns) == 8, "OrderExpired.time_ns");
    _Static_assert(offsetof(OrderExpired, command_id) == 16, "OrderExpired.command_id");
    _Static_assert(offsetof(OrderExpired, account) == 24, "OrderExpired.account");
    _Static_assert(offsetof(OrderExpired, instrument) == 28, "OrderExpired.instrument");
    _Static_assert(offsetof(OrderExpired, reason) == 30, "OrderExpired.reason");
    _Static_assert(offsetof(OrderExpired, kind) == 32, "OrderExpired.kind");
    _Static_assert(offsetof(OrderExpired, flags) == 33, "OrderExpired.flags");
    _Static_assert(offsetof(OrderExpired, detail) == 34, "OrderExpired.detail");
    _Static_assert(offsetof(OrderExpired, part) == 36, "OrderExpired.part");
    _Static_assert(offsetof(OrderExpired, order_id) == 40, "OrderExpired.order_id");
    _Static_assert(offsetof(OrderExpired, price_ticks) == 48, "OrderExpired.price_ticks");
    _Static_assert(offsetof(OrderExpired, quantity_lots) == 56, "OrderExpired.quantity_lots");
    _Static_assert(offsetof(OrderExpired, filled_lots) == 64, "OrderExpired.filled_lots");
    _Static_assert(offsetof(OrderExpired, filled_quote_units) == 72, "OrderExpired.filled_quote_units");
    _Static_assert(offsetof(OrderExpired, side) == 80, "OrderExpired.side");
    _Static_assert(offsetof(OrderExpired, order_type) == 81, "OrderExpired.order_type");
    _Static_assert(offsetof(OrderExpired, time_in_force) == 82, "OrderExpired.time_in_force");
    _Static_assert(offsetof(OrderExpired, order_flags) == 83, "OrderExpired.order_flags");
    _Static_assert(offsetof(OrderExpired, position_side) == 84, "OrderExpired.position_side");
    _Static_assert(offsetof(OrderExpired, working_type) == 85, "OrderExpired.working_type");
    _Static_assert(offsetof(OrderExpired, self_trade_prevention) == 86, "OrderExpired.self_trade_prevention");
    _Static_assert(offsetof(OrderExpired, status) == 87, "OrderExpired.status");
    _Static_assert(offsetof(OrderExpired, client_order_id) == 88, "OrderExpired.client_order_id");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint64_t order_id; int64_t price_ticks; int64_t quantity_lots; int64_t filled_lots; int64_t filled_quote_units; uint8_t side; uint8_t order_type; uint8_t time_in_force; uint8_t order_flags; uint8_t position_side; uint8_t working_type; uint8_t self_trade_prevention; uint8_t status; char client_order_id[36]; uint8_t _rest[4]; } OrderAmended;
    _Static_assert(sizeof(OrderAmended) == 128, "OrderAmended");
    _Static_assert(offsetof(OrderAmended, seq) == 0, "OrderAmended.seq");
    _Static_assert(offsetof(OrderAmended, time_ns) == 8, "OrderAmended.time_ns");
    _Static_assert(offsetof(OrderAmended, command_id) == 16, "OrderAmended.command_id");
    _Static_assert(offsetof(OrderAmended, account) == 24, "OrderAmended.account");
    _Static_assert(offsetof(OrderAmended, instrument) == 28, "OrderAmended.instrument");
    _Static_assert(offsetof(OrderAmended, reason) == 30, "OrderAmended.reason");
    _Static_assert(offsetof(OrderAmended, kind) == 32, "OrderAmended.kind");
    _Static_assert(offsetof(OrderAmended, flags) == 33, "OrderAmended.flags");
    _Static_assert(offsetof(OrderAmended, detail) == 34, "OrderAmended.detail");
    _Static_assert(offsetof(OrderAmended, part) == 36, "OrderAmended.part");
    _Static_assert(offsetof(OrderAmended, order_id) == 40, "OrderAmended.order_id");
    _Static_assert(offsetof(OrderAmended, price_ticks) == 48, "OrderAmended.price_ticks");
    _Static_assert(offsetof(OrderAmended, quantity_lots) == 56, "OrderAmended.quantity_lots");
    _Static_assert(offsetof(OrderAmended, filled_lots) == 64, "OrderAmended.filled_lots");
    _Static_assert(offsetof(OrderAmended, filled_quote_units) == 72, "OrderAmended.filled_quote_units");
    _Static_assert(offsetof(OrderAmended, side) == 80, "OrderAmended.side");
    _Static_assert(offsetof(OrderAmended, order_type) == 81, "OrderAmended.order_type");
    _Static_assert(offsetof(OrderAmended, time_in_force) == 82, "OrderAmended.time_in_force");
    _Static_assert(offsetof(OrderAmended, order_flags) == 83, "OrderAmended.order_flags");
    _Static_assert(offsetof(OrderAmended, position_side) == 84, "OrderAmended.position_side");
    _Static_assert(offsetof(OrderAmended, working_type) == 85, "OrderAmended.working_type");
    _Static_assert(offsetof(OrderAmended, self_trade_prevention) == 86, "OrderAmended.self_trade_prevention");
    _Static_assert(offsetof(OrderAmended, status) == 87, "OrderAmended.status");
    _Static_assert(offsetof(OrderAmended, client_order_id) == 88, "OrderAmended.client_order_id");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint64_t order_id; int64_t price_ticks; int64_t quantity_lots; int64_t filled_lots; int64_t filled_quote_units; uint8_t side; uint8_t order_type; uint8_t time_in_force; uint8_t order_flags; uint8_t position_side; uint8_t working_type; uint8_t self_trade_prevention; uint8_t status; char client_order_id[36]; uint8_t _rest[4]; } OrderReplayed;
    _Static_assert(sizeof(OrderReplayed) == 128, "OrderReplayed");
    _Static_assert(offsetof(OrderReplayed, seq) == 0, "OrderReplayed.seq");
    _Static_assert(offsetof(OrderReplayed, time_ns) == 8, "OrderReplayed.time_ns");
    _Static_assert(offsetof(OrderReplayed, command_id) == 16, "OrderReplayed.command_id");
    _Static_assert(offsetof(OrderReplayed, account) == 24, "OrderReplayed.account");
    _Static_assert(offsetof(OrderReplayed, instrument) == 28, "OrderReplayed.instrument");
    _Static_assert(offsetof(OrderReplayed, reason) == 30, "OrderReplayed.reason");
    _Static_assert(offsetof(OrderReplayed, kind) == 32, "OrderReplayed.kind");
    _Static_assert(offsetof(OrderReplayed, flags) == 33, "OrderReplayed.flags");
    _Static_assert(offsetof(OrderReplayed, detail) == 34, "OrderReplayed.detail");
    _Static_assert(offsetof(OrderReplayed, part) == 36, "OrderReplayed.part");
    _Static_assert(offsetof(OrderReplayed, order_id) == 40, "OrderReplayed.order_id");
    _Static_assert(offsetof(OrderReplayed, price_ticks) == 48, "OrderReplayed.price_ticks");
    _Static_assert(offsetof(OrderReplayed, quantity_lots) == 56, "OrderReplayed.quantity_lots");
    _Static_assert(offsetof(OrderReplayed, filled_lots) == 64, "OrderReplayed.filled_lots");
    _Static_assert(offsetof(OrderReplayed, filled_quote_units) == 72, "OrderReplayed.filled_quote_units");
    _Static_assert(offsetof(OrderReplayed, side) == 80, "OrderReplayed.side");
    _Static_assert(offsetof(OrderReplayed, order_type) == 81, "OrderReplayed.order_type");
    _Static_assert(offsetof(OrderReplayed, time_in_force) == 82, "OrderReplayed.time_in_force");
    _Static_assert(offsetof(OrderReplayed, order_flags) == 83, "OrderReplayed.order_flags");
    _Static_assert(offsetof(OrderReplayed, position_side) == 84, "OrderReplayed.position_side");
    _Static_assert(offsetof(OrderReplayed, working_type) == 85, "OrderReplayed.working_type");
    _Static_assert(offsetof(OrderReplayed, self_trade_prevention) == 86, "OrderReplayed.self_trade_prevention");
    _Static_assert(offsetof(OrderReplayed, status) == 87, "OrderReplayed.status");
    _Static_assert(offsetof(OrderReplayed, client_order_id) == 88, "OrderReplayed.client_order_id");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint64_t count; uint8_t _rest[80]; } OrdersCanceled;
    _Static_assert(sizeof(OrdersCanceled) == 128, "OrdersCanceled");
    _Static_assert(offsetof(OrdersCanceled, seq) == 0, "OrdersCanceled.seq");
    _Static_assert(offsetof(OrdersCanceled, time_ns) == 8, "OrdersCanceled.time_ns");
    _Static_assert(offsetof(OrdersCanceled, command_id) == 16, "OrdersCanceled.command_id");
    _Static_assert(offsetof(OrdersCanceled, account) == 24, "OrdersCanceled.account");
    _Static_assert(offsetof(OrdersCanceled, instrument) == 28, "OrdersCanceled.instrument");
    _Static_assert(offsetof(OrdersCanceled, reason) == 30, "OrdersCanceled.reason");
    _Static_assert(offsetof(OrdersCanceled, kind) == 32, "OrdersCanceled.kind");
    _Static_assert(offsetof(OrdersCanceled, flags) == 33, "OrdersCanceled.flags");
    _Static_assert(offsetof(OrdersCanceled, detail) == 34, "OrdersCanceled.detail");
    _Static_assert(offsetof(OrdersCanceled, part) == 36, "OrdersCanceled.part");
    _Static_assert(offsetof(OrdersCanceled, count) == 40, "OrdersCanceled.count");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; int64_t amount_units; int64_t wallet_units; uint16_t asset; char reference[36]; uint8_t _rest[34]; } BalanceChanged;
    _Static_assert(sizeof(BalanceChanged) == 128, "BalanceChanged");
    _Static_assert(offsetof(BalanceChanged, seq) == 0, "BalanceChanged.seq");
    _Static_assert(offsetof(BalanceChanged, time_ns) == 8, "BalanceChanged.time_ns");
    _Static_assert(offsetof(BalanceChanged, command_id) == 16, "BalanceChanged.command_id");
    _Static_assert(offsetof(BalanceChanged, account) == 24, "BalanceChanged.account");
    _Static_assert(offsetof(BalanceChanged, instrument) == 28, "BalanceChanged.instrument");
    _Static_assert(offsetof(BalanceChanged, reason) == 30, "BalanceChanged.reason");
    _Static_assert(offsetof(BalanceChanged, kind) == 32, "BalanceChanged.kind");
    _Static_assert(offsetof(BalanceChanged, flags) == 33, "BalanceChanged.flags");
    _Static_assert(offsetof(BalanceChanged, detail) == 34, "BalanceChanged.detail");
    _Static_assert(offsetof(BalanceChanged, part) == 36, "BalanceChanged.part");
    _Static_assert(offsetof(BalanceChanged, amount_units) == 40, "BalanceChanged.amount_units");
    _Static_assert(offsetof(BalanceChanged, wallet_units) == 48, "BalanceChanged.wallet_units");
    _Static_assert(offsetof(BalanceChanged, asset) == 56, "BalanceChanged.asset");
    _Static_assert(offsetof(BalanceChanged, reference) == 58, "BalanceChanged.reference");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; int64_t amount_units; int64_t wallet_units; uint16_t asset; char reference[36]; uint8_t _rest[34]; } BalanceReplayed;
    _Static_assert(sizeof(BalanceReplayed) == 128, "BalanceReplayed");
    _Static_assert(offsetof(BalanceReplayed, seq) == 0, "BalanceReplayed.seq");
    _Static_assert(offsetof(BalanceReplayed, time_ns) == 8, "BalanceReplayed.time_ns");
    _Static_assert(offsetof(BalanceReplayed, command_id) == 16, "BalanceReplayed.command_id");
    _Static_assert(offsetof(BalanceReplayed, account) == 24, "BalanceReplayed.account");
    _Static_assert(offsetof(BalanceReplayed, instrument) == 28, "BalanceReplayed.instrument");
    _Static_assert(offsetof(BalanceReplayed, reason) == 30, "BalanceReplayed.reason");
    _Static_assert(offsetof(BalanceReplayed, kind) == 32, "BalanceReplayed.kind");
    _Static_assert(offsetof(BalanceReplayed, flags) == 33, "BalanceReplayed.flags");
    _Static_assert(offsetof(BalanceReplayed, detail) == 34, "BalanceReplayed.detail");
    _Static_assert(offsetof(BalanceReplayed, part) == 36, "BalanceReplayed.part");
    _Static_assert(offsetof(BalanceReplayed, amount_units) == 40, "BalanceReplayed.amount_units");
    _Static_assert(offsetof(BalanceReplayed, wallet_units) == 48, "BalanceReplayed.wallet_units");
    _Static_assert(offsetof(BalanceReplayed, asset) == 56, "BalanceReplayed.asset");
    _Static_assert(offsetof(BalanceReplayed, reference) == 58, "BalanceReplayed.reference");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint32_t group; uint8_t account_state; uint8_t _rest[83]; } AccountOpened;
    _Static_assert(sizeof(AccountOpened) == 128, "AccountOpened");
    _Static_assert(offsetof(AccountOpened, seq) == 0, "AccountOpened.seq");
    _Static_assert(offsetof(AccountOpened, time_ns) == 8, "AccountOpened.time_ns");
    _Static_assert(offsetof(AccountOpened, command_id) == 16, "AccountOpened.command_id");
    _Static_assert(offsetof(AccountOpened, account) == 24, "AccountOpened.account");
    _Static_assert(offsetof(AccountOpened, instrument) == 28, "AccountOpened.instrument");
    _Static_assert(offsetof(AccountOpened, reason) == 30, "AccountOpened.reason");
    _Static_assert(offsetof(AccountOpened, kind) == 32, "AccountOpened.kind");
    _Static_assert(offsetof(AccountOpened, flags) == 33, "AccountOpened.flags");
    _Static_assert(offsetof(AccountOpened, detail) == 34, "AccountOpened.detail");
    _Static_assert(offsetof(AccountOpened, part) == 36, "AccountOpened.part");
    _Static_assert(offsetof(AccountOpened, group) == 40, "AccountOpened.group");
    _Static_assert(offsetof(AccountOpened, account_state) == 44, "AccountOpened.account_state");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; int64_t leverage; int64_t max_notional_units; uint8_t _rest[72]; } LeverageChanged;
    _Static_assert(sizeof(LeverageChanged) == 128, "LeverageChanged");
    _Static_assert(offsetof(LeverageChanged, seq) == 0, "LeverageChanged.seq");
    _Static_assert(offsetof(LeverageChanged, time_ns) == 8, "LeverageChanged.time_ns");
    _Static_assert(offsetof(LeverageChanged, command_id) == 16, "LeverageChanged.command_id");
    _Static_assert(offsetof(LeverageChanged, account) == 24, "LeverageChanged.account");
    _Static_assert(offsetof(LeverageChanged, instrument) == 28, "LeverageChanged.instrument");
    _Static_assert(offsetof(LeverageChanged, reason) == 30, "LeverageChanged.reason");
    _Static_assert(offsetof(LeverageChanged, kind) == 32, "LeverageChanged.kind");
    _Static_assert(offsetof(LeverageChanged, flags) == 33, "LeverageChanged.flags");
    _Static_assert(offsetof(LeverageChanged, detail) == 34, "LeverageChanged.detail");
    _Static_assert(offsetof(LeverageChanged, part) == 36, "LeverageChanged.part");
    _Static_assert(offsetof(LeverageChanged, leverage) == 40, "LeverageChanged.leverage");
    _Static_assert(offsetof(LeverageChanged, max_notional_units) == 48, "LeverageChanged.max_notional_units");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; int64_t mark_ticks; int64_t index_ticks; int64_t next_funding_ns; int64_t funding_rate_ppb; uint8_t _rest[56]; } MarkPriceChanged;
    _Static_assert(sizeof(MarkPriceChanged) == 128, "MarkPriceChanged");
    _Static_assert(offsetof(MarkPriceChanged, seq) == 0, "MarkPriceChanged.seq");
    _Static_assert(offsetof(MarkPriceChanged, time_ns) == 8, "MarkPriceChanged.time_ns");
    _Static_assert(offsetof(MarkPriceChanged, command_id) == 16, "MarkPriceChanged.command_id");
    _Static_assert(offsetof(MarkPriceChanged, account) == 24, "MarkPriceChanged.account");
    _Static_assert(offsetof(MarkPriceChanged, instrument) == 28, "MarkPriceChanged.instrument");
    _Static_assert(offsetof(MarkPriceChanged, reason) == 30, "MarkPriceChanged.reason");
    _Static_assert(offsetof(MarkPriceChanged, kind) == 32, "MarkPriceChanged.kind");
    _Static_assert(offsetof(MarkPriceChanged, flags) == 33, "MarkPriceChanged.flags");
    _Static_assert(offsetof(MarkPriceChanged, detail) == 34, "MarkPriceChanged.detail");
    _Static_assert(offsetof(MarkPriceChanged, part) == 36, "MarkPriceChanged.part");
    _Static_assert(offsetof(MarkPriceChanged, mark_ticks) == 40, "MarkPriceChanged.mark_ticks");
    _Static_assert(offsetof(MarkPriceChanged, index_ticks) == 48, "MarkPriceChanged.index_ticks");
    _Static_assert(offsetof(MarkPriceChanged, next_funding_ns) == 56, "MarkPriceChanged.next_funding_ns");
    _Static_assert(offsetof(MarkPriceChanged, funding_rate_ppb) == 64, "MarkPriceChanged.funding_rate_ppb");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint16_t asset; uint8_t _rest[86]; } AssetDefined;
    _Static_assert(sizeof(AssetDefined) == 128, "AssetDefined");
    _Static_assert(offsetof(AssetDefined, seq) == 0, "AssetDefined.seq");
    _Static_assert(offsetof(AssetDefined, time_ns) == 8, "AssetDefined.time_ns");
    _Static_assert(offsetof(AssetDefined, command_id) == 16, "AssetDefined.command_id");
    _Static_assert(offsetof(AssetDefined, account) == 24, "AssetDefined.account");
    _Static_assert(offsetof(AssetDefined, instrument) == 28, "AssetDefined.instrument");
    _Static_assert(offsetof(AssetDefined, reason) == 30, "AssetDefined.reason");
    _Static_assert(offsetof(AssetDefined, kind) == 32, "AssetDefined.kind");
    _Static_assert(offsetof(AssetDefined, flags) == 33, "AssetDefined.flags");
    _Static_assert(offsetof(AssetDefined, detail) == 34, "AssetDefined.detail");
    _Static_assert(offsetof(AssetDefined, part) == 36, "AssetDefined.part");
    _Static_assert(offsetof(AssetDefined, asset) == 40, "AssetDefined.asset");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint8_t trading_state; uint8_t _rest[87]; } InstrumentDefined;
    _Static_assert(sizeof(InstrumentDefined) == 128, "InstrumentDefined");
    _Static_assert(offsetof(InstrumentDefined, seq) == 0, "InstrumentDefined.seq");
    _Static_assert(offsetof(InstrumentDefined, time_ns) == 8, "InstrumentDefined.time_ns");
    _Static_assert(offsetof(InstrumentDefined, command_id) == 16, "InstrumentDefined.command_id");
    _Static_assert(offsetof(InstrumentDefined, account) == 24, "InstrumentDefined.account");
    _Static_assert(offsetof(InstrumentDefined, instrument) == 28, "InstrumentDefined.instrument");
    _Static_assert(offsetof(InstrumentDefined, reason) == 30, "InstrumentDefined.reason");
    _Static_assert(offsetof(InstrumentDefined, kind) == 32, "InstrumentDefined.kind");
    _Static_assert(offsetof(InstrumentDefined, flags) == 33, "InstrumentDefined.flags");
    _Static_assert(offsetof(InstrumentDefined, detail) == 34, "InstrumentDefined.detail");
    _Static_assert(offsetof(InstrumentDefined, part) == 36, "InstrumentDefined.part");
    _Static_assert(offsetof(InstrumentDefined, trading_state) == 40, "InstrumentDefined.trading_state");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint8_t tier; uint8_t tier_count; uint8_t _rest[86]; } RiskTierDefined;
    _Static_assert(sizeof(RiskTierDefined) == 128, "RiskTierDefined");
    _Static_assert(offsetof(RiskTierDefined, seq) == 0, "RiskTierDefined.seq");
    _Static_assert(offsetof(RiskTierDefined, time_ns) == 8, "RiskTierDefined.time_ns");
    _Static_assert(offsetof(RiskTierDefined, command_id) == 16, "RiskTierDefined.command_id");
    _Static_assert(offsetof(RiskTierDefined, account) == 24, "RiskTierDefined.account");
    _Static_assert(offsetof(RiskTierDefined, instrument) == 28, "RiskTierDefined.instrument");
    _Static_assert(offsetof(RiskTierDefined, reason) == 30, "RiskTierDefined.reason");
    _Static_assert(offsetof(RiskTierDefined, kind) == 32, "RiskTierDefined.kind");
    _Static_assert(offsetof(RiskTierDefined, flags) == 33, "RiskTierDefined.flags");
    _Static_assert(offsetof(RiskTierDefined, detail) == 34, "RiskTierDefined.detail");
    _Static_assert(offsetof(RiskTierDefined, part) == 36, "RiskTierDefined.part");
    _Static_assert(offsetof(RiskTierDefined, tier) == 40, "RiskTierDefined.tier");
    _Static_assert(offsetof(RiskTierDefined, tier_count) == 41, "RiskTierDefined.tier_count");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint8_t trading_state; uint8_t _rest[87]; } TradingStateChanged;
    _Static_assert(sizeof(TradingStateChanged) == 128, "TradingStateChanged");
    _Static_assert(offsetof(TradingStateChanged, seq) == 0, "TradingStateChanged.seq");
    _Static_assert(offsetof(TradingStateChanged, time_ns) == 8, "TradingStateChanged.time_ns");
    _Static_assert(offsetof(TradingStateChanged, command_id) == 16, "TradingStateChanged.command_id");
    _Static_assert(offsetof(TradingStateChanged, account) == 24, "TradingStateChanged.account");
    _Static_assert(offsetof(TradingStateChanged, instrument) == 28, "TradingStateChanged.instrument");
    _Static_assert(offsetof(TradingStateChanged, reason) == 30, "TradingStateChanged.reason");
    _Static_assert(offsetof(TradingStateChanged, kind) == 32, "TradingStateChanged.kind");
    _Static_assert(offsetof(TradingStateChanged, flags) == 33, "TradingStateChanged.flags");
    _Static_assert(offsetof(TradingStateChanged, detail) == 34, "TradingStateChanged.detail");
    _Static_assert(offsetof(TradingStateChanged, part) == 36, "TradingStateChanged.part");
    _Static_assert(offsetof(TradingStateChanged, trading_state) == 40, "TradingStateChanged.trading_state");
    typedef struct { uint64_t seq; int64_t price_ticks; int64_t quantity_lots; uint16_t instrument; uint8_t side; uint8_t _rest[5]; } LevelChanged;
    _Static_assert(sizeof(LevelChanged) == 32, "LevelChanged");
    _Static_assert(offsetof(LevelChanged, seq) == 0, "LevelChanged.seq");
    _Static_assert(offsetof(LevelChanged, price_ticks) == 8, "LevelChanged.price_ticks");
    _Static_assert(offsetof(LevelChanged, quantity_lots) == 16, "LevelChanged.quantity_lots");
    _Static_assert(offsetof(LevelChanged, instrument) == 24, "LevelChanged.instrument");
    _Static_assert(offsetof(LevelChanged, side) == 26, "LevelChanged.side");
    typedef struct { uint32_t account; uint32_t limit; uint64_t order_id; uint16_t instrument; uint8_t kind; char client_order_id[36]; uint8_t _rest[25]; } Query;
    _Static_assert(sizeof(Query) == 80, "Query");
    _Static_assert(offsetof(Query, account) == 0, "Query.account");
    _Static_assert(offsetof(Query, limit) == 4, "Query.limit");
    _Static_assert(offsetof(Query, order_id) == 8, "Query.order_id");
    _Static_assert(offsetof(Query, instrument) == 16, "Query.instrument");
    _Static_assert(offsetof(Query, kind) == 18, "Query.kind");
    _Static_assert(offsetof(Query, client_order_id) == 19, "Query.client_order_id");
    typedef struct { uint64_t seq; int64_t time_ns; uint32_t first_count; uint32_t second_count; uint8_t kind; uint8_t _rest[7]; } AnswerHeader;
    _Static_assert(sizeof(AnswerHeader) == 32, "AnswerHeader");
    _Static_assert(offsetof(AnswerHeader, seq) == 0, "AnswerHeader.seq");
    _Static_assert(offsetof(AnswerHeader, time_ns) == 8, "AnswerHeader.time_ns");
    _Static_assert(offsetof(AnswerHeader, first_count) == 16, "AnswerHeader.first_count");
    _Static_assert(offsetof(AnswerHeader, second_count) == 20, "AnswerHeader.second_count");
    _Static_assert(offsetof(AnswerHeader, kind) == 24, "AnswerHeader.kind");
    typedef struct { int64_t wallet_units; int64_t unrealized_pnl_units; int64_t position_margin_units; int64_t order_margin_units; int64_t maintenance_margin_units; int64_t available_units; int64_t withdrawable_units; int64_t updated_ns; uint32_t account; uint16_t asset; uint8_t _rest[26]; } BalanceView;
    _Static_assert(sizeof(BalanceView) == 96, "BalanceView");
    _Static_assert(offsetof(BalanceView, wallet_units) == 0, "BalanceView.wallet_units");
    _Static_assert(offsetof(BalanceView, unrealized_pnl_units) == 8, "BalanceView.unrealized_pnl_units");
    _Static_assert(offsetof(BalanceView, position_margin_units) == 16, "BalanceView.position_margin_units");
    _Static_assert(offsetof(BalanceView, order_margin_units) == 24, "BalanceView.order_margin_units");
    _Static_assert(offsetof(BalanceView, maintenance_margin_units) == 32, "BalanceView.maintenance_margin_units");
    _Static_assert(offsetof(BalanceView, available_units) == 40, "BalanceView.available_units");
    _Static_assert(offsetof(BalanceView, withdrawable_units) == 48, "BalanceView.withdrawable_units");
    _Static_assert(offsetof(BalanceView, updated_ns) == 56, "BalanceView.updated_ns");
    _Static_assert(offsetof(BalanceView, account) == 64, "BalanceView.account");
    _Static_assert(offsetof(BalanceView, asset) == 68, "BalanceView.asset");
    typedef struct { int64_t position_lots; int64_t cost_units; int64_t realized_pnl_units; int64_t mark_ticks; int64_t unrealized_pnl_units; int64_t position_margin_units; int64_t order_margin_units; int64_t maintenance_margin_units; int64_t buy_lots; int64_t sell_lots; int64_t buy_value; int64_t sell_value; int64_t reduce_only_buy_lots; int64_t reduce_only_sell_lots; int64_t liquidation_ticks; int64_t updated_ns; uint32_t account; uint16_t instrument; uint16_t leverage; uint8_t position_side; uint8_t margin_mode; uint8_t _rest[22]; } PositionView;
    _Static_assert(sizeof(PositionView) == 160, "PositionView");
    _Static_assert(offsetof(PositionView, position_lots) == 0, "PositionView.position_lots");
    _Static_assert(offsetof(PositionView, cost_units) == 8, "PositionView.cost_units");
    _Static_assert(offsetof(PositionView, realized_pnl_units) == 16, "PositionView.realized_pnl_units");
    _Static_assert(offsetof(PositionView, mark_ticks) == 24, "PositionView.mark_ticks");
    _Static_assert(offsetof(PositionView, unrealized_pnl_units) == 32, "PositionView.unrealized_pnl_units");
    _Static_assert(offsetof(PositionView, position_margin_units) == 40, "PositionView.position_margin_units");
    _Static_assert(offsetof(PositionView, order_margin_units) == 48, "PositionView.order_margin_units");
    _Static_assert(offsetof(PositionView, maintenance_margin_units) == 56, "PositionView.maintenance_margin_units");
    _Static_assert(offsetof(PositionView, buy_lots) == 64, "PositionView.buy_lots");
    _Static_assert(offsetof(PositionView, sell_lots) == 72, "PositionView.sell_lots");
    _Static_assert(offsetof(PositionView, buy_value) == 80, "PositionView.buy_value");
    _Static_assert(offsetof(PositionView, sell_value) == 88, "PositionView.sell_value");
    _Static_assert(offsetof(PositionView, reduce_only_buy_lots) == 96, "PositionView.reduce_only_buy_lots");
    _Static_assert(offsetof(PositionView, reduce_only_sell_lots) == 104, "PositionView.reduce_only_sell_lots");
    _Static_assert(offsetof(PositionView, liquidation_ticks) == 112, "PositionView.liquidation_ticks");
    _Static_assert(offsetof(PositionView, updated_ns) == 120, "PositionView.updated_ns");
    _Static_assert(offsetof(PositionView, account) == 128, "PositionView.account");
    _Static_assert(offsetof(PositionView, instrument) == 132, "PositionView.instrument");
    _Static_assert(offsetof(PositionView, leverage) == 134, "PositionView.leverage");
    _Static_assert(offsetof(PositionView, position_side) == 136, "PositionView.position_side");
    _Static_assert(offsetof(PositionView, margin_mode) == 137, "PositionView.margin_mode");
    typedef struct { uint64_t order_id; int64_t price_ticks; int64_t quantity_lots; int64_t filled_lots; int64_t filled_quote_units; int64_t created_ns; int64_t updated_ns; uint32_t account; uint16_t instrument; uint8_t side; uint8_t order_type; uint8_t time_in_force; uint8_t order_flags; uint8_t position_side; uint8_t working_type; uint8_t self_trade_prevention; uint8_t status; char client_order_id[36]; uint8_t _rest[22]; } OrderView;
    _Static_assert(sizeof(OrderView) == 128, "OrderView");
    _Static_assert(offsetof(OrderView, order_id) == 0, "OrderView.order_id");
    _Static_assert(offsetof(OrderView, price_ticks) == 8, "OrderView.price_ticks");
    _Static_assert(offsetof(OrderView, quantity_lots) == 16, "OrderView.quantity_lots");
    _Static_assert(offsetof(OrderView, filled_lots) == 24, "OrderView.filled_lots");
    _Static_assert(offsetof(OrderView, filled_quote_units) == 32, "OrderView.filled_quote_units");
    _Static_assert(offsetof(OrderView, created_ns) == 40, "OrderView.created_ns");
    _Static_assert(offsetof(OrderView, updated_ns) == 48, "OrderView.updated_ns");
    _Static_assert(offsetof(OrderView, account) == 56, "OrderView.account");
    _Static_assert(offsetof(OrderView, instrument) == 60, "OrderView.instrument");
    _Static_assert(offsetof(OrderView, side) == 62, "OrderView.side");
    _Static_assert(offsetof(OrderView, order_type) == 63, "OrderView.order_type");
    _Static_assert(offsetof(OrderView, time_in_force) == 64, "OrderView.time_in_force");
    _Static_assert(offsetof(OrderView, order_flags) == 65, "OrderView.order_flags");
    _Static_assert(offsetof(OrderView, position_side) == 66, "OrderView.position_side");
    _Static_assert(offsetof(OrderView, working_type) == 67, "OrderView.working_type");
    _Static_assert(offsetof(OrderView, self_trade_prevention) == 68, "OrderView.self_trade_prevention");
    _Static_assert(offsetof(OrderView, status) == 69, "OrderView.status");
    _Static_assert(offsetof(OrderView, client_order_id) == 70, "OrderView.client_order_id");
    typedef struct { uint64_t fingerprint; uint64_t order_id; int64_t filled_lots; int64_t filled_quote_units; int64_t ended_ns; uint32_t account; uint8_t purpose; uint8_t status; char client_order_id[36]; uint8_t _rest[14]; } ClientIdView;
    _Static_assert(sizeof(ClientIdView) == 96, "ClientIdView");
    _Static_assert(offsetof(ClientIdView, fingerprint) == 0, "ClientIdView.fingerprint");
    _Static_assert(offsetof(ClientIdView, order_id) == 8, "ClientIdView.order_id");
    _Static_assert(offsetof(ClientIdView, filled_lots) == 16, "ClientIdView.filled_lots");
    _Static_assert(offsetof(ClientIdView, filled_quote_units) == 24, "ClientIdView.filled_quote_units");
    _Static_assert(offsetof(ClientIdView, ended_ns) == 32, "ClientIdView.ended_ns");
    _Static_assert(offsetof(ClientIdView, account) == 40, "ClientIdView.account");
    _Static_assert(offsetof(ClientIdView, purpose) == 44, "ClientIdView.purpose");
    _Static_assert(offsetof(ClientIdView, status) == 45, "ClientIdView.status");
    _Static_assert(offsetof(ClientIdView, client_order_id) == 46, "ClientIdView.client_order_id");
    typedef struct { int64_t price_ticks; int64_t quantity_lots; } LevelView;
    _Static_assert(sizeof(LevelView) == 16, "LevelView");
    _Static_assert(offsetof(LevelView, price_ticks) == 0, "LevelView.price_ticks");
    _Static_assert(offsetof(LevelView, quantity_lots) == 8, "LevelView.quantity_lots");
    typedef struct { int64_t tick_lot_units; int64_t max_price_ticks; int64_t min_quantity_lots; int64_t max_quantity_lots; int64_t max_market_quantity_lots; int64_t min_notional_units; int64_t mark_ticks; int64_t index_ticks; int64_t next_funding_ns; int64_t funding_rate_ppb; int64_t last_price_ticks; uint64_t last_trade_id; int64_t open_interest_lots; int64_t best_bid_ticks; int64_t best_ask_ticks; uint64_t open_orders; int64_t mark_time_ns; uint32_t price_band_ppm; uint32_t market_band_ppm; uint32_t max_open_orders; int32_t maker_fee_ppb; int32_t taker_fee_ppb; int32_t liquidation_fee_ppb; uint16_t instrument; uint16_t settlement_asset; uint16_t default_leverage; uint8_t trading_state; uint8_t tier_count; uint8_t _rest[24]; } InstrumentView;
    _Static_assert(sizeof(InstrumentView) == 192, "InstrumentView");
    _Static_assert(offsetof(InstrumentView, tick_lot_units) == 0, "InstrumentView.tick_lot_units");
    _Static_assert(offsetof(InstrumentView, max_price_ticks) == 8, "InstrumentView.max_price_ticks");
    _Static_assert(offsetof(InstrumentView, min_quantity_lots) == 16, "InstrumentView.min_quantity_lots");
    _Static_assert(offsetof(InstrumentView, max_quantity_lots) == 24, "InstrumentView.max_quantity_lots");
    _Static_assert(offsetof(InstrumentView, max_market_quantity_lots) == 32, "InstrumentView.max_market_quantity_lots");
    _Static_assert(offsetof(InstrumentView, min_notional_units) == 40, "InstrumentView.min_notional_units");
    _Static_assert(offsetof(InstrumentView, mark_ticks) == 48, "InstrumentView.mark_ticks");
    _Static_assert(offsetof(InstrumentView, index_ticks) == 56, "InstrumentView.index_ticks");
    _Static_assert(offsetof(InstrumentView, next_funding_ns) == 64, "InstrumentView.next_funding_ns");
    _Static_assert(offsetof(InstrumentView, funding_rate_ppb) == 72, "InstrumentView.funding_rate_ppb");
    _Static_assert(offsetof(InstrumentView, last_price_ticks) == 80, "InstrumentView.last_price_ticks");
    _Static_assert(offsetof(InstrumentView, last_trade_id) == 88, "InstrumentView.last_trade_id");
    _Static_assert(offsetof(InstrumentView, open_interest_lots) == 96, "InstrumentView.open_interest_lots");
    _Static_assert(offsetof(InstrumentView, best_bid_ticks) == 104, "InstrumentView.best_bid_ticks");
    _Static_assert(offsetof(InstrumentView, best_ask_ticks) == 112, "InstrumentView.best_ask_ticks");
    _Static_assert(offsetof(InstrumentView, open_orders) == 120, "InstrumentView.open_orders");
    _Static_assert(offsetof(InstrumentView, mark_time_ns) == 128, "InstrumentView.mark_time_ns");
    _Static_assert(offsetof(InstrumentView, price_band_ppm) == 136, "InstrumentView.price_band_ppm");
    _Static_assert(offsetof(InstrumentView, market_band_ppm) == 140, "InstrumentView.market_band_ppm");
    _Static_assert(offsetof(InstrumentView, max_open_orders) == 144, "InstrumentView.max_open_orders");
    _Static_assert(offsetof(InstrumentView, maker_fee_ppb) == 148, "InstrumentView.maker_fee_ppb");
    _Static_assert(offsetof(InstrumentView, taker_fee_ppb) == 152, "InstrumentView.taker_fee_ppb");
    _Static_assert(offsetof(InstrumentView, liquidation_fee_ppb) == 156, "InstrumentView.liquidation_fee_ppb");
    _Static_assert(offsetof(InstrumentView, instrument) == 160, "InstrumentView.instrument");
    _Static_assert(offsetof(InstrumentView, settlement_asset) == 162, "InstrumentView.settlement_asset");
    _Static_assert(offsetof(InstrumentView, default_leverage) == 164, "InstrumentView.default_leverage");
    _Static_assert(offsetof(InstrumentView, trading_state) == 166, "InstrumentView.trading_state");
    _Static_assert(offsetof(InstrumentView, tier_count) == 167, "InstrumentView.tier_count");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t last_order_id; uint64_t last_trade_id; uint64_t accounts; uint64_t open_orders; uint64_t remembered_ids; uint8_t _rest[8]; } StateView;
    _Static_assert(sizeof(StateView) == 64, "StateView");
    _Static_assert(offsetof(StateView, seq) == 0, "StateView.seq");
    _Static_assert(offsetof(StateView, time_ns) == 8, "StateView.time_ns");
    _Static_assert(offsetof(StateView, last_order_id) == 16, "StateView.last_order_id");
    _Static_assert(offsetof(StateView, last_trade_id) == 24, "StateView.last_trade_id");
    _Static_assert(offsetof(StateView, accounts) == 32, "StateView.accounts");
    _Static_assert(offsetof(StateView, open_orders) == 40, "StateView.open_orders");
    _Static_assert(offsetof(StateView, remembered_ids) == 48, "StateView.remembered_ids");
    typedef struct { int64_t notional_floor_units; int64_t maintenance_amount_units; uint32_t maintenance_rate_ppb; uint16_t instrument; uint16_t max_leverage; uint8_t tier; uint8_t _rest[7]; } TierView;
    _Static_assert(sizeof(TierView) == 32, "TierView");
    _Static_assert(offsetof(TierView, notional_floor_units) == 0, "TierView.notional_floor_units");
    _Static_assert(offsetof(TierView, maintenance_amount_units) == 8, "TierView.maintenance_amount_units");
    _Static_assert(offsetof(TierView, maintenance_rate_ppb) == 16, "TierView.maintenance_rate_ppb");
    _Static_assert(offsetof(TierView, instrument) == 20, "TierView.instrument");
    _Static_assert(offsetof(TierView, max_leverage) == 22, "TierView.max_leverage");
    _Static_assert(offsetof(TierView, tier) == 24, "TierView.tier");
    typedef struct { uint32_t account; uint32_t group; int32_t maker_fee_ppb; int32_t taker_fee_ppb; uint8_t fee_override; uint8_t account_state; uint8_t _rest[14]; } AccountView;
    _Static_assert(sizeof(AccountView) == 32, "AccountView");
    _Static_assert(offsetof(AccountView, account) == 0, "AccountView.account");
    _Static_assert(offsetof(AccountView, group) == 4, "AccountView.group");
    _Static_assert(offsetof(AccountView, maker_fee_ppb) == 8, "AccountView.maker_fee_ppb");
    _Static_assert(offsetof(AccountView, taker_fee_ppb) == 12, "AccountView.taker_fee_ppb");
    _Static_assert(offsetof(AccountView, fee_override) == 16, "AccountView.fee_override");
    _Static_assert(offsetof(AccountView, account_state) == 17, "AccountView.account_state");
    typedef struct { int64_t fee_income_units; int64_t external_units; int64_t clearing_units; uint16_t asset; uint8_t _rest[6]; } AssetView;
    _Static_assert(sizeof(AssetView) == 32, "AssetView");
    _Static_assert(offsetof(AssetView, fee_income_units) == 0, "AssetView.fee_income_units");
    _Static_assert(offsetof(AssetView, external_units) == 8, "AssetView.external_units");
    _Static_assert(offsetof(AssetView, clearing_units) == 16, "AssetView.clearing_units");
    _Static_assert(offsetof(AssetView, asset) == 24, "AssetView.asset");
    #endif
    """
    ctypedef struct Command:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        uint8_t _rest[96]
    ctypedef struct DefineAsset:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        uint16_t asset
        uint8_t _rest[94]
    ctypedef struct DefineInstrument:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        uint16_t settlement_asset
        uint8_t trading_state
        uint32_t price_band_ppm
        int64_t tick_lot_units
        int64_t max_price_ticks
        int64_t min_quantity_lots
        int64_t max_quantity_lots
        int64_t max_market_quantity_lots
        int64_t min_notional_units
        uint32_t market_band_ppm
        uint32_t max_open_orders
        int32_t maker_fee_ppb
        int32_t taker_fee_ppb
        int32_t liquidation_fee_ppb
        uint16_t default_leverage
        uint8_t _rest[18]
    ctypedef struct DefineRiskTier:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        int64_t notional_floor_units
        uint32_t maintenance_rate_ppb
        uint16_t max_leverage
        uint8_t tier
        uint8_t tier_count
        uint8_t _rest[80]
    ctypedef struct OpenAccount:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        uint32_t group
        int32_t maker_fee_ppb
        int32_t taker_fee_ppb
        uint8_t fee_override
        uint8_t account_state
        uint8_t _rest[82]
    ctypedef struct Deposit:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        int64_t amount_units
        uint16_t asset
        char reference[36]
        uint8_t _rest[50]
    ctypedef struct Withdraw:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        int64_t amount_units
        uint16_t asset
        char reference[36]
        uint8_t _rest[50]
    ctypedef struct PlaceOrder:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        int64_t price_ticks
        int64_t quantity_lots
        int64_t trigger_ticks
        int64_t good_till_ns
        uint8_t side
        uint8_t order_type
        uint8_t time_in_force
        uint8_t flags
        uint8_t position_side
        uint8_t working_type
        uint8_t self_trade_prevention
        char client_order_id[36]
        uint8_t _rest[21]
    ctypedef struct CancelOrder:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        uint64_t order_id
        char client_order_id[36]
        uint8_t _rest[52]
    ctypedef struct CancelAllOrders:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        uint8_t _rest[96]
    ctypedef struct AmendOrder:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        uint64_t order_id
        int64_t price_ticks
        int64_t quantity_lots
        char client_order_id[36]
        uint8_t _rest[36]
    ctypedef struct SetLeverage:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        uint16_t leverage
        uint8_t _rest[94]
    ctypedef struct SetMarkPrice:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        int64_t mark_ticks
        int64_t index_ticks
        int64_t next_funding_ns
        int64_t funding_rate_ppb
        uint8_t _rest[64]
    ctypedef struct SetTradingState:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        uint8_t trading_state
        uint8_t _rest[95]
    ctypedef struct Event:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint16_t reason
        uint8_t kind
        uint8_t flags
        uint16_t detail
        uint32_t part
        uint8_t _rest[88]
    ctypedef struct OrderImage:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint16_t reason
        uint8_t kind
        uint8_t flags
        uint16_t detail
        uint32_t part
        uint64_t order_id
        int64_t price_ticks
        int64_t quantity_lots
        int64_t filled_lots
        int64_t filled_quote_units
        uint8_t side
        uint8_t order_type
        uint8_t time_in_force
        uint8_t order_flags
        uint8_t position_side
        uint8_t working_type
        uint8_t self_trade_prevention
        uint8_t status
        char client_order_id[36]
        uint8_t _rest[4]
    ctypedef struct CommandRejected:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint16_t reason
        uint8_t kind
        uint8_t flags
        uint16_t detail
        uint32_t part
        uint64_t order_id
        char client_order_id[36]
        uint8_t _rest[44]
    ctypedef struct OrderRejected:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint16_t reason
        uint8_t kind
        uint8_t flags
        uint16_t detail
        uint32_t part
        int64_t price_ticks
        int64_t quantity_lots
        uint8_t side
        uint8_t order_type
        uint8_t time_in_force
        uint8_t order_flags
        uint8_t position_side
        char client_order_id[36]
        uint8_t _rest[31]
    ctypedef struct OrderAccepted:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint16_t reason
        uint8_t kind
        uint8_t flags
        uint16_t detail
        uint32_t part
        uint64_t order_id
        int64_t price_ticks
        int64_t quantity_lots
        int64_t filled_lots
        int64_t filled_quote_units
        uint8_t side
        uint8_t order_type
        uint8_t time_in_force
        uint8_t order_flags
        uint8_t position_side
        uint8_t working_type
        uint8_t self_trade_prevention
        uint8_t status
        char client_order_id[36]
        uint8_t _rest[4]
    ctypedef struct OrderFilled:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint16_t reason
        uint8_t kind
        uint8_t flags
        uint16_t detail
        uint32_t part
        uint64_t order_id
        uint64_t trade_id
        int64_t price_ticks
        int64_t quantity_lots
        int64_t leaves_lots
        int64_t filled_quote_units
        int64_t fee_units
        int64_t realized_pnl_units
        int64_t position_lots
        int64_t position_cost_units
        int64_t wallet_units
    ctypedef struct OrderCanceled:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint16_t reason
        uint8_t kind
        uint8_t flags
        uint16_t detail
        uint32_t part
        uint64_t order_id
        int64_t price_ticks
        int64_t quantity_lots
        int64_t filled_lots
        int64_t filled_quote_units
        uint8_t side
        uint8_t order_type
        uint8_t time_in_force
        uint8_t order_flags
        uint8_t position_side
        uint8_t working_type
        uint8_t self_trade_prevention
        uint8_t status
        char client_order_id[36]
        uint8_t _rest[4]
    ctypedef struct OrderExpired:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint16_t reason
        uint8_t kind
        uint8_t flags
        uint16_t detail
        uint32_t part
        uint64_t order_id
        int64_t price_ticks
        int64_t quantity_lots
        int64_t filled_lots
        int64_t filled_quote_units
        uint8_t side
        uint8_t order_type
        uint8_t time_in_force
        uint8_t order_flags
        uint8_t position_side
        uint8_t working_type
        uint8_t self_trade_prevention
        uint8_t status
        char client_order_id[36]
        uint8_t _rest[4]
    ctypedef struct OrderAmended:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint16_t reason
        uint8_t kind
        uint8_t flags
        uint16_t detail
        uint32_t part
        uint64_t order_id
        int64_t price_ticks
        int64_t quantity_lots
        int64_t filled_lots
        int64_t filled_quote_units
        uint8_t side
        uint8_t order_type
        uint8_t time_in_force
        uint8_t order_flags
        uint8_t position_side
        uint8_t working_type
        uint8_t self_trade_prevention
        uint8_t status
        char client_order_id[36]
        uint8_t _rest[4]
    ctypedef struct OrderReplayed:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint16_t reason
        uint8_t kind
        uint8_t flags
        uint16_t detail
        uint32_t part
        uint64_t order_id
        int64_t price_ticks
        int64_t quantity_lots
        int64_t filled_lots
        int64_t filled_quote_units
        uint8_t side
        uint8_t order_type
        uint8_t time_in_force
        uint8_t order_flags
        uint8_t position_side
        uint8_t working_type
        uint8_t self_trade_prevention
        uint8_t status
        char client_order_id[36]
        uint8_t _rest[4]
    ctypedef struct OrdersCanceled:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint16_t reason
        uint8_t kind
        uint8_t flags
        uint16_t detail
        uint32_t part
        uint64_t count
        uint8_t _rest[80]
    ctypedef struct BalanceChanged:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint16_t reason
        uint8_t kind
        uint8_t flags
        uint16_t detail
        uint32_t part
        int64_t amount_units
        int64_t wallet_units
        uint16_t asset
        char reference[36]
        uint8_t _rest[34]
    ctypedef struct BalanceReplayed:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint16_t reason
        uint8_t kind
        uint8_t flags
        uint16_t detail
        uint32_t part
        int64_t amount_units
        int64_t wallet_units
        uint16_t asset
        char reference[36]
        uint8_t _rest[34]
    ctypedef struct AccountOpened:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint16_t reason
        uint8_t kind
        uint8_t flags
        uint16_t detail
        uint32_t part
        uint32_t group
        uint8_t account_state
        uint8_t _rest[83]
    ctypedef struct LeverageChanged:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint16_t reason
        uint8_t kind
        uint8_t flags
        uint16_t detail
        uint32_t part
        int64_t leverage
        int64_t max_notional_units
        uint8_t _rest[72]
    ctypedef struct MarkPriceChanged:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint16_t reason
        uint8_t kind
        uint8_t flags
        uint16_t detail
        uint32_t part
        int64_t mark_ticks
        int64_t index_ticks
        int64_t next_funding_ns
        int64_t funding_rate_ppb
        uint8_t _rest[56]
    ctypedef struct AssetDefined:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint16_t reason
        uint8_t kind
        uint8_t flags
        uint16_t detail
        uint32_t part
        uint16_t asset
        uint8_t _rest[86]
    ctypedef struct InstrumentDefined:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint16_t reason
        uint8_t kind
        uint8_t flags
        uint16_t detail
        uint32_t part
        uint8_t trading_state
        uint8_t _rest[87]
    ctypedef struct RiskTierDefined:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint16_t reason
        uint8_t kind
        uint8_t flags
        uint16_t detail
        uint32_t part
        uint8_t tier
        uint8_t tier_count
        uint8_t _rest[86]
    ctypedef struct TradingStateChanged:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint16_t reason
        uint8_t kind
        uint8_t flags
        uint16_t detail
        uint32_t part
        uint8_t trading_state
        uint8_t _rest[87]
    ctypedef struct LevelChanged:
        uint64_t seq
        int64_t price_ticks
        int64_t quantity_lots
        uint16_t instrument
        uint8_t side
        uint8_t _rest[5]
    ctypedef struct Query:
        uint32_t account
        uint32_t limit
        uint64_t order_id
        uint16_t instrument
        uint8_t kind
        char client_order_id[36]
        uint8_t _rest[25]
    ctypedef struct AnswerHeader:
        uint64_t seq
        int64_t time_ns
        uint32_t first_count
        uint32_t second_count
        uint8_t kind
        uint8_t _rest[7]
    ctypedef struct BalanceView:
        int64_t wallet_units
        int64_t unrealized_pnl_units
        int64_t position_margin_units
        int64_t order_margin_units
        int64_t maintenance_margin_units
        int64_t available_units
        int64_t withdrawable_units
        int64_t updated_ns
        uint32_t account
        uint16_t asset
        uint8_t _rest[26]
    ctypedef struct PositionView:
        int64_t position_lots
        int64_t cost_units
        int64_t realized_pnl_units
        int64_t mark_ticks
        int64_t unrealized_pnl_units
        int64_t position_margin_units
        int64_t order_margin_units
        int64_t maintenance_margin_units
        int64_t buy_lots
        int64_t sell_lots
        int64_t buy_value
        int64_t sell_value
        int64_t reduce_only_buy_lots
        int64_t reduce_only_sell_lots
        int64_t liquidation_ticks
        int64_t updated_ns
        uint32_t account
        uint16_t instrument
        uint16_t leverage
        uint8_t position_side
        uint8_t margin_mode
        uint8_t _rest[22]
    ctypedef struct OrderView:
        uint64_t order_id
        int64_t price_ticks
        int64_t quantity_lots
        int64_t filled_lots
        int64_t filled_quote_units
        int64_t created_ns
        int64_t updated_ns
        uint32_t account
        uint16_t instrument
        uint8_t side
        uint8_t order_type
        uint8_t time_in_force
        uint8_t order_flags
        uint8_t position_side
        uint8_t working_type
        uint8_t self_trade_prevention
        uint8_t status
        char client_order_id[36]
        uint8_t _rest[22]
    ctypedef struct ClientIdView:
        uint64_t fingerprint
        uint64_t order_id
        int64_t filled_lots
        int64_t filled_quote_units
        int64_t ended_ns
        uint32_t account
        uint8_t purpose
        uint8_t status
        char client_order_id[36]
        uint8_t _rest[14]
    ctypedef struct LevelView:
        int64_t price_ticks
        int64_t quantity_lots
    ctypedef struct InstrumentView:
        int64_t tick_lot_units
        int64_t max_price_ticks
        int64_t min_quantity_lots
        int64_t max_quantity_lots
        int64_t max_market_quantity_lots
        int64_t min_notional_units
        int64_t mark_ticks
        int64_t index_ticks
        int64_t next_funding_ns
        int64_t funding_rate_ppb
        int64_t last_price_ticks
        uint64_t last_trade_id
        int64_t open_interest_lots
        int64_t best_bid_ticks
        int64_t best_ask_ticks
        uint64_t open_orders
        int64_t mark_time_ns
        uint32_t price_band_ppm
        uint32_t market_band_ppm
        uint32_t max_open_orders
        int32_t maker_fee_ppb
        int32_t taker_fee_ppb
        int32_t liquidation_fee_ppb
        uint16_t instrument
        uint16_t settlement_asset
        uint16_t default_leverage
        uint8_t trading_state
        uint8_t tier_count
        uint8_t _rest[24]
    ctypedef struct StateView:
        uint64_t seq
        int64_t time_ns
        uint64_t last_order_id
        uint64_t last_trade_id
        uint64_t accounts
        uint64_t open_orders
        uint64_t remembered_ids
        uint8_t _rest[8]
    ctypedef struct TierView:
        int64_t notional_floor_units
        int64_t maintenance_amount_units
        uint32_t maintenance_rate_ppb
        uint16_t instrument
        uint16_t max_leverage
        uint8_t tier
        uint8_t _rest[7]
    ctypedef struct AccountView:
        uint32_t account
        uint32_t group
        int32_t maker_fee_ppb
        int32_t taker_fee_ppb
        uint8_t fee_override
        uint8_t account_state
        uint8_t _rest[14]
    ctypedef struct AssetView:
        int64_t fee_income_units
        int64_t external_units
        int64_t clearing_units
        uint16_t asset
        uint8_t _rest[6]

cdef enum:
    PROTOCOL_VERSION = 1
    COMMAND_DEFINE_ASSET = 1
    COMMAND_DEFINE_INSTRUMENT = 2
    COMMAND_DEFINE_RISK_TIER = 3
    COMMAND_OPEN_ACCOUNT = 4
    COMMAND_DEPOSIT = 5
    COMMAND_WITHDRAW = 6
    COMMAND_PLACE_ORDER = 7
    COMMAND_CANCEL_ORDER = 8
    COMMAND_CANCEL_ALL_ORDERS = 9
    COMMAND_AMEND_ORDER = 10
    COMMAND_SET_LEVERAGE = 11
    COMMAND_SET_MARK_PRICE = 12
    COMMAND_SET_TRADING_STATE = 13
    EVENT_COMMAND_REJECTED = 1
    EVENT_ORDER_REJECTED = 2
    EVENT_ORDER_ACCEPTED = 3
    EVENT_ORDER_FILLED = 4
    EVENT_ORDER_CANCELED = 5
    EVENT_ORDER_EXPIRED = 6
    EVENT_ORDER_AMENDED = 7
    EVENT_ORDER_REPLAYED = 8
    EVENT_ORDERS_CANCELED = 9
    EVENT_BALANCE_CHANGED = 10
    EVENT_BALANCE_REPLAYED = 11
    EVENT_ACCOUNT_OPENED = 12
    EVENT_LEVERAGE_CHANGED = 13
    EVENT_MARK_PRICE_CHANGED = 14
    EVENT_ASSET_DEFINED = 15
    EVENT_INSTRUMENT_DEFINED = 16
    EVENT_RISK_TIER_DEFINED = 17
    EVENT_TRADING_STATE_CHANGED = 18
    SIDE_BUY = 0
    SIDE_SELL = 1
    TYPE_LIMIT = 0
    TYPE_MARKET = 1
    TYPE_STOP = 2
    TYPE_STOP_MARKET = 3
    TYPE_TAKE_PROFIT = 4
    TYPE_TAKE_PROFIT_MARKET = 5
    TYPE_TRAILING_STOP_MARKET = 6
    TIF_GTC = 0
    TIF_IOC = 1
    TIF_FOK = 2
    TIF_GTX = 3
    TIF_GTD = 4
    POSITION_SIDE_BOTH = 0
    POSITION_SIDE_LONG = 1
    POSITION_SIDE_SHORT = 2
    WORKING_CONTRACT_PRICE = 0
    WORKING_MARK_PRICE = 1
    STP_NONE = 0
    STP_EXPIRE_TAKER = 1
    STP_EXPIRE_MAKER = 2
    STP_EXPIRE_BOTH = 3
    STATUS_NEW = 0
    STATUS_PARTIALLY_FILLED = 1
    STATUS_FILLED = 2
    STATUS_CANCELED = 3
    STATUS_EXPIRED = 4
    STATUS_EXPIRED_IN_MATCH = 5
    STATUS_REJECTED = 6
    FLAG_REDUCE_ONLY = 1
    FLAG_CLOSE_POSITION = 2
    FLAG_PRICE_PROTECT = 4
    EVENT_FLAG_LAST = 1
    EVENT_FLAG_MAKER = 2
    EVENT_FLAG_SELL = 4
    TRADING_PRE_OPEN = 0
    TRADING_ACTIVE = 1
    TRADING_REDUCE_ONLY = 2
    TRADING_HALTED = 3
    TRADING_SETTLING = 4
    TRADING_DELISTED = 5
    ACCOUNT_ACTIVE = 0
    ACCOUNT_REDUCE_ONLY = 1
    ACCOUNT_FROZEN = 2
    CAUSE_DEPOSIT = 1
    CAUSE_WITHDRAWAL = 2
    REJECT_NONE = 0
    REJECT_UNKNOWN_COMMAND = 1
    REJECT_UNSUPPORTED_VERSION = 2
    REJECT_UNKNOWN_ACCOUNT = 10
    REJECT_ACCOUNT_FROZEN = 11
    REJECT_UNKNOWN_INSTRUMENT = 12
    REJECT_UNKNOWN_ASSET = 13
    REJECT_INVALID_SIDE = 20
    REJECT_INVALID_ORDER_TYPE = 21
    REJECT_INVALID_TIME_IN_FORCE = 22
    REJECT_INVALID_POSITION_SIDE = 23
    REJECT_INVALID_WORKING_TYPE = 24
    REJECT_INVALID_SELF_TRADE_PREVENTION = 25
    REJECT_INVALID_FLAGS = 26
    REJECT_INVALID_CLIENT_ORDER_ID = 27
    REJECT_CLIENT_ORDER_ID_REUSED = 30
    REJECT_INVALID_CONFIGURATION = 35
    REJECT_IMMUTABLE_CONFIGURATION = 36
    REJECT_TRADING_NOT_OPEN = 40
    REJECT_ONLY_REDUCE_ONLY = 41
    REJECT_NO_MARK_PRICE = 42
    REJECT_PRICE_NOT_POSITIVE = 50
    REJECT_PRICE_TOO_HIGH = 51
    REJECT_QUANTITY_NOT_POSITIVE = 52
    REJECT_QUANTITY_TOO_SMALL = 53
    REJECT_QUANTITY_TOO_LARGE = 54
    REJECT_PRICE_ABOVE_BAND = 55
    REJECT_PRICE_BELOW_BAND = 56
    REJECT_NOTIONAL_TOO_SMALL = 57
    REJECT_UNKNOWN_ORDER = 60
    REJECT_ORDER_NOT_AMENDABLE = 61
    REJECT_NOTHING_TO_AMEND = 62
    REJECT_REDUCE_ONLY_REJECTED = 70
    REJECT_TOO_MANY_OPEN_ORDERS = 71
    REJECT_POST_ONLY_WOULD_CROSS = 72
    REJECT_NO_LIQUIDITY = 73
    REJECT_FOK_NOT_FILLABLE = 74
    REJECT_INVALID_LEVERAGE = 80
    REJECT_POSITION_LIMIT_EXCEEDED = 81
    REJECT_MARGIN_INSUFFICIENT = 82
    REJECT_LEVERAGE_MARGIN_INSUFFICIENT = 83
    REJECT_INVALID_AMOUNT = 90
    REJECT_BALANCE_INSUFFICIENT = 91
    REJECT_CAPACITY_REACHED = 99
    END_SELF_TRADE = 200
    END_REDUCE_ONLY_CUT = 201
    END_UNFILLED_REST = 202
    END_AMENDED_BELOW_FILLED = 203
    QUERY_ACCOUNT = 1
    QUERY_OPEN_ORDERS = 2
    QUERY_ORDER = 3
    QUERY_DEPTH = 4
    QUERY_INSTRUMENTS = 5
    QUERY_STATS = 6
