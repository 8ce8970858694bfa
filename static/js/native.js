// Every request of the signed-in account, in the exchange's own words; nothing else knows an address.

import { call } from "./api.js";

const ofSymbol = (symbol) => `symbol=${encodeURIComponent(symbol)}`;

export const readAccount = () => call("GET", "/api/v1/account");
export const readPositions = async () => (await call("GET", "/api/v1/positions")).positions;
export const readOpenOrders = async () => (await call("GET", "/api/v1/orders?status=open")).orders;
export const openListenKey = async () => (await call("POST", "/api/v1/listen-key")).listen_key;

export const placeOrder = (order) => call("POST", "/api/v1/orders", order);
export const cancelOrder = (order) => call("DELETE", `/api/v1/orders/${order.order_id}?${ofSymbol(order.symbol)}`);
export const cancelAllOrders = () => call("DELETE", "/api/v1/orders");
export const setCountdown = (seconds) => call("POST", "/api/v1/countdown", { countdown_ms: seconds * 1000 });

export const setLeverage = (symbol, leverage) => call("POST", "/api/v1/leverage", { symbol, leverage });
export const setMarginMode = (symbol, mode) => call("POST", "/api/v1/margin-mode", { symbol, margin_mode: mode });
export const setPositionMode = (mode) => call("POST", "/api/v1/position-mode", { position_mode: mode });
export const setMultiAssets = (on) => call("POST", "/api/v1/multi-assets", { multi_assets: on });
export const adjustMargin = (position, amount) =>
  call("POST", "/api/v1/isolated-margin", { symbol: position.symbol, position_side: position.position_side, amount });

// Histories, newest first.
export const readOrderHistory = async () => (await call("GET", "/api/v1/orders?status=all&limit=100")).orders.reverse();
export const readFills = async () => (await call("GET", "/api/v1/fills?limit=100")).fills.reverse();
export const readFunding = (accountId) => call("GET", `/api/v1/accounts/${accountId}/funding-payments?limit=100`);
export const readLiquidations = (accountId) => call("GET", `/api/v1/accounts/${accountId}/liquidations?limit=50`);
export const readDeleveragings = (accountId) => call("GET", `/api/v1/accounts/${accountId}/deleveragings?limit=50`);

// Orders that close (part of) a position: in hedge mode the leg says so, otherwise the flag.
export function closingOrder(position, terms) {
  const side = position.side === "long" ? "sell" : "buy";
  const leg = position.position_side || "both";
  const order = { symbol: position.symbol, side, ...terms };
  if (leg !== "both") order.position_side = leg;
  else if (!order.close_position) order.reduce_only = true;
  return order;
}
