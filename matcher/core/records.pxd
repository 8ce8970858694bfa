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
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; int64_t price_ticks; int64_t quantity_lots; int64_t trigger_ticks; int64_t good_till_ns; uint8_t side; uint8_t order_type; uint8_t time_in_force; uint8_t flags; uint8_t position_side; uint8_t working_type; uint8_t self_trade_prevention; char client_order_id[36]; uint32_t callback_ppm; uint32_t take_profit_ticks; uint32_t stop_loss_ticks; uint64_t linked_order_id; } PlaceOrder;
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
    _Static_assert(offsetof(PlaceOrder, callback_ppm) == 108, "PlaceOrder.callback_ppm");
    _Static_assert(offsetof(PlaceOrder, take_profit_ticks) == 112, "PlaceOrder.take_profit_ticks");
    _Static_assert(offsetof(PlaceOrder, stop_loss_ticks) == 116, "PlaceOrder.stop_loss_ticks");
    _Static_assert(offsetof(PlaceOrder, linked_order_id) == 120, "PlaceOrder.linked_order_id");
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
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; int64_t mark_max_age_ns; int64_t impact_notional_units; int64_t breaker_window_ns; int64_t breaker_halt_ns; uint32_t max_conditional_orders; uint32_t price_protect_ppm; uint32_t breaker_move_ppm; int32_t interest_rate_ppb; int32_t funding_cap_ppb; int32_t funding_floor_ppb; uint8_t funding_hours; uint8_t breaker_state; uint8_t profit_opens; uint8_t _rest[37]; } DefineMarketRules;
    _Static_assert(sizeof(DefineMarketRules) == 128, "DefineMarketRules");
    _Static_assert(offsetof(DefineMarketRules, seq) == 0, "DefineMarketRules.seq");
    _Static_assert(offsetof(DefineMarketRules, time_ns) == 8, "DefineMarketRules.time_ns");
    _Static_assert(offsetof(DefineMarketRules, command_id) == 16, "DefineMarketRules.command_id");
    _Static_assert(offsetof(DefineMarketRules, account) == 24, "DefineMarketRules.account");
    _Static_assert(offsetof(DefineMarketRules, instrument) == 28, "DefineMarketRules.instrument");
    _Static_assert(offsetof(DefineMarketRules, kind) == 30, "DefineMarketRules.kind");
    _Static_assert(offsetof(DefineMarketRules, version) == 31, "DefineMarketRules.version");
    _Static_assert(offsetof(DefineMarketRules, mark_max_age_ns) == 32, "DefineMarketRules.mark_max_age_ns");
    _Static_assert(offsetof(DefineMarketRules, impact_notional_units) == 40, "DefineMarketRules.impact_notional_units");
    _Static_assert(offsetof(DefineMarketRules, breaker_window_ns) == 48, "DefineMarketRules.breaker_window_ns");
    _Static_assert(offsetof(DefineMarketRules, breaker_halt_ns) == 56, "DefineMarketRules.breaker_halt_ns");
    _Static_assert(offsetof(DefineMarketRules, max_conditional_orders) == 64, "DefineMarketRules.max_conditional_orders");
    _Static_assert(offsetof(DefineMarketRules, price_protect_ppm) == 68, "DefineMarketRules.price_protect_ppm");
    _Static_assert(offsetof(DefineMarketRules, breaker_move_ppm) == 72, "DefineMarketRules.breaker_move_ppm");
    _Static_assert(offsetof(DefineMarketRules, interest_rate_ppb) == 76, "DefineMarketRules.interest_rate_ppb");
    _Static_assert(offsetof(DefineMarketRules, funding_cap_ppb) == 80, "DefineMarketRules.funding_cap_ppb");
    _Static_assert(offsetof(DefineMarketRules, funding_floor_ppb) == 84, "DefineMarketRules.funding_floor_ppb");
    _Static_assert(offsetof(DefineMarketRules, funding_hours) == 88, "DefineMarketRules.funding_hours");
    _Static_assert(offsetof(DefineMarketRules, breaker_state) == 89, "DefineMarketRules.breaker_state");
    _Static_assert(offsetof(DefineMarketRules, profit_opens) == 90, "DefineMarketRules.profit_opens");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; uint8_t margin_mode; uint8_t _rest[95]; } SetMarginMode;
    _Static_assert(sizeof(SetMarginMode) == 128, "SetMarginMode");
    _Static_assert(offsetof(SetMarginMode, seq) == 0, "SetMarginMode.seq");
    _Static_assert(offsetof(SetMarginMode, time_ns) == 8, "SetMarginMode.time_ns");
    _Static_assert(offsetof(SetMarginMode, command_id) == 16, "SetMarginMode.command_id");
    _Static_assert(offsetof(SetMarginMode, account) == 24, "SetMarginMode.account");
    _Static_assert(offsetof(SetMarginMode, instrument) == 28, "SetMarginMode.instrument");
    _Static_assert(offsetof(SetMarginMode, kind) == 30, "SetMarginMode.kind");
    _Static_assert(offsetof(SetMarginMode, version) == 31, "SetMarginMode.version");
    _Static_assert(offsetof(SetMarginMode, margin_mode) == 32, "SetMarginMode.margin_mode");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; uint8_t position_mode; uint8_t _rest[95]; } SetPositionMode;
    _Static_assert(sizeof(SetPositionMode) == 128, "SetPositionMode");
    _Static_assert(offsetof(SetPositionMode, seq) == 0, "SetPositionMode.seq");
    _Static_assert(offsetof(SetPositionMode, time_ns) == 8, "SetPositionMode.time_ns");
    _Static_assert(offsetof(SetPositionMode, command_id) == 16, "SetPositionMode.command_id");
    _Static_assert(offsetof(SetPositionMode, account) == 24, "SetPositionMode.account");
    _Static_assert(offsetof(SetPositionMode, instrument) == 28, "SetPositionMode.instrument");
    _Static_assert(offsetof(SetPositionMode, kind) == 30, "SetPositionMode.kind");
    _Static_assert(offsetof(SetPositionMode, version) == 31, "SetPositionMode.version");
    _Static_assert(offsetof(SetPositionMode, position_mode) == 32, "SetPositionMode.position_mode");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; int64_t amount_units; uint8_t position_side; uint8_t _rest[87]; } AdjustIsolatedMargin;
    _Static_assert(sizeof(AdjustIsolatedMargin) == 128, "AdjustIsolatedMargin");
    _Static_assert(offsetof(AdjustIsolatedMargin, seq) == 0, "AdjustIsolatedMargin.seq");
    _Static_assert(offsetof(AdjustIsolatedMargin, time_ns) == 8, "AdjustIsolatedMargin.time_ns");
    _Static_assert(offsetof(AdjustIsolatedMargin, command_id) == 16, "AdjustIsolatedMargin.command_id");
    _Static_assert(offsetof(AdjustIsolatedMargin, account) == 24, "AdjustIsolatedMargin.account");
    _Static_assert(offsetof(AdjustIsolatedMargin, instrument) == 28, "AdjustIsolatedMargin.instrument");
    _Static_assert(offsetof(AdjustIsolatedMargin, kind) == 30, "AdjustIsolatedMargin.kind");
    _Static_assert(offsetof(AdjustIsolatedMargin, version) == 31, "AdjustIsolatedMargin.version");
    _Static_assert(offsetof(AdjustIsolatedMargin, amount_units) == 32, "AdjustIsolatedMargin.amount_units");
    _Static_assert(offsetof(AdjustIsolatedMargin, position_side) == 40, "AdjustIsolatedMargin.position_side");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; int64_t amount_units; uint32_t to_account; uint16_t asset; char reference[36]; uint8_t _rest[46]; } Transfer;
    _Static_assert(sizeof(Transfer) == 128, "Transfer");
    _Static_assert(offsetof(Transfer, seq) == 0, "Transfer.seq");
    _Static_assert(offsetof(Transfer, time_ns) == 8, "Transfer.time_ns");
    _Static_assert(offsetof(Transfer, command_id) == 16, "Transfer.command_id");
    _Static_assert(offsetof(Transfer, account) == 24, "Transfer.account");
    _Static_assert(offsetof(Transfer, instrument) == 28, "Transfer.instrument");
    _Static_assert(offsetof(Transfer, kind) == 30, "Transfer.kind");
    _Static_assert(offsetof(Transfer, version) == 31, "Transfer.version");
    _Static_assert(offsetof(Transfer, amount_units) == 32, "Transfer.amount_units");
    _Static_assert(offsetof(Transfer, to_account) == 40, "Transfer.to_account");
    _Static_assert(offsetof(Transfer, asset) == 44, "Transfer.asset");
    _Static_assert(offsetof(Transfer, reference) == 46, "Transfer.reference");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; uint8_t multi_assets; uint8_t _rest[95]; } SetMultiAssets;
    _Static_assert(sizeof(SetMultiAssets) == 128, "SetMultiAssets");
    _Static_assert(offsetof(SetMultiAssets, seq) == 0, "SetMultiAssets.seq");
    _Static_assert(offsetof(SetMultiAssets, time_ns) == 8, "SetMultiAssets.time_ns");
    _Static_assert(offsetof(SetMultiAssets, command_id) == 16, "SetMultiAssets.command_id");
    _Static_assert(offsetof(SetMultiAssets, account) == 24, "SetMultiAssets.account");
    _Static_assert(offsetof(SetMultiAssets, instrument) == 28, "SetMultiAssets.instrument");
    _Static_assert(offsetof(SetMultiAssets, kind) == 30, "SetMultiAssets.kind");
    _Static_assert(offsetof(SetMultiAssets, version) == 31, "SetMultiAssets.version");
    _Static_assert(offsetof(SetMultiAssets, multi_assets) == 32, "SetMultiAssets.multi_assets");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; int64_t price_units; int64_t threshold_units; uint32_t haircut_ppb; uint16_t asset; uint8_t _rest[74]; } DefineCollateral;
    _Static_assert(sizeof(DefineCollateral) == 128, "DefineCollateral");
    _Static_assert(offsetof(DefineCollateral, seq) == 0, "DefineCollateral.seq");
    _Static_assert(offsetof(DefineCollateral, time_ns) == 8, "DefineCollateral.time_ns");
    _Static_assert(offsetof(DefineCollateral, command_id) == 16, "DefineCollateral.command_id");
    _Static_assert(offsetof(DefineCollateral, account) == 24, "DefineCollateral.account");
    _Static_assert(offsetof(DefineCollateral, instrument) == 28, "DefineCollateral.instrument");
    _Static_assert(offsetof(DefineCollateral, kind) == 30, "DefineCollateral.kind");
    _Static_assert(offsetof(DefineCollateral, version) == 31, "DefineCollateral.version");
    _Static_assert(offsetof(DefineCollateral, price_units) == 32, "DefineCollateral.price_units");
    _Static_assert(offsetof(DefineCollateral, threshold_units) == 40, "DefineCollateral.threshold_units");
    _Static_assert(offsetof(DefineCollateral, haircut_ppb) == 48, "DefineCollateral.haircut_ppb");
    _Static_assert(offsetof(DefineCollateral, asset) == 52, "DefineCollateral.asset");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; uint16_t asset; uint8_t _rest[94]; } SetInsuranceFund;
    _Static_assert(sizeof(SetInsuranceFund) == 128, "SetInsuranceFund");
    _Static_assert(offsetof(SetInsuranceFund, seq) == 0, "SetInsuranceFund.seq");
    _Static_assert(offsetof(SetInsuranceFund, time_ns) == 8, "SetInsuranceFund.time_ns");
    _Static_assert(offsetof(SetInsuranceFund, command_id) == 16, "SetInsuranceFund.command_id");
    _Static_assert(offsetof(SetInsuranceFund, account) == 24, "SetInsuranceFund.account");
    _Static_assert(offsetof(SetInsuranceFund, instrument) == 28, "SetInsuranceFund.instrument");
    _Static_assert(offsetof(SetInsuranceFund, kind) == 30, "SetInsuranceFund.kind");
    _Static_assert(offsetof(SetInsuranceFund, version) == 31, "SetInsuranceFund.version");
    _Static_assert(offsetof(SetInsuranceFund, asset) == 32, "SetInsuranceFund.asset");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; int64_t sample_ns; uint8_t _rest[88]; } SampleFunding;
    _Static_assert(sizeof(SampleFunding) == 128, "SampleFunding");
    _Static_assert(offsetof(SampleFunding, seq) == 0, "SampleFunding.seq");
    _Static_assert(offsetof(SampleFunding, time_ns) == 8, "SampleFunding.time_ns");
    _Static_assert(offsetof(SampleFunding, command_id) == 16, "SampleFunding.command_id");
    _Static_assert(offsetof(SampleFunding, account) == 24, "SampleFunding.account");
    _Static_assert(offsetof(SampleFunding, instrument) == 28, "SampleFunding.instrument");
    _Static_assert(offsetof(SampleFunding, kind) == 30, "SampleFunding.kind");
    _Static_assert(offsetof(SampleFunding, version) == 31, "SampleFunding.version");
    _Static_assert(offsetof(SampleFunding, sample_ns) == 32, "SampleFunding.sample_ns");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; int64_t funding_ns; int64_t next_funding_ns; uint8_t _rest[80]; } SettleFunding;
    _Static_assert(sizeof(SettleFunding) == 128, "SettleFunding");
    _Static_assert(offsetof(SettleFunding, seq) == 0, "SettleFunding.seq");
    _Static_assert(offsetof(SettleFunding, time_ns) == 8, "SettleFunding.time_ns");
    _Static_assert(offsetof(SettleFunding, command_id) == 16, "SettleFunding.command_id");
    _Static_assert(offsetof(SettleFunding, account) == 24, "SettleFunding.account");
    _Static_assert(offsetof(SettleFunding, instrument) == 28, "SettleFunding.instrument");
    _Static_assert(offsetof(SettleFunding, kind) == 30, "SettleFunding.kind");
    _Static_assert(offsetof(SettleFunding, version) == 31, "SettleFunding.version");
    _Static_assert(offsetof(SettleFunding, funding_ns) == 32, "SettleFunding.funding_ns");
    _Static_assert(offsetof(SettleFunding, next_funding_ns) == 40, "SettleFunding.next_funding_ns");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; uint8_t _rest[96]; } Sweep;
    _Static_assert(sizeof(Sweep) == 128, "Sweep");
    _Static_assert(offsetof(Sweep, seq) == 0, "Sweep.seq");
    _Static_assert(offsetof(Sweep, time_ns) == 8, "Sweep.time_ns");
    _Static_assert(offsetof(Sweep, command_id) == 16, "Sweep.command_id");
    _Static_assert(offsetof(Sweep, account) == 24, "Sweep.account");
    _Static_assert(offsetof(Sweep, instrument) == 28, "Sweep.instrument");
    _Static_assert(offsetof(Sweep, kind) == 30, "Sweep.kind");
    _Static_assert(offsetof(Sweep, version) == 31, "Sweep.version");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; int64_t price_ticks; uint8_t _rest[88]; } SettleInstrument;
    _Static_assert(sizeof(SettleInstrument) == 128, "SettleInstrument");
    _Static_assert(offsetof(SettleInstrument, seq) == 0, "SettleInstrument.seq");
    _Static_assert(offsetof(SettleInstrument, time_ns) == 8, "SettleInstrument.time_ns");
    _Static_assert(offsetof(SettleInstrument, command_id) == 16, "SettleInstrument.command_id");
    _Static_assert(offsetof(SettleInstrument, account) == 24, "SettleInstrument.account");
    _Static_assert(offsetof(SettleInstrument, instrument) == 28, "SettleInstrument.instrument");
    _Static_assert(offsetof(SettleInstrument, kind) == 30, "SettleInstrument.kind");
    _Static_assert(offsetof(SettleInstrument, version) == 31, "SettleInstrument.version");
    _Static_assert(offsetof(SettleInstrument, price_ticks) == 32, "SettleInstrument.price_ticks");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; int64_t countdown_ns; uint8_t _rest[88]; } SetCountdown;
    _Static_assert(sizeof(SetCountdown) == 128, "SetCountdown");
    _Static_assert(offsetof(SetCountdown, seq) == 0, "SetCountdown.seq");
    _Static_assert(offsetof(SetCountdown, time_ns) == 8, "SetCountdown.time_ns");
    _Static_assert(offsetof(SetCountdown, command_id) == 16, "SetCountdown.command_id");
    _Static_assert(offsetof(SetCountdown, account) == 24, "SetCountdown.account");
    _Static_assert(offsetof(SetCountdown, instrument) == 28, "SetCountdown.instrument");
    _Static_assert(offsetof(SetCountdown, kind) == 30, "SetCountdown.kind");
    _Static_assert(offsetof(SetCountdown, version) == 31, "SetCountdown.version");
    _Static_assert(offsetof(SetCountdown, countdown_ns) == 32, "SetCountdown.countdown_ns");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint8_t kind; uint8_t version; int64_t max_position_notional_units; int64_t max_position_lots; uint32_t max_open_orders; uint8_t _rest[76]; } SetAccountLimits;
    _Static_assert(sizeof(SetAccountLimits) == 128, "SetAccountLimits");
    _Static_assert(offsetof(SetAccountLimits, seq) == 0, "SetAccountLimits.seq");
    _Static_assert(offsetof(SetAccountLimits, time_ns) == 8, "SetAccountLimits.time_ns");
    _Static_assert(offsetof(SetAccountLimits, command_id) == 16, "SetAccountLimits.command_id");
    _Static_assert(offsetof(SetAccountLimits, account) == 24, "SetAccountLimits.account");
    _Static_assert(offsetof(SetAccountLimits, instrument) == 28, "SetAccountLimits.instrument");
    _Static_assert(offsetof(SetAccountLimits, kind) == 30, "SetAccountLimits.kind");
    _Static_assert(offsetof(SetAccountLimits, version) == 31, "SetAccountLimits.version");
    _Static_assert(offsetof(SetAccountLimits, max_position_notional_units) == 32, "SetAccountLimits.max_position_notional_units");
    _Static_assert(offsetof(SetAccountLimits, max_position_lots) == 40, "SetAccountLimits.max_position_lots");
    _Static_assert(offsetof(SetAccountLimits, max_open_orders) == 48, "SetAccountLimits.max_open_orders");
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
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint8_t trading_state; int64_t resume_ns; uint8_t _rest[72]; } TradingStateChanged;
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
    _Static_assert(offsetof(TradingStateChanged, resume_ns) == 48, "TradingStateChanged.resume_ns");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint64_t order_id; int64_t good_till_ns; uint64_t linked_order_id; int64_t trigger_ticks; uint32_t callback_ppm; uint32_t take_profit_ticks; uint32_t stop_loss_ticks; uint8_t _rest[44]; } OrderTerms;
    _Static_assert(sizeof(OrderTerms) == 128, "OrderTerms");
    _Static_assert(offsetof(OrderTerms, seq) == 0, "OrderTerms.seq");
    _Static_assert(offsetof(OrderTerms, time_ns) == 8, "OrderTerms.time_ns");
    _Static_assert(offsetof(OrderTerms, command_id) == 16, "OrderTerms.command_id");
    _Static_assert(offsetof(OrderTerms, account) == 24, "OrderTerms.account");
    _Static_assert(offsetof(OrderTerms, instrument) == 28, "OrderTerms.instrument");
    _Static_assert(offsetof(OrderTerms, reason) == 30, "OrderTerms.reason");
    _Static_assert(offsetof(OrderTerms, kind) == 32, "OrderTerms.kind");
    _Static_assert(offsetof(OrderTerms, flags) == 33, "OrderTerms.flags");
    _Static_assert(offsetof(OrderTerms, detail) == 34, "OrderTerms.detail");
    _Static_assert(offsetof(OrderTerms, part) == 36, "OrderTerms.part");
    _Static_assert(offsetof(OrderTerms, order_id) == 40, "OrderTerms.order_id");
    _Static_assert(offsetof(OrderTerms, good_till_ns) == 48, "OrderTerms.good_till_ns");
    _Static_assert(offsetof(OrderTerms, linked_order_id) == 56, "OrderTerms.linked_order_id");
    _Static_assert(offsetof(OrderTerms, trigger_ticks) == 64, "OrderTerms.trigger_ticks");
    _Static_assert(offsetof(OrderTerms, callback_ppm) == 72, "OrderTerms.callback_ppm");
    _Static_assert(offsetof(OrderTerms, take_profit_ticks) == 76, "OrderTerms.take_profit_ticks");
    _Static_assert(offsetof(OrderTerms, stop_loss_ticks) == 80, "OrderTerms.stop_loss_ticks");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint64_t order_id; int64_t price_ticks; int64_t quantity_lots; int64_t filled_lots; int64_t filled_quote_units; uint8_t side; uint8_t order_type; uint8_t time_in_force; uint8_t order_flags; uint8_t position_side; uint8_t working_type; uint8_t self_trade_prevention; uint8_t status; char client_order_id[36]; uint8_t _rest[4]; } OrderTriggered;
    _Static_assert(sizeof(OrderTriggered) == 128, "OrderTriggered");
    _Static_assert(offsetof(OrderTriggered, seq) == 0, "OrderTriggered.seq");
    _Static_assert(offsetof(OrderTriggered, time_ns) == 8, "OrderTriggered.time_ns");
    _Static_assert(offsetof(OrderTriggered, command_id) == 16, "OrderTriggered.command_id");
    _Static_assert(offsetof(OrderTriggered, account) == 24, "OrderTriggered.account");
    _Static_assert(offsetof(OrderTriggered, instrument) == 28, "OrderTriggered.instrument");
    _Static_assert(offsetof(OrderTriggered, reason) == 30, "OrderTriggered.reason");
    _Static_assert(offsetof(OrderTriggered, kind) == 32, "OrderTriggered.kind");
    _Static_assert(offsetof(OrderTriggered, flags) == 33, "OrderTriggered.flags");
    _Static_assert(offsetof(OrderTriggered, detail) == 34, "OrderTriggered.detail");
    _Static_assert(offsetof(OrderTriggered, part) == 36, "OrderTriggered.part");
    _Static_assert(offsetof(OrderTriggered, order_id) == 40, "OrderTriggered.order_id");
    _Static_assert(offsetof(OrderTriggered, price_ticks) == 48, "OrderTriggered.price_ticks");
    _Static_assert(offsetof(OrderTriggered, quantity_lots) == 56, "OrderTriggered.quantity_lots");
    _Static_assert(offsetof(OrderTriggered, filled_lots) == 64, "OrderTriggered.filled_lots");
    _Static_assert(offsetof(OrderTriggered, filled_quote_units) == 72, "OrderTriggered.filled_quote_units");
    _Static_assert(offsetof(OrderTriggered, side) == 80, "OrderTriggered.side");
    _Static_assert(offsetof(OrderTriggered, order_type) == 81, "OrderTriggered.order_type");
    _Static_assert(offsetof(OrderTriggered, time_in_force) == 82, "OrderTriggered.time_in_force");
    _Static_assert(offsetof(OrderTriggered, order_flags) == 83, "OrderTriggered.order_flags");
    _Static_assert(offsetof(OrderTriggered, position_side) == 84, "OrderTriggered.position_side");
    _Static_assert(offsetof(OrderTriggered, working_type) == 85, "OrderTriggered.working_type");
    _Static_assert(offsetof(OrderTriggered, self_trade_prevention) == 86, "OrderTriggered.self_trade_prevention");
    _Static_assert(offsetof(OrderTriggered, status) == 87, "OrderTriggered.status");
    _Static_assert(offsetof(OrderTriggered, client_order_id) == 88, "OrderTriggered.client_order_id");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint8_t margin_mode; uint8_t _rest[87]; } MarginModeChanged;
    _Static_assert(sizeof(MarginModeChanged) == 128, "MarginModeChanged");
    _Static_assert(offsetof(MarginModeChanged, seq) == 0, "MarginModeChanged.seq");
    _Static_assert(offsetof(MarginModeChanged, time_ns) == 8, "MarginModeChanged.time_ns");
    _Static_assert(offsetof(MarginModeChanged, command_id) == 16, "MarginModeChanged.command_id");
    _Static_assert(offsetof(MarginModeChanged, account) == 24, "MarginModeChanged.account");
    _Static_assert(offsetof(MarginModeChanged, instrument) == 28, "MarginModeChanged.instrument");
    _Static_assert(offsetof(MarginModeChanged, reason) == 30, "MarginModeChanged.reason");
    _Static_assert(offsetof(MarginModeChanged, kind) == 32, "MarginModeChanged.kind");
    _Static_assert(offsetof(MarginModeChanged, flags) == 33, "MarginModeChanged.flags");
    _Static_assert(offsetof(MarginModeChanged, detail) == 34, "MarginModeChanged.detail");
    _Static_assert(offsetof(MarginModeChanged, part) == 36, "MarginModeChanged.part");
    _Static_assert(offsetof(MarginModeChanged, margin_mode) == 40, "MarginModeChanged.margin_mode");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint8_t position_mode; uint8_t _rest[87]; } PositionModeChanged;
    _Static_assert(sizeof(PositionModeChanged) == 128, "PositionModeChanged");
    _Static_assert(offsetof(PositionModeChanged, seq) == 0, "PositionModeChanged.seq");
    _Static_assert(offsetof(PositionModeChanged, time_ns) == 8, "PositionModeChanged.time_ns");
    _Static_assert(offsetof(PositionModeChanged, command_id) == 16, "PositionModeChanged.command_id");
    _Static_assert(offsetof(PositionModeChanged, account) == 24, "PositionModeChanged.account");
    _Static_assert(offsetof(PositionModeChanged, instrument) == 28, "PositionModeChanged.instrument");
    _Static_assert(offsetof(PositionModeChanged, reason) == 30, "PositionModeChanged.reason");
    _Static_assert(offsetof(PositionModeChanged, kind) == 32, "PositionModeChanged.kind");
    _Static_assert(offsetof(PositionModeChanged, flags) == 33, "PositionModeChanged.flags");
    _Static_assert(offsetof(PositionModeChanged, detail) == 34, "PositionModeChanged.detail");
    _Static_assert(offsetof(PositionModeChanged, part) == 36, "PositionModeChanged.part");
    _Static_assert(offsetof(PositionModeChanged, position_mode) == 40, "PositionModeChanged.position_mode");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; int64_t amount_units; int64_t isolated_units; uint8_t _rest[72]; } IsolatedMarginChanged;
    _Static_assert(sizeof(IsolatedMarginChanged) == 128, "IsolatedMarginChanged");
    _Static_assert(offsetof(IsolatedMarginChanged, seq) == 0, "IsolatedMarginChanged.seq");
    _Static_assert(offsetof(IsolatedMarginChanged, time_ns) == 8, "IsolatedMarginChanged.time_ns");
    _Static_assert(offsetof(IsolatedMarginChanged, command_id) == 16, "IsolatedMarginChanged.command_id");
    _Static_assert(offsetof(IsolatedMarginChanged, account) == 24, "IsolatedMarginChanged.account");
    _Static_assert(offsetof(IsolatedMarginChanged, instrument) == 28, "IsolatedMarginChanged.instrument");
    _Static_assert(offsetof(IsolatedMarginChanged, reason) == 30, "IsolatedMarginChanged.reason");
    _Static_assert(offsetof(IsolatedMarginChanged, kind) == 32, "IsolatedMarginChanged.kind");
    _Static_assert(offsetof(IsolatedMarginChanged, flags) == 33, "IsolatedMarginChanged.flags");
    _Static_assert(offsetof(IsolatedMarginChanged, detail) == 34, "IsolatedMarginChanged.detail");
    _Static_assert(offsetof(IsolatedMarginChanged, part) == 36, "IsolatedMarginChanged.part");
    _Static_assert(offsetof(IsolatedMarginChanged, amount_units) == 40, "IsolatedMarginChanged.amount_units");
    _Static_assert(offsetof(IsolatedMarginChanged, isolated_units) == 48, "IsolatedMarginChanged.isolated_units");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; int64_t sample_ns; int64_t impact_bid_microticks; int64_t impact_ask_microticks; int64_t index_ticks; int64_t premium_ppb; int64_t average_premium_ppb; int64_t predicted_rate_ppb; uint64_t samples; uint8_t _rest[24]; } FundingSampled;
    _Static_assert(sizeof(FundingSampled) == 128, "FundingSampled");
    _Static_assert(offsetof(FundingSampled, seq) == 0, "FundingSampled.seq");
    _Static_assert(offsetof(FundingSampled, time_ns) == 8, "FundingSampled.time_ns");
    _Static_assert(offsetof(FundingSampled, command_id) == 16, "FundingSampled.command_id");
    _Static_assert(offsetof(FundingSampled, account) == 24, "FundingSampled.account");
    _Static_assert(offsetof(FundingSampled, instrument) == 28, "FundingSampled.instrument");
    _Static_assert(offsetof(FundingSampled, reason) == 30, "FundingSampled.reason");
    _Static_assert(offsetof(FundingSampled, kind) == 32, "FundingSampled.kind");
    _Static_assert(offsetof(FundingSampled, flags) == 33, "FundingSampled.flags");
    _Static_assert(offsetof(FundingSampled, detail) == 34, "FundingSampled.detail");
    _Static_assert(offsetof(FundingSampled, part) == 36, "FundingSampled.part");
    _Static_assert(offsetof(FundingSampled, sample_ns) == 40, "FundingSampled.sample_ns");
    _Static_assert(offsetof(FundingSampled, impact_bid_microticks) == 48, "FundingSampled.impact_bid_microticks");
    _Static_assert(offsetof(FundingSampled, impact_ask_microticks) == 56, "FundingSampled.impact_ask_microticks");
    _Static_assert(offsetof(FundingSampled, index_ticks) == 64, "FundingSampled.index_ticks");
    _Static_assert(offsetof(FundingSampled, premium_ppb) == 72, "FundingSampled.premium_ppb");
    _Static_assert(offsetof(FundingSampled, average_premium_ppb) == 80, "FundingSampled.average_premium_ppb");
    _Static_assert(offsetof(FundingSampled, predicted_rate_ppb) == 88, "FundingSampled.predicted_rate_ppb");
    _Static_assert(offsetof(FundingSampled, samples) == 96, "FundingSampled.samples");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; int64_t funding_ns; int64_t rate_ppb; int64_t mark_ticks; int64_t position_lots; int64_t amount_units; int64_t wallet_units; int64_t isolated_units; uint8_t _rest[32]; } FundingPaid;
    _Static_assert(sizeof(FundingPaid) == 128, "FundingPaid");
    _Static_assert(offsetof(FundingPaid, seq) == 0, "FundingPaid.seq");
    _Static_assert(offsetof(FundingPaid, time_ns) == 8, "FundingPaid.time_ns");
    _Static_assert(offsetof(FundingPaid, command_id) == 16, "FundingPaid.command_id");
    _Static_assert(offsetof(FundingPaid, account) == 24, "FundingPaid.account");
    _Static_assert(offsetof(FundingPaid, instrument) == 28, "FundingPaid.instrument");
    _Static_assert(offsetof(FundingPaid, reason) == 30, "FundingPaid.reason");
    _Static_assert(offsetof(FundingPaid, kind) == 32, "FundingPaid.kind");
    _Static_assert(offsetof(FundingPaid, flags) == 33, "FundingPaid.flags");
    _Static_assert(offsetof(FundingPaid, detail) == 34, "FundingPaid.detail");
    _Static_assert(offsetof(FundingPaid, part) == 36, "FundingPaid.part");
    _Static_assert(offsetof(FundingPaid, funding_ns) == 40, "FundingPaid.funding_ns");
    _Static_assert(offsetof(FundingPaid, rate_ppb) == 48, "FundingPaid.rate_ppb");
    _Static_assert(offsetof(FundingPaid, mark_ticks) == 56, "FundingPaid.mark_ticks");
    _Static_assert(offsetof(FundingPaid, position_lots) == 64, "FundingPaid.position_lots");
    _Static_assert(offsetof(FundingPaid, amount_units) == 72, "FundingPaid.amount_units");
    _Static_assert(offsetof(FundingPaid, wallet_units) == 80, "FundingPaid.wallet_units");
    _Static_assert(offsetof(FundingPaid, isolated_units) == 88, "FundingPaid.isolated_units");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; int64_t funding_ns; int64_t next_funding_ns; int64_t rate_ppb; int64_t mark_ticks; int64_t average_premium_ppb; uint64_t samples; uint64_t positions; int64_t paid_units; int64_t received_units; int64_t residue_units; uint8_t _rest[8]; } FundingSettled;
    _Static_assert(sizeof(FundingSettled) == 128, "FundingSettled");
    _Static_assert(offsetof(FundingSettled, seq) == 0, "FundingSettled.seq");
    _Static_assert(offsetof(FundingSettled, time_ns) == 8, "FundingSettled.time_ns");
    _Static_assert(offsetof(FundingSettled, command_id) == 16, "FundingSettled.command_id");
    _Static_assert(offsetof(FundingSettled, account) == 24, "FundingSettled.account");
    _Static_assert(offsetof(FundingSettled, instrument) == 28, "FundingSettled.instrument");
    _Static_assert(offsetof(FundingSettled, reason) == 30, "FundingSettled.reason");
    _Static_assert(offsetof(FundingSettled, kind) == 32, "FundingSettled.kind");
    _Static_assert(offsetof(FundingSettled, flags) == 33, "FundingSettled.flags");
    _Static_assert(offsetof(FundingSettled, detail) == 34, "FundingSettled.detail");
    _Static_assert(offsetof(FundingSettled, part) == 36, "FundingSettled.part");
    _Static_assert(offsetof(FundingSettled, funding_ns) == 40, "FundingSettled.funding_ns");
    _Static_assert(offsetof(FundingSettled, next_funding_ns) == 48, "FundingSettled.next_funding_ns");
    _Static_assert(offsetof(FundingSettled, rate_ppb) == 56, "FundingSettled.rate_ppb");
    _Static_assert(offsetof(FundingSettled, mark_ticks) == 64, "FundingSettled.mark_ticks");
    _Static_assert(offsetof(FundingSettled, average_premium_ppb) == 72, "FundingSettled.average_premium_ppb");
    _Static_assert(offsetof(FundingSettled, samples) == 80, "FundingSettled.samples");
    _Static_assert(offsetof(FundingSettled, positions) == 88, "FundingSettled.positions");
    _Static_assert(offsetof(FundingSettled, paid_units) == 96, "FundingSettled.paid_units");
    _Static_assert(offsetof(FundingSettled, received_units) == 104, "FundingSettled.received_units");
    _Static_assert(offsetof(FundingSettled, residue_units) == 112, "FundingSettled.residue_units");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; int64_t equity_units; int64_t maintenance_units; int64_t wallet_units; uint16_t asset; uint8_t _rest[62]; } LiquidationStarted;
    _Static_assert(sizeof(LiquidationStarted) == 128, "LiquidationStarted");
    _Static_assert(offsetof(LiquidationStarted, seq) == 0, "LiquidationStarted.seq");
    _Static_assert(offsetof(LiquidationStarted, time_ns) == 8, "LiquidationStarted.time_ns");
    _Static_assert(offsetof(LiquidationStarted, command_id) == 16, "LiquidationStarted.command_id");
    _Static_assert(offsetof(LiquidationStarted, account) == 24, "LiquidationStarted.account");
    _Static_assert(offsetof(LiquidationStarted, instrument) == 28, "LiquidationStarted.instrument");
    _Static_assert(offsetof(LiquidationStarted, reason) == 30, "LiquidationStarted.reason");
    _Static_assert(offsetof(LiquidationStarted, kind) == 32, "LiquidationStarted.kind");
    _Static_assert(offsetof(LiquidationStarted, flags) == 33, "LiquidationStarted.flags");
    _Static_assert(offsetof(LiquidationStarted, detail) == 34, "LiquidationStarted.detail");
    _Static_assert(offsetof(LiquidationStarted, part) == 36, "LiquidationStarted.part");
    _Static_assert(offsetof(LiquidationStarted, equity_units) == 40, "LiquidationStarted.equity_units");
    _Static_assert(offsetof(LiquidationStarted, maintenance_units) == 48, "LiquidationStarted.maintenance_units");
    _Static_assert(offsetof(LiquidationStarted, wallet_units) == 56, "LiquidationStarted.wallet_units");
    _Static_assert(offsetof(LiquidationStarted, asset) == 64, "LiquidationStarted.asset");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; int64_t mark_ticks; int64_t bankruptcy_ticks; int64_t quantity_lots; int64_t position_lots; int64_t equity_units; int64_t maintenance_units; uint8_t _rest[40]; } LiquidationStep;
    _Static_assert(sizeof(LiquidationStep) == 128, "LiquidationStep");
    _Static_assert(offsetof(LiquidationStep, seq) == 0, "LiquidationStep.seq");
    _Static_assert(offsetof(LiquidationStep, time_ns) == 8, "LiquidationStep.time_ns");
    _Static_assert(offsetof(LiquidationStep, command_id) == 16, "LiquidationStep.command_id");
    _Static_assert(offsetof(LiquidationStep, account) == 24, "LiquidationStep.account");
    _Static_assert(offsetof(LiquidationStep, instrument) == 28, "LiquidationStep.instrument");
    _Static_assert(offsetof(LiquidationStep, reason) == 30, "LiquidationStep.reason");
    _Static_assert(offsetof(LiquidationStep, kind) == 32, "LiquidationStep.kind");
    _Static_assert(offsetof(LiquidationStep, flags) == 33, "LiquidationStep.flags");
    _Static_assert(offsetof(LiquidationStep, detail) == 34, "LiquidationStep.detail");
    _Static_assert(offsetof(LiquidationStep, part) == 36, "LiquidationStep.part");
    _Static_assert(offsetof(LiquidationStep, mark_ticks) == 40, "LiquidationStep.mark_ticks");
    _Static_assert(offsetof(LiquidationStep, bankruptcy_ticks) == 48, "LiquidationStep.bankruptcy_ticks");
    _Static_assert(offsetof(LiquidationStep, quantity_lots) == 56, "LiquidationStep.quantity_lots");
    _Static_assert(offsetof(LiquidationStep, position_lots) == 64, "LiquidationStep.position_lots");
    _Static_assert(offsetof(LiquidationStep, equity_units) == 72, "LiquidationStep.equity_units");
    _Static_assert(offsetof(LiquidationStep, maintenance_units) == 80, "LiquidationStep.maintenance_units");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; int64_t equity_units; int64_t maintenance_units; int64_t wallet_units; uint16_t asset; uint8_t _rest[62]; } LiquidationEnded;
    _Static_assert(sizeof(LiquidationEnded) == 128, "LiquidationEnded");
    _Static_assert(offsetof(LiquidationEnded, seq) == 0, "LiquidationEnded.seq");
    _Static_assert(offsetof(LiquidationEnded, time_ns) == 8, "LiquidationEnded.time_ns");
    _Static_assert(offsetof(LiquidationEnded, command_id) == 16, "LiquidationEnded.command_id");
    _Static_assert(offsetof(LiquidationEnded, account) == 24, "LiquidationEnded.account");
    _Static_assert(offsetof(LiquidationEnded, instrument) == 28, "LiquidationEnded.instrument");
    _Static_assert(offsetof(LiquidationEnded, reason) == 30, "LiquidationEnded.reason");
    _Static_assert(offsetof(LiquidationEnded, kind) == 32, "LiquidationEnded.kind");
    _Static_assert(offsetof(LiquidationEnded, flags) == 33, "LiquidationEnded.flags");
    _Static_assert(offsetof(LiquidationEnded, detail) == 34, "LiquidationEnded.detail");
    _Static_assert(offsetof(LiquidationEnded, part) == 36, "LiquidationEnded.part");
    _Static_assert(offsetof(LiquidationEnded, equity_units) == 40, "LiquidationEnded.equity_units");
    _Static_assert(offsetof(LiquidationEnded, maintenance_units) == 48, "LiquidationEnded.maintenance_units");
    _Static_assert(offsetof(LiquidationEnded, wallet_units) == 56, "LiquidationEnded.wallet_units");
    _Static_assert(offsetof(LiquidationEnded, asset) == 64, "LiquidationEnded.asset");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint32_t counterparty; uint32_t rank; int64_t price_ticks; int64_t quantity_lots; int64_t realized_pnl_units; int64_t position_lots; int64_t position_cost_units; int64_t wallet_units; int64_t isolated_units; int64_t score; uint8_t _rest[16]; } PositionMoved;
    _Static_assert(sizeof(PositionMoved) == 128, "PositionMoved");
    _Static_assert(offsetof(PositionMoved, seq) == 0, "PositionMoved.seq");
    _Static_assert(offsetof(PositionMoved, time_ns) == 8, "PositionMoved.time_ns");
    _Static_assert(offsetof(PositionMoved, command_id) == 16, "PositionMoved.command_id");
    _Static_assert(offsetof(PositionMoved, account) == 24, "PositionMoved.account");
    _Static_assert(offsetof(PositionMoved, instrument) == 28, "PositionMoved.instrument");
    _Static_assert(offsetof(PositionMoved, reason) == 30, "PositionMoved.reason");
    _Static_assert(offsetof(PositionMoved, kind) == 32, "PositionMoved.kind");
    _Static_assert(offsetof(PositionMoved, flags) == 33, "PositionMoved.flags");
    _Static_assert(offsetof(PositionMoved, detail) == 34, "PositionMoved.detail");
    _Static_assert(offsetof(PositionMoved, part) == 36, "PositionMoved.part");
    _Static_assert(offsetof(PositionMoved, counterparty) == 40, "PositionMoved.counterparty");
    _Static_assert(offsetof(PositionMoved, rank) == 44, "PositionMoved.rank");
    _Static_assert(offsetof(PositionMoved, price_ticks) == 48, "PositionMoved.price_ticks");
    _Static_assert(offsetof(PositionMoved, quantity_lots) == 56, "PositionMoved.quantity_lots");
    _Static_assert(offsetof(PositionMoved, realized_pnl_units) == 64, "PositionMoved.realized_pnl_units");
    _Static_assert(offsetof(PositionMoved, position_lots) == 72, "PositionMoved.position_lots");
    _Static_assert(offsetof(PositionMoved, position_cost_units) == 80, "PositionMoved.position_cost_units");
    _Static_assert(offsetof(PositionMoved, wallet_units) == 88, "PositionMoved.wallet_units");
    _Static_assert(offsetof(PositionMoved, isolated_units) == 96, "PositionMoved.isolated_units");
    _Static_assert(offsetof(PositionMoved, score) == 104, "PositionMoved.score");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; int64_t amount_units; int64_t wallet_units; int64_t source_wallet_units; uint32_t source_account; uint16_t asset; uint8_t _rest[58]; } InsuranceChanged;
    _Static_assert(sizeof(InsuranceChanged) == 128, "InsuranceChanged");
    _Static_assert(offsetof(InsuranceChanged, seq) == 0, "InsuranceChanged.seq");
    _Static_assert(offsetof(InsuranceChanged, time_ns) == 8, "InsuranceChanged.time_ns");
    _Static_assert(offsetof(InsuranceChanged, command_id) == 16, "InsuranceChanged.command_id");
    _Static_assert(offsetof(InsuranceChanged, account) == 24, "InsuranceChanged.account");
    _Static_assert(offsetof(InsuranceChanged, instrument) == 28, "InsuranceChanged.instrument");
    _Static_assert(offsetof(InsuranceChanged, reason) == 30, "InsuranceChanged.reason");
    _Static_assert(offsetof(InsuranceChanged, kind) == 32, "InsuranceChanged.kind");
    _Static_assert(offsetof(InsuranceChanged, flags) == 33, "InsuranceChanged.flags");
    _Static_assert(offsetof(InsuranceChanged, detail) == 34, "InsuranceChanged.detail");
    _Static_assert(offsetof(InsuranceChanged, part) == 36, "InsuranceChanged.part");
    _Static_assert(offsetof(InsuranceChanged, amount_units) == 40, "InsuranceChanged.amount_units");
    _Static_assert(offsetof(InsuranceChanged, wallet_units) == 48, "InsuranceChanged.wallet_units");
    _Static_assert(offsetof(InsuranceChanged, source_wallet_units) == 56, "InsuranceChanged.source_wallet_units");
    _Static_assert(offsetof(InsuranceChanged, source_account) == 64, "InsuranceChanged.source_account");
    _Static_assert(offsetof(InsuranceChanged, asset) == 68, "InsuranceChanged.asset");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; int64_t deadline_ns; uint8_t _rest[80]; } CountdownChanged;
    _Static_assert(sizeof(CountdownChanged) == 128, "CountdownChanged");
    _Static_assert(offsetof(CountdownChanged, seq) == 0, "CountdownChanged.seq");
    _Static_assert(offsetof(CountdownChanged, time_ns) == 8, "CountdownChanged.time_ns");
    _Static_assert(offsetof(CountdownChanged, command_id) == 16, "CountdownChanged.command_id");
    _Static_assert(offsetof(CountdownChanged, account) == 24, "CountdownChanged.account");
    _Static_assert(offsetof(CountdownChanged, instrument) == 28, "CountdownChanged.instrument");
    _Static_assert(offsetof(CountdownChanged, reason) == 30, "CountdownChanged.reason");
    _Static_assert(offsetof(CountdownChanged, kind) == 32, "CountdownChanged.kind");
    _Static_assert(offsetof(CountdownChanged, flags) == 33, "CountdownChanged.flags");
    _Static_assert(offsetof(CountdownChanged, detail) == 34, "CountdownChanged.detail");
    _Static_assert(offsetof(CountdownChanged, part) == 36, "CountdownChanged.part");
    _Static_assert(offsetof(CountdownChanged, deadline_ns) == 40, "CountdownChanged.deadline_ns");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint8_t multi_assets; uint8_t _rest[87]; } MultiAssetsChanged;
    _Static_assert(sizeof(MultiAssetsChanged) == 128, "MultiAssetsChanged");
    _Static_assert(offsetof(MultiAssetsChanged, seq) == 0, "MultiAssetsChanged.seq");
    _Static_assert(offsetof(MultiAssetsChanged, time_ns) == 8, "MultiAssetsChanged.time_ns");
    _Static_assert(offsetof(MultiAssetsChanged, command_id) == 16, "MultiAssetsChanged.command_id");
    _Static_assert(offsetof(MultiAssetsChanged, account) == 24, "MultiAssetsChanged.account");
    _Static_assert(offsetof(MultiAssetsChanged, instrument) == 28, "MultiAssetsChanged.instrument");
    _Static_assert(offsetof(MultiAssetsChanged, reason) == 30, "MultiAssetsChanged.reason");
    _Static_assert(offsetof(MultiAssetsChanged, kind) == 32, "MultiAssetsChanged.kind");
    _Static_assert(offsetof(MultiAssetsChanged, flags) == 33, "MultiAssetsChanged.flags");
    _Static_assert(offsetof(MultiAssetsChanged, detail) == 34, "MultiAssetsChanged.detail");
    _Static_assert(offsetof(MultiAssetsChanged, part) == 36, "MultiAssetsChanged.part");
    _Static_assert(offsetof(MultiAssetsChanged, multi_assets) == 40, "MultiAssetsChanged.multi_assets");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; int64_t price_units; int64_t threshold_units; uint32_t haircut_ppb; uint16_t asset; uint8_t _rest[66]; } CollateralDefined;
    _Static_assert(sizeof(CollateralDefined) == 128, "CollateralDefined");
    _Static_assert(offsetof(CollateralDefined, seq) == 0, "CollateralDefined.seq");
    _Static_assert(offsetof(CollateralDefined, time_ns) == 8, "CollateralDefined.time_ns");
    _Static_assert(offsetof(CollateralDefined, command_id) == 16, "CollateralDefined.command_id");
    _Static_assert(offsetof(CollateralDefined, account) == 24, "CollateralDefined.account");
    _Static_assert(offsetof(CollateralDefined, instrument) == 28, "CollateralDefined.instrument");
    _Static_assert(offsetof(CollateralDefined, reason) == 30, "CollateralDefined.reason");
    _Static_assert(offsetof(CollateralDefined, kind) == 32, "CollateralDefined.kind");
    _Static_assert(offsetof(CollateralDefined, flags) == 33, "CollateralDefined.flags");
    _Static_assert(offsetof(CollateralDefined, detail) == 34, "CollateralDefined.detail");
    _Static_assert(offsetof(CollateralDefined, part) == 36, "CollateralDefined.part");
    _Static_assert(offsetof(CollateralDefined, price_units) == 40, "CollateralDefined.price_units");
    _Static_assert(offsetof(CollateralDefined, threshold_units) == 48, "CollateralDefined.threshold_units");
    _Static_assert(offsetof(CollateralDefined, haircut_ppb) == 56, "CollateralDefined.haircut_ppb");
    _Static_assert(offsetof(CollateralDefined, asset) == 60, "CollateralDefined.asset");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint16_t asset; uint8_t _rest[86]; } InsuranceFundDefined;
    _Static_assert(sizeof(InsuranceFundDefined) == 128, "InsuranceFundDefined");
    _Static_assert(offsetof(InsuranceFundDefined, seq) == 0, "InsuranceFundDefined.seq");
    _Static_assert(offsetof(InsuranceFundDefined, time_ns) == 8, "InsuranceFundDefined.time_ns");
    _Static_assert(offsetof(InsuranceFundDefined, command_id) == 16, "InsuranceFundDefined.command_id");
    _Static_assert(offsetof(InsuranceFundDefined, account) == 24, "InsuranceFundDefined.account");
    _Static_assert(offsetof(InsuranceFundDefined, instrument) == 28, "InsuranceFundDefined.instrument");
    _Static_assert(offsetof(InsuranceFundDefined, reason) == 30, "InsuranceFundDefined.reason");
    _Static_assert(offsetof(InsuranceFundDefined, kind) == 32, "InsuranceFundDefined.kind");
    _Static_assert(offsetof(InsuranceFundDefined, flags) == 33, "InsuranceFundDefined.flags");
    _Static_assert(offsetof(InsuranceFundDefined, detail) == 34, "InsuranceFundDefined.detail");
    _Static_assert(offsetof(InsuranceFundDefined, part) == 36, "InsuranceFundDefined.part");
    _Static_assert(offsetof(InsuranceFundDefined, asset) == 40, "InsuranceFundDefined.asset");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; int64_t sold_units; int64_t bought_units; int64_t sold_wallet_units; int64_t bought_wallet_units; uint16_t sold_asset; uint16_t bought_asset; uint8_t _rest[52]; } AssetConverted;
    _Static_assert(sizeof(AssetConverted) == 128, "AssetConverted");
    _Static_assert(offsetof(AssetConverted, seq) == 0, "AssetConverted.seq");
    _Static_assert(offsetof(AssetConverted, time_ns) == 8, "AssetConverted.time_ns");
    _Static_assert(offsetof(AssetConverted, command_id) == 16, "AssetConverted.command_id");
    _Static_assert(offsetof(AssetConverted, account) == 24, "AssetConverted.account");
    _Static_assert(offsetof(AssetConverted, instrument) == 28, "AssetConverted.instrument");
    _Static_assert(offsetof(AssetConverted, reason) == 30, "AssetConverted.reason");
    _Static_assert(offsetof(AssetConverted, kind) == 32, "AssetConverted.kind");
    _Static_assert(offsetof(AssetConverted, flags) == 33, "AssetConverted.flags");
    _Static_assert(offsetof(AssetConverted, detail) == 34, "AssetConverted.detail");
    _Static_assert(offsetof(AssetConverted, part) == 36, "AssetConverted.part");
    _Static_assert(offsetof(AssetConverted, sold_units) == 40, "AssetConverted.sold_units");
    _Static_assert(offsetof(AssetConverted, bought_units) == 48, "AssetConverted.bought_units");
    _Static_assert(offsetof(AssetConverted, sold_wallet_units) == 56, "AssetConverted.sold_wallet_units");
    _Static_assert(offsetof(AssetConverted, bought_wallet_units) == 64, "AssetConverted.bought_wallet_units");
    _Static_assert(offsetof(AssetConverted, sold_asset) == 72, "AssetConverted.sold_asset");
    _Static_assert(offsetof(AssetConverted, bought_asset) == 74, "AssetConverted.bought_asset");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint8_t funding_hours; uint8_t _rest[87]; } MarketRulesDefined;
    _Static_assert(sizeof(MarketRulesDefined) == 128, "MarketRulesDefined");
    _Static_assert(offsetof(MarketRulesDefined, seq) == 0, "MarketRulesDefined.seq");
    _Static_assert(offsetof(MarketRulesDefined, time_ns) == 8, "MarketRulesDefined.time_ns");
    _Static_assert(offsetof(MarketRulesDefined, command_id) == 16, "MarketRulesDefined.command_id");
    _Static_assert(offsetof(MarketRulesDefined, account) == 24, "MarketRulesDefined.account");
    _Static_assert(offsetof(MarketRulesDefined, instrument) == 28, "MarketRulesDefined.instrument");
    _Static_assert(offsetof(MarketRulesDefined, reason) == 30, "MarketRulesDefined.reason");
    _Static_assert(offsetof(MarketRulesDefined, kind) == 32, "MarketRulesDefined.kind");
    _Static_assert(offsetof(MarketRulesDefined, flags) == 33, "MarketRulesDefined.flags");
    _Static_assert(offsetof(MarketRulesDefined, detail) == 34, "MarketRulesDefined.detail");
    _Static_assert(offsetof(MarketRulesDefined, part) == 36, "MarketRulesDefined.part");
    _Static_assert(offsetof(MarketRulesDefined, funding_hours) == 40, "MarketRulesDefined.funding_hours");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; int64_t price_ticks; uint64_t positions; uint8_t _rest[72]; } InstrumentSettled;
    _Static_assert(sizeof(InstrumentSettled) == 128, "InstrumentSettled");
    _Static_assert(offsetof(InstrumentSettled, seq) == 0, "InstrumentSettled.seq");
    _Static_assert(offsetof(InstrumentSettled, time_ns) == 8, "InstrumentSettled.time_ns");
    _Static_assert(offsetof(InstrumentSettled, command_id) == 16, "InstrumentSettled.command_id");
    _Static_assert(offsetof(InstrumentSettled, account) == 24, "InstrumentSettled.account");
    _Static_assert(offsetof(InstrumentSettled, instrument) == 28, "InstrumentSettled.instrument");
    _Static_assert(offsetof(InstrumentSettled, reason) == 30, "InstrumentSettled.reason");
    _Static_assert(offsetof(InstrumentSettled, kind) == 32, "InstrumentSettled.kind");
    _Static_assert(offsetof(InstrumentSettled, flags) == 33, "InstrumentSettled.flags");
    _Static_assert(offsetof(InstrumentSettled, detail) == 34, "InstrumentSettled.detail");
    _Static_assert(offsetof(InstrumentSettled, part) == 36, "InstrumentSettled.part");
    _Static_assert(offsetof(InstrumentSettled, price_ticks) == 40, "InstrumentSettled.price_ticks");
    _Static_assert(offsetof(InstrumentSettled, positions) == 48, "InstrumentSettled.positions");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; uint64_t liquidated; uint64_t converted; int64_t unwound_lots; uint8_t _rest[64]; } SweepDone;
    _Static_assert(sizeof(SweepDone) == 128, "SweepDone");
    _Static_assert(offsetof(SweepDone, seq) == 0, "SweepDone.seq");
    _Static_assert(offsetof(SweepDone, time_ns) == 8, "SweepDone.time_ns");
    _Static_assert(offsetof(SweepDone, command_id) == 16, "SweepDone.command_id");
    _Static_assert(offsetof(SweepDone, account) == 24, "SweepDone.account");
    _Static_assert(offsetof(SweepDone, instrument) == 28, "SweepDone.instrument");
    _Static_assert(offsetof(SweepDone, reason) == 30, "SweepDone.reason");
    _Static_assert(offsetof(SweepDone, kind) == 32, "SweepDone.kind");
    _Static_assert(offsetof(SweepDone, flags) == 33, "SweepDone.flags");
    _Static_assert(offsetof(SweepDone, detail) == 34, "SweepDone.detail");
    _Static_assert(offsetof(SweepDone, part) == 36, "SweepDone.part");
    _Static_assert(offsetof(SweepDone, liquidated) == 40, "SweepDone.liquidated");
    _Static_assert(offsetof(SweepDone, converted) == 48, "SweepDone.converted");
    _Static_assert(offsetof(SweepDone, unwound_lots) == 56, "SweepDone.unwound_lots");
    typedef struct { uint64_t seq; int64_t time_ns; uint64_t command_id; uint32_t account; uint16_t instrument; uint16_t reason; uint8_t kind; uint8_t flags; uint16_t detail; uint32_t part; int64_t max_position_notional_units; int64_t max_position_lots; uint32_t max_open_orders; uint8_t _rest[68]; } AccountLimitsChanged;
    _Static_assert(sizeof(AccountLimitsChanged) == 128, "AccountLimitsChanged");
    _Static_assert(offsetof(AccountLimitsChanged, seq) == 0, "AccountLimitsChanged.seq");
    _Static_assert(offsetof(AccountLimitsChanged, time_ns) == 8, "AccountLimitsChanged.time_ns");
    _Static_assert(offsetof(AccountLimitsChanged, command_id) == 16, "AccountLimitsChanged.command_id");
    _Static_assert(offsetof(AccountLimitsChanged, account) == 24, "AccountLimitsChanged.account");
    _Static_assert(offsetof(AccountLimitsChanged, instrument) == 28, "AccountLimitsChanged.instrument");
    _Static_assert(offsetof(AccountLimitsChanged, reason) == 30, "AccountLimitsChanged.reason");
    _Static_assert(offsetof(AccountLimitsChanged, kind) == 32, "AccountLimitsChanged.kind");
    _Static_assert(offsetof(AccountLimitsChanged, flags) == 33, "AccountLimitsChanged.flags");
    _Static_assert(offsetof(AccountLimitsChanged, detail) == 34, "AccountLimitsChanged.detail");
    _Static_assert(offsetof(AccountLimitsChanged, part) == 36, "AccountLimitsChanged.part");
    _Static_assert(offsetof(AccountLimitsChanged, max_position_notional_units) == 40, "AccountLimitsChanged.max_position_notional_units");
    _Static_assert(offsetof(AccountLimitsChanged, max_position_lots) == 48, "AccountLimitsChanged.max_position_lots");
    _Static_assert(offsetof(AccountLimitsChanged, max_open_orders) == 56, "AccountLimitsChanged.max_open_orders");
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
    typedef struct { int64_t wallet_units; int64_t unrealized_pnl_units; int64_t position_margin_units; int64_t order_margin_units; int64_t maintenance_margin_units; int64_t available_units; int64_t withdrawable_units; int64_t updated_ns; uint32_t account; uint16_t asset; int64_t isolated_units; int64_t cross_unrealized_pnl_units; int64_t cross_maintenance_margin_units; } BalanceView;
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
    _Static_assert(offsetof(BalanceView, isolated_units) == 72, "BalanceView.isolated_units");
    _Static_assert(offsetof(BalanceView, cross_unrealized_pnl_units) == 80, "BalanceView.cross_unrealized_pnl_units");
    _Static_assert(offsetof(BalanceView, cross_maintenance_margin_units) == 88, "BalanceView.cross_maintenance_margin_units");
    typedef struct { int64_t position_lots; int64_t cost_units; int64_t realized_pnl_units; int64_t mark_ticks; int64_t unrealized_pnl_units; int64_t position_margin_units; int64_t order_margin_units; int64_t maintenance_margin_units; int64_t buy_lots; int64_t sell_lots; int64_t buy_value; int64_t sell_value; int64_t reduce_only_buy_lots; int64_t reduce_only_sell_lots; int64_t liquidation_ticks; int64_t updated_ns; uint32_t account; uint16_t instrument; uint16_t leverage; uint8_t position_side; uint8_t margin_mode; int64_t isolated_units; int64_t bankruptcy_ticks; } PositionView;
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
    _Static_assert(offsetof(PositionView, isolated_units) == 144, "PositionView.isolated_units");
    _Static_assert(offsetof(PositionView, bankruptcy_ticks) == 152, "PositionView.bankruptcy_ticks");
    typedef struct { uint64_t order_id; int64_t price_ticks; int64_t quantity_lots; int64_t filled_lots; int64_t filled_quote_units; int64_t created_ns; int64_t updated_ns; uint32_t account; uint16_t instrument; uint8_t side; uint8_t order_type; uint8_t time_in_force; uint8_t order_flags; uint8_t position_side; uint8_t working_type; uint8_t self_trade_prevention; uint8_t status; char client_order_id[36]; uint8_t waiting; uint32_t trigger_ticks; uint32_t callback_ppm; uint32_t watermark_ticks; uint32_t take_profit_ticks; uint32_t stop_loss_ticks; int64_t good_till_ns; uint64_t linked_order_id; uint8_t _rest[16]; } OrderView;
    _Static_assert(sizeof(OrderView) == 160, "OrderView");
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
    _Static_assert(offsetof(OrderView, waiting) == 106, "OrderView.waiting");
    _Static_assert(offsetof(OrderView, trigger_ticks) == 108, "OrderView.trigger_ticks");
    _Static_assert(offsetof(OrderView, callback_ppm) == 112, "OrderView.callback_ppm");
    _Static_assert(offsetof(OrderView, watermark_ticks) == 116, "OrderView.watermark_ticks");
    _Static_assert(offsetof(OrderView, take_profit_ticks) == 120, "OrderView.take_profit_ticks");
    _Static_assert(offsetof(OrderView, stop_loss_ticks) == 124, "OrderView.stop_loss_ticks");
    _Static_assert(offsetof(OrderView, good_till_ns) == 128, "OrderView.good_till_ns");
    _Static_assert(offsetof(OrderView, linked_order_id) == 136, "OrderView.linked_order_id");
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
    typedef struct { int64_t mark_max_age_ns; int64_t impact_notional_units; int64_t breaker_window_ns; int64_t breaker_halt_ns; int64_t resume_ns; int64_t last_funding_ns; int64_t last_sample_ns; int64_t last_premium_ppb; int64_t weighted_premium; uint64_t samples; int64_t average_premium_ppb; int64_t predicted_rate_ppb; uint32_t max_conditional_orders; uint32_t price_protect_ppm; uint32_t breaker_move_ppm; int32_t interest_rate_ppb; int32_t funding_cap_ppb; int32_t funding_floor_ppb; uint16_t instrument; uint8_t funding_hours; uint8_t breaker_state; uint8_t profit_opens; uint8_t _rest[35]; } RulesView;
    _Static_assert(sizeof(RulesView) == 160, "RulesView");
    _Static_assert(offsetof(RulesView, mark_max_age_ns) == 0, "RulesView.mark_max_age_ns");
    _Static_assert(offsetof(RulesView, impact_notional_units) == 8, "RulesView.impact_notional_units");
    _Static_assert(offsetof(RulesView, breaker_window_ns) == 16, "RulesView.breaker_window_ns");
    _Static_assert(offsetof(RulesView, breaker_halt_ns) == 24, "RulesView.breaker_halt_ns");
    _Static_assert(offsetof(RulesView, resume_ns) == 32, "RulesView.resume_ns");
    _Static_assert(offsetof(RulesView, last_funding_ns) == 40, "RulesView.last_funding_ns");
    _Static_assert(offsetof(RulesView, last_sample_ns) == 48, "RulesView.last_sample_ns");
    _Static_assert(offsetof(RulesView, last_premium_ppb) == 56, "RulesView.last_premium_ppb");
    _Static_assert(offsetof(RulesView, weighted_premium) == 64, "RulesView.weighted_premium");
    _Static_assert(offsetof(RulesView, samples) == 72, "RulesView.samples");
    _Static_assert(offsetof(RulesView, average_premium_ppb) == 80, "RulesView.average_premium_ppb");
    _Static_assert(offsetof(RulesView, predicted_rate_ppb) == 88, "RulesView.predicted_rate_ppb");
    _Static_assert(offsetof(RulesView, max_conditional_orders) == 96, "RulesView.max_conditional_orders");
    _Static_assert(offsetof(RulesView, price_protect_ppm) == 100, "RulesView.price_protect_ppm");
    _Static_assert(offsetof(RulesView, breaker_move_ppm) == 104, "RulesView.breaker_move_ppm");
    _Static_assert(offsetof(RulesView, interest_rate_ppb) == 108, "RulesView.interest_rate_ppb");
    _Static_assert(offsetof(RulesView, funding_cap_ppb) == 112, "RulesView.funding_cap_ppb");
    _Static_assert(offsetof(RulesView, funding_floor_ppb) == 116, "RulesView.funding_floor_ppb");
    _Static_assert(offsetof(RulesView, instrument) == 120, "RulesView.instrument");
    _Static_assert(offsetof(RulesView, funding_hours) == 122, "RulesView.funding_hours");
    _Static_assert(offsetof(RulesView, breaker_state) == 123, "RulesView.breaker_state");
    _Static_assert(offsetof(RulesView, profit_opens) == 124, "RulesView.profit_opens");
    typedef struct { int64_t deadline_ns; uint32_t account; uint16_t instrument; uint8_t _rest[2]; } CountdownView;
    _Static_assert(sizeof(CountdownView) == 16, "CountdownView");
    _Static_assert(offsetof(CountdownView, deadline_ns) == 0, "CountdownView.deadline_ns");
    _Static_assert(offsetof(CountdownView, account) == 8, "CountdownView.account");
    _Static_assert(offsetof(CountdownView, instrument) == 12, "CountdownView.instrument");
    typedef struct { int64_t score; uint32_t account; uint32_t rank; uint32_t holders; uint16_t instrument; uint8_t position_side; uint8_t lights; uint8_t _rest[8]; } AdlView;
    _Static_assert(sizeof(AdlView) == 32, "AdlView");
    _Static_assert(offsetof(AdlView, score) == 0, "AdlView.score");
    _Static_assert(offsetof(AdlView, account) == 8, "AdlView.account");
    _Static_assert(offsetof(AdlView, rank) == 12, "AdlView.rank");
    _Static_assert(offsetof(AdlView, holders) == 16, "AdlView.holders");
    _Static_assert(offsetof(AdlView, instrument) == 20, "AdlView.instrument");
    _Static_assert(offsetof(AdlView, position_side) == 22, "AdlView.position_side");
    _Static_assert(offsetof(AdlView, lights) == 23, "AdlView.lights");
    typedef struct { int64_t fee_income_units; int64_t external_units; int64_t clearing_units; int64_t conversion_units; int64_t price_units; int64_t threshold_units; uint32_t fund_account; uint32_t haircut_ppb; uint16_t asset; uint8_t _rest[6]; } AssetView;
    _Static_assert(sizeof(AssetView) == 64, "AssetView");
    _Static_assert(offsetof(AssetView, fee_income_units) == 0, "AssetView.fee_income_units");
    _Static_assert(offsetof(AssetView, external_units) == 8, "AssetView.external_units");
    _Static_assert(offsetof(AssetView, clearing_units) == 16, "AssetView.clearing_units");
    _Static_assert(offsetof(AssetView, conversion_units) == 24, "AssetView.conversion_units");
    _Static_assert(offsetof(AssetView, price_units) == 32, "AssetView.price_units");
    _Static_assert(offsetof(AssetView, threshold_units) == 40, "AssetView.threshold_units");
    _Static_assert(offsetof(AssetView, fund_account) == 48, "AssetView.fund_account");
    _Static_assert(offsetof(AssetView, haircut_ppb) == 52, "AssetView.haircut_ppb");
    _Static_assert(offsetof(AssetView, asset) == 56, "AssetView.asset");
    typedef struct { uint32_t account; uint32_t group; int32_t maker_fee_ppb; int32_t taker_fee_ppb; uint8_t fee_override; uint8_t account_state; uint8_t position_mode; uint8_t multi_assets; uint8_t _rest[12]; } AccountView;
    _Static_assert(sizeof(AccountView) == 32, "AccountView");
    _Static_assert(offsetof(AccountView, account) == 0, "AccountView.account");
    _Static_assert(offsetof(AccountView, group) == 4, "AccountView.group");
    _Static_assert(offsetof(AccountView, maker_fee_ppb) == 8, "AccountView.maker_fee_ppb");
    _Static_assert(offsetof(AccountView, taker_fee_ppb) == 12, "AccountView.taker_fee_ppb");
    _Static_assert(offsetof(AccountView, fee_override) == 16, "AccountView.fee_override");
    _Static_assert(offsetof(AccountView, account_state) == 17, "AccountView.account_state");
    _Static_assert(offsetof(AccountView, position_mode) == 18, "AccountView.position_mode");
    _Static_assert(offsetof(AccountView, multi_assets) == 19, "AccountView.multi_assets");
    typedef struct { int64_t max_position_notional_units; int64_t max_position_lots; uint32_t account; uint32_t max_open_orders; uint16_t instrument; uint8_t _rest[6]; } LimitsView;
    _Static_assert(sizeof(LimitsView) == 32, "LimitsView");
    _Static_assert(offsetof(LimitsView, max_position_notional_units) == 0, "LimitsView.max_position_notional_units");
    _Static_assert(offsetof(LimitsView, max_position_lots) == 8, "LimitsView.max_position_lots");
    _Static_assert(offsetof(LimitsView, account) == 16, "LimitsView.account");
    _Static_assert(offsetof(LimitsView, max_open_orders) == 20, "LimitsView.max_open_orders");
    _Static_assert(offsetof(LimitsView, instrument) == 24, "LimitsView.instrument");
    typedef struct { int64_t notional_floor_units; int64_t maintenance_amount_units; uint32_t maintenance_rate_ppb; uint16_t instrument; uint16_t max_leverage; uint8_t tier; uint8_t _rest[7]; } TierView;
    _Static_assert(sizeof(TierView) == 32, "TierView");
    _Static_assert(offsetof(TierView, notional_floor_units) == 0, "TierView.notional_floor_units");
    _Static_assert(offsetof(TierView, maintenance_amount_units) == 8, "TierView.maintenance_amount_units");
    _Static_assert(offsetof(TierView, maintenance_rate_ppb) == 16, "TierView.maintenance_rate_ppb");
    _Static_assert(offsetof(TierView, instrument) == 20, "TierView.instrument");
    _Static_assert(offsetof(TierView, max_leverage) == 22, "TierView.max_leverage");
    _Static_assert(offsetof(TierView, tier) == 24, "TierView.tier");
    typedef struct { int64_t time_ns; int64_t mark_ticks; } MarkView;
    _Static_assert(sizeof(MarkView) == 16, "MarkView");
    _Static_assert(offsetof(MarkView, time_ns) == 0, "MarkView.time_ns");
    _Static_assert(offsetof(MarkView, mark_ticks) == 8, "MarkView.mark_ticks");
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
        uint32_t callback_ppm
        uint32_t take_profit_ticks
        uint32_t stop_loss_ticks
        uint64_t linked_order_id
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
    ctypedef struct DefineMarketRules:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        int64_t mark_max_age_ns
        int64_t impact_notional_units
        int64_t breaker_window_ns
        int64_t breaker_halt_ns
        uint32_t max_conditional_orders
        uint32_t price_protect_ppm
        uint32_t breaker_move_ppm
        int32_t interest_rate_ppb
        int32_t funding_cap_ppb
        int32_t funding_floor_ppb
        uint8_t funding_hours
        uint8_t breaker_state
        uint8_t profit_opens
        uint8_t _rest[37]
    ctypedef struct SetMarginMode:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        uint8_t margin_mode
        uint8_t _rest[95]
    ctypedef struct SetPositionMode:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        uint8_t position_mode
        uint8_t _rest[95]
    ctypedef struct AdjustIsolatedMargin:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        int64_t amount_units
        uint8_t position_side
        uint8_t _rest[87]
    ctypedef struct Transfer:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        int64_t amount_units
        uint32_t to_account
        uint16_t asset
        char reference[36]
        uint8_t _rest[46]
    ctypedef struct SetMultiAssets:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        uint8_t multi_assets
        uint8_t _rest[95]
    ctypedef struct DefineCollateral:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        int64_t price_units
        int64_t threshold_units
        uint32_t haircut_ppb
        uint16_t asset
        uint8_t _rest[74]
    ctypedef struct SetInsuranceFund:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        uint16_t asset
        uint8_t _rest[94]
    ctypedef struct SampleFunding:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        int64_t sample_ns
        uint8_t _rest[88]
    ctypedef struct SettleFunding:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        int64_t funding_ns
        int64_t next_funding_ns
        uint8_t _rest[80]
    ctypedef struct Sweep:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        uint8_t _rest[96]
    ctypedef struct SettleInstrument:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        int64_t price_ticks
        uint8_t _rest[88]
    ctypedef struct SetCountdown:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        int64_t countdown_ns
        uint8_t _rest[88]
    ctypedef struct SetAccountLimits:
        uint64_t seq
        int64_t time_ns
        uint64_t command_id
        uint32_t account
        uint16_t instrument
        uint8_t kind
        uint8_t version
        int64_t max_position_notional_units
        int64_t max_position_lots
        uint32_t max_open_orders
        uint8_t _rest[76]
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
        int64_t resume_ns
        uint8_t _rest[72]
    ctypedef struct OrderTerms:
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
        int64_t good_till_ns
        uint64_t linked_order_id
        int64_t trigger_ticks
        uint32_t callback_ppm
        uint32_t take_profit_ticks
        uint32_t stop_loss_ticks
        uint8_t _rest[44]
    ctypedef struct OrderTriggered:
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
    ctypedef struct MarginModeChanged:
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
        uint8_t margin_mode
        uint8_t _rest[87]
    ctypedef struct PositionModeChanged:
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
        uint8_t position_mode
        uint8_t _rest[87]
    ctypedef struct IsolatedMarginChanged:
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
        int64_t isolated_units
        uint8_t _rest[72]
    ctypedef struct FundingSampled:
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
        int64_t sample_ns
        int64_t impact_bid_microticks
        int64_t impact_ask_microticks
        int64_t index_ticks
        int64_t premium_ppb
        int64_t average_premium_ppb
        int64_t predicted_rate_ppb
        uint64_t samples
        uint8_t _rest[24]
    ctypedef struct FundingPaid:
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
        int64_t funding_ns
        int64_t rate_ppb
        int64_t mark_ticks
        int64_t position_lots
        int64_t amount_units
        int64_t wallet_units
        int64_t isolated_units
        uint8_t _rest[32]
    ctypedef struct FundingSettled:
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
        int64_t funding_ns
        int64_t next_funding_ns
        int64_t rate_ppb
        int64_t mark_ticks
        int64_t average_premium_ppb
        uint64_t samples
        uint64_t positions
        int64_t paid_units
        int64_t received_units
        int64_t residue_units
        uint8_t _rest[8]
    ctypedef struct LiquidationStarted:
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
        int64_t equity_units
        int64_t maintenance_units
        int64_t wallet_units
        uint16_t asset
        uint8_t _rest[62]
    ctypedef struct LiquidationStep:
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
        int64_t bankruptcy_ticks
        int64_t quantity_lots
        int64_t position_lots
        int64_t equity_units
        int64_t maintenance_units
        uint8_t _rest[40]
    ctypedef struct LiquidationEnded:
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
        int64_t equity_units
        int64_t maintenance_units
        int64_t wallet_units
        uint16_t asset
        uint8_t _rest[62]
    ctypedef struct PositionMoved:
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
        uint32_t counterparty
        uint32_t rank
        int64_t price_ticks
        int64_t quantity_lots
        int64_t realized_pnl_units
        int64_t position_lots
        int64_t position_cost_units
        int64_t wallet_units
        int64_t isolated_units
        int64_t score
        uint8_t _rest[16]
    ctypedef struct InsuranceChanged:
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
        int64_t source_wallet_units
        uint32_t source_account
        uint16_t asset
        uint8_t _rest[58]
    ctypedef struct CountdownChanged:
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
        int64_t deadline_ns
        uint8_t _rest[80]
    ctypedef struct MultiAssetsChanged:
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
        uint8_t multi_assets
        uint8_t _rest[87]
    ctypedef struct CollateralDefined:
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
        int64_t price_units
        int64_t threshold_units
        uint32_t haircut_ppb
        uint16_t asset
        uint8_t _rest[66]
    ctypedef struct InsuranceFundDefined:
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
    ctypedef struct AssetConverted:
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
        int64_t sold_units
        int64_t bought_units
        int64_t sold_wallet_units
        int64_t bought_wallet_units
        uint16_t sold_asset
        uint16_t bought_asset
        uint8_t _rest[52]
    ctypedef struct MarketRulesDefined:
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
        uint8_t funding_hours
        uint8_t _rest[87]
    ctypedef struct InstrumentSettled:
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
        uint64_t positions
        uint8_t _rest[72]
    ctypedef struct SweepDone:
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
        uint64_t liquidated
        uint64_t converted
        int64_t unwound_lots
        uint8_t _rest[64]
    ctypedef struct AccountLimitsChanged:
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
        int64_t max_position_notional_units
        int64_t max_position_lots
        uint32_t max_open_orders
        uint8_t _rest[68]
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
        int64_t isolated_units
        int64_t cross_unrealized_pnl_units
        int64_t cross_maintenance_margin_units
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
        int64_t isolated_units
        int64_t bankruptcy_ticks
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
        uint8_t waiting
        uint32_t trigger_ticks
        uint32_t callback_ppm
        uint32_t watermark_ticks
        uint32_t take_profit_ticks
        uint32_t stop_loss_ticks
        int64_t good_till_ns
        uint64_t linked_order_id
        uint8_t _rest[16]
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
    ctypedef struct RulesView:
        int64_t mark_max_age_ns
        int64_t impact_notional_units
        int64_t breaker_window_ns
        int64_t breaker_halt_ns
        int64_t resume_ns
        int64_t last_funding_ns
        int64_t last_sample_ns
        int64_t last_premium_ppb
        int64_t weighted_premium
        uint64_t samples
        int64_t average_premium_ppb
        int64_t predicted_rate_ppb
        uint32_t max_conditional_orders
        uint32_t price_protect_ppm
        uint32_t breaker_move_ppm
        int32_t interest_rate_ppb
        int32_t funding_cap_ppb
        int32_t funding_floor_ppb
        uint16_t instrument
        uint8_t funding_hours
        uint8_t breaker_state
        uint8_t profit_opens
        uint8_t _rest[35]
    ctypedef struct CountdownView:
        int64_t deadline_ns
        uint32_t account
        uint16_t instrument
        uint8_t _rest[2]
    ctypedef struct AdlView:
        int64_t score
        uint32_t account
        uint32_t rank
        uint32_t holders
        uint16_t instrument
        uint8_t position_side
        uint8_t lights
        uint8_t _rest[8]
    ctypedef struct AssetView:
        int64_t fee_income_units
        int64_t external_units
        int64_t clearing_units
        int64_t conversion_units
        int64_t price_units
        int64_t threshold_units
        uint32_t fund_account
        uint32_t haircut_ppb
        uint16_t asset
        uint8_t _rest[6]
    ctypedef struct AccountView:
        uint32_t account
        uint32_t group
        int32_t maker_fee_ppb
        int32_t taker_fee_ppb
        uint8_t fee_override
        uint8_t account_state
        uint8_t position_mode
        uint8_t multi_assets
        uint8_t _rest[12]
    ctypedef struct LimitsView:
        int64_t max_position_notional_units
        int64_t max_position_lots
        uint32_t account
        uint32_t max_open_orders
        uint16_t instrument
        uint8_t _rest[6]
    ctypedef struct TierView:
        int64_t notional_floor_units
        int64_t maintenance_amount_units
        uint32_t maintenance_rate_ppb
        uint16_t instrument
        uint16_t max_leverage
        uint8_t tier
        uint8_t _rest[7]
    ctypedef struct MarkView:
        int64_t time_ns
        int64_t mark_ticks

