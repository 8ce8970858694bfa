// What an order would need and where it would be liquidated, asked of the exchange's public calculator.

import { post } from "./api.js";

const text = (value) => Number(value).toFixed(8);

// The leg an order would land in, after it: { sign, quantity, entry, realized }, or null when it ends flat.
export function landed(position, sign, quantity, price) {
  const held = position ? Math.abs(Number(position.quantity)) : 0;
  const heldSign = position?.side === "short" ? -1 : 1;
  const entry = Number(position?.entry_price || 0);
  if (!held) return { sign, quantity, entry: price, realized: 0 };
  if (heldSign === sign) return { sign, quantity: held + quantity, entry: (held * entry + quantity * price) / (held + quantity), realized: 0 };
  const realized = heldSign * (price - entry) * Math.min(held, quantity);
  const left = held - quantity;
  if (Math.abs(left) < 1e-12) return null;
  return left > 0 ? { sign: heldSign, quantity: left, entry, realized } : { sign, quantity: -left, entry: price, realized };
}

// The money that stands behind the leg: its own margin when isolated, else the cross wallet with what the others owe.
function backing(state, position, leg, order) {
  if (state.marginMode === "isolated") {
    const kept = position ? Number(position.isolated_margin) * Math.min(1, leg.quantity / Math.abs(position.quantity) || 1) : 0;
    const added = Math.max(0, leg.quantity - (position ? Math.abs(position.quantity) : 0));
    return { wallet_balance: text(kept + (added * order.price) / state.leverage) };
  }
  const cross = position && position.margin_mode !== "isolated" ? position : null;
  const balance = state.balance;
  return {
    wallet_balance: text(Number(balance.wallet_balance) - Number(balance.isolated_margin || 0) + leg.realized - order.fee),
    other_maintenance_margin: text(Math.max(0, Number(balance.cross_maintenance_margin ?? balance.maintenance_margin) - Number(cross?.maintenance_margin || 0))),
    other_unrealized_pnl: text(Number(balance.cross_unrealized_pnl ?? balance.unrealized_pnl) - Number(cross?.unrealized_pnl || 0)),
  };
}

export class Estimate {
  constructor(onDone) {
    this.onDone = onDone;
    this.round = 0;
  }

  // `state`: spec, leverage, marginMode, multiAssets, balance or null, legs { buy, sell } of the account here.
  later(state, order) {
    clearTimeout(this.timer);
    this.round += 1;
    if (!(order.price > 0 && order.quantity > 0)) {
      this.onDone({});
      return;
    }
    this.timer = setTimeout(() => this.work(state, order, this.round), 250);
  }

  async work(state, order, round) {
    const asked = [this.margin(state, order), this.liquidation(state, order, "buy"), this.liquidation(state, order, "sell")];
    const [margin, buy, sell] = await Promise.all(asked.map((one) => one.catch(() => null)));
    if (round === this.round) this.onDone({ margin, buy, sell });
  }

  async margin({ spec, leverage }, { price, quantity }) {
    const answer = await post("/api/v1/calculator/margin", { symbol: spec.symbol, side: "long", quantity: text(quantity), entry_price: text(price), leverage });
    return answer.initial_margin;
  }

  // Null where it cannot be told: signed out, assets that back each other, another leg that moves along.
  async liquidation(state, order, side) {
    const { position, other } = state.legs[side];
    if (!state.balance || state.multiAssets || (other && state.marginMode !== "isolated")) return null;
    const leg = landed(position, side === "buy" ? 1 : -1, order.quantity, order.price);
    if (!leg || (state.closing && leg.sign === (side === "buy" ? 1 : -1) && leg.entry === order.price)) return null;
    const answer = await post("/api/v1/calculator/liquidation-price", {
      symbol: state.spec.symbol,
      side: leg.sign > 0 ? "long" : "short",
      quantity: text(leg.quantity),
      entry_price: text(leg.entry),
      ...backing(state, position, leg, order),
    });
    return answer.liquidation_price;
  }
}
