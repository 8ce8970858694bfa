// The order types of the ticket: what each is called and which parts of the form it uses.

export const CONDITIONAL = {
  stop_market: { name: "Stop market", trigger: "Trigger", closes: true },
  stop: { name: "Stop limit", trigger: "Trigger", limit: true },
  take_profit_market: { name: "Take-profit market", trigger: "Trigger", closes: true },
  take_profit: { name: "Take-profit limit", trigger: "Trigger", limit: true },
  trailing_stop_market: { name: "Trailing stop", trigger: "Activation", callback: true },
};

const PLAIN = { limit: { name: "Limit", limit: true, attaches: true }, market: { name: "Market", attaches: true } };

export const typeOf = (name) => CONDITIONAL[name] || PLAIN[name];

// Which field of a form a refusal is about; names not here concern the order as a whole.
const FIELDS = {
  price: ["PRICE_NOT_POSITIVE", "PRICE_TOO_HIGH", "PRICE_OFF_GRID", "PRICE_ABOVE_BAND", "PRICE_BELOW_BAND", "POST_ONLY_WOULD_CROSS"],
  quantity: ["QUANTITY_NOT_POSITIVE", "QUANTITY_TOO_SMALL", "QUANTITY_TOO_LARGE", "QUANTITY_OFF_GRID", "NOTIONAL_TOO_SMALL", "MARGIN_INSUFFICIENT", "POSITION_LIMIT_EXCEEDED", "ACCOUNT_LOTS_EXCEEDED", "ACCOUNT_NOTIONAL_EXCEEDED", "FOK_NOT_FILLABLE"],
  trigger_price: ["INVALID_TRIGGER_PRICE", "WOULD_TRIGGER", "TRIGGER_PRICE_OFF_GRID"],
  callback_rate: ["INVALID_CALLBACK_RATE"],
  good_till: ["INVALID_GOOD_TILL"],
  reduce_only: ["REDUCE_ONLY_REJECTED"],
  take_profit_price: ["INVALID_LINK"],
  amount: ["INVALID_AMOUNT", "BALANCE_INSUFFICIENT", "ISOLATED_MARGIN_INSUFFICIENT", "NO_ISOLATED_POSITION"],
};
const SAME = { good_till_ms: "good_till" };

export function fieldOf(error) {
  const named = error.details?.parameter;
  if (named) return SAME[named] || named;
  const inPath = /`\$\.(\w+)`/.exec(error.message)?.[1];
  if (inPath) return SAME[inPath] || inPath;
  return Object.keys(FIELDS).find((field) => FIELDS[field].includes(error.code));
}

const LABELS = { limit: "Limit", market: "Market", liquidation: "Liquidation" };

// An order's type with its flags, in words.
export function describe(order) {
  const parts = [CONDITIONAL[order.order_type]?.name || LABELS[order.order_type] || order.order_type];
  if (order.position_side && order.position_side !== "both") parts.push(order.position_side);
  if (order.close_position) parts.push("closes");
  else if (order.reduce_only) parts.push("reduce");
  if (order.time_in_force === "GTX") parts.push("post only");
  else if (order.time_in_force !== "GTC") parts.push(order.time_in_force);
  return parts.join(" · ");
}

// When a conditional order fires: a stop to buy and a profit to sell wait for a rise.
export function condition(order, show) {
  const by = order.working_type === "mark_price" ? "mark" : "last";
  if (order.order_type === "trailing_stop_market") {
    const from = order.trigger_price ? ` from ${show(order.trigger_price)}` : "";
    return `${trim(Number(order.callback_rate) * 100)}% ${order.side === "sell" ? "below high" : "above low"}${from} · ${by}`;
  }
  if (!order.trigger_price) return "–";
  const rises = (order.side === "buy") === order.order_type.startsWith("stop");
  return `${by} ${rises ? "≥" : "≤"} ${show(order.trigger_price)}`;
}

const trim = (value) => String(Number(value.toFixed(4)));