cdef enum:
    PROTOCOL_VERSION = 4
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
    COMMAND_DEFINE_MARKET_RULES = 14
    COMMAND_SET_MARGIN_MODE = 15
    COMMAND_SET_POSITION_MODE = 16
    COMMAND_ADJUST_ISOLATED_MARGIN = 17
    COMMAND_TRANSFER = 18
    COMMAND_SET_MULTI_ASSETS = 19
    COMMAND_DEFINE_COLLATERAL = 20
    COMMAND_SET_INSURANCE_FUND = 21
    COMMAND_SAMPLE_FUNDING = 22
    COMMAND_SETTLE_FUNDING = 23
    COMMAND_SWEEP = 24
    COMMAND_SETTLE_INSTRUMENT = 25
    COMMAND_SET_COUNTDOWN = 26
    COMMAND_SET_ACCOUNT_LIMITS = 27
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
    EVENT_ORDER_TERMS = 19
    EVENT_ORDER_TRIGGERED = 20
    EVENT_MARGIN_MODE_CHANGED = 21
    EVENT_POSITION_MODE_CHANGED = 22
    EVENT_ISOLATED_MARGIN_CHANGED = 23
    EVENT_FUNDING_SAMPLED = 24
    EVENT_FUNDING_PAID = 25
    EVENT_FUNDING_SETTLED = 26
    EVENT_LIQUIDATION_STARTED = 27
    EVENT_LIQUIDATION_STEP = 28
    EVENT_LIQUIDATION_ENDED = 29
    EVENT_POSITION_MOVED = 30
    EVENT_INSURANCE_CHANGED = 31
    EVENT_COUNTDOWN_CHANGED = 32
    EVENT_MULTI_ASSETS_CHANGED = 33
    EVENT_COLLATERAL_DEFINED = 34
    EVENT_INSURANCE_FUND_DEFINED = 35
    EVENT_ASSET_CONVERTED = 36
    EVENT_MARKET_RULES_DEFINED = 37
    EVENT_INSTRUMENT_SETTLED = 38
    EVENT_SWEEP_DONE = 39
    EVENT_ACCOUNT_LIMITS_CHANGED = 40
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
    FLAG_LIQUIDATION = 8
    FLAG_ATTACHED = 16
    EVENT_FLAG_LAST = 1
    EVENT_FLAG_MAKER = 2
    EVENT_FLAG_SELL = 4
    EVENT_FLAG_LONG = 8
    EVENT_FLAG_SHORT = 16
    EVENT_FLAG_LIQUIDATION = 32
    EVENT_FLAG_ISOLATED = 64
    EVENT_FLAG_ANSWER = 128
    TRADING_PRE_OPEN = 0
    TRADING_ACTIVE = 1
    TRADING_REDUCE_ONLY = 2
    TRADING_HALTED = 3
    TRADING_SETTLING = 4
    TRADING_DELISTED = 5
    ACCOUNT_ACTIVE = 0
    ACCOUNT_REDUCE_ONLY = 1
    ACCOUNT_FROZEN = 2
    MARGIN_CROSS = 0
    MARGIN_ISOLATED = 1
    MODE_ONE_WAY = 0
    MODE_HEDGE = 1
    CAUSE_DEPOSIT = 1
    CAUSE_WITHDRAWAL = 2
    CAUSE_TRANSFER_OUT = 3
    CAUSE_TRANSFER_IN = 4
    MOVE_TAKEN_OVER = 1
    MOVE_DELEVERAGED = 2
    MOVE_SETTLED = 3
    INSURANCE_LIQUIDATION_FEE = 1
    INSURANCE_SURPLUS = 2
    INSURANCE_DEFICIT = 3
    INSURANCE_FUNDING_RESIDUE = 4
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
    REJECT_INVALID_TRIGGER_PRICE = 28
    REJECT_INVALID_GOOD_TILL = 29
    REJECT_CLIENT_ORDER_ID_REUSED = 30
    REJECT_INVALID_LINK = 31
    REJECT_INVALID_MODE = 32
    REJECT_INVALID_CONFIGURATION = 35
    REJECT_IMMUTABLE_CONFIGURATION = 36
    REJECT_TRADING_NOT_OPEN = 40
    REJECT_ONLY_REDUCE_ONLY = 41
    REJECT_NO_MARK_PRICE = 42
    REJECT_STALE_MARK_PRICE = 43
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
    REJECT_WOULD_TRIGGER = 75
    REJECT_TOO_MANY_CONDITIONAL_ORDERS = 76
    REJECT_ACCOUNT_ORDERS_EXCEEDED = 77
    REJECT_ACCOUNT_LOTS_EXCEEDED = 78
    REJECT_ACCOUNT_NOTIONAL_EXCEEDED = 79
    REJECT_INVALID_LEVERAGE = 80
    REJECT_POSITION_LIMIT_EXCEEDED = 81
    REJECT_MARGIN_INSUFFICIENT = 82
    REJECT_LEVERAGE_MARGIN_INSUFFICIENT = 83
    REJECT_MODE_UNCHANGED = 84
    REJECT_HAS_OPEN_ORDERS = 85
    REJECT_HAS_POSITION = 86
    REJECT_MULTI_ASSETS_CONFLICT = 87
    REJECT_NO_ISOLATED_POSITION = 88
    REJECT_ISOLATED_MARGIN_INSUFFICIENT = 89
    REJECT_INVALID_AMOUNT = 90
    REJECT_BALANCE_INSUFFICIENT = 91
    REJECT_FUNDING_TIME_INVALID = 92
    REJECT_NO_COLLATERAL_PRICE = 93
    REJECT_CAPACITY_REACHED = 99
    END_SELF_TRADE = 200
    END_REDUCE_ONLY_CUT = 201
    END_UNFILLED_REST = 202
    END_AMENDED_BELOW_FILLED = 203
    END_POSITION_CLOSED = 204
    END_GOOD_TILL_PASSED = 205
    END_COUNTDOWN = 206
    END_SIBLING_ENDED = 207
    END_CIRCUIT_BREAKER = 208
    END_LIQUIDATION = 209
    END_DELEVERAGED = 210
    END_SETTLED = 211
    END_ACCOUNT_RESTRICTED = 212
    QUERY_ACCOUNT = 1
    QUERY_OPEN_ORDERS = 2
    QUERY_ORDER = 3
    QUERY_DEPTH = 4
    QUERY_INSTRUMENTS = 5
    QUERY_STATS = 6
    QUERY_RULES = 7
    QUERY_ADL = 8
    QUERY_ASSETS = 9
    QUERY_ACCOUNTS = 10
    QUERY_LIMITS = 11
