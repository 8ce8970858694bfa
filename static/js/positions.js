// Open positions leg by leg: what they are worth, how near they are to liquidation, and what can be done with them.

import { ask } from "./ask.js";
import { decimals, el, number, percent, signed, tone } from "./format.js";
import { adjustMargin, closingOrder, placeOrder } from "./native.js";
import { Table, button } from "./table.js";

const WORKING = [["mark_price", "Mark price"], ["contract_price", "Last price"]];

export const keyOf = (position) => `${position.symbol} ${position.position_side || "both"}`;
const isIsolated = (position) => position.margin_mode === "isolated";

export class Positions {
  constructor(specs, { act, done, toast }) {
    Object.assign(this, { specs, act, done, toast });
    this.items = [];
    this.table = new Table("positions", this.columns(), { key: keyOf, empty: "No positions" });
  }

  places(position) {
    return decimals(this.specs.get(position.symbol).tick);
  }

  price(position, text) {
    return Number(text) ? number(text, this.places(position)) : "–";
  }

  columns() {
    const num = (label, text, more = {}) => ({ label, text, className: "num", ...more });
    return [
      { label: "Symbol", text: (p) => `${p.symbol} ${p.leverage}x ${isIsolated(p) ? "isolated" : "cross"}` },
      { label: "Side", text: (p) => `${p.side}${(p.position_side || "both") === "both" ? "" : " leg"}`, tone: (p) => (p.side === "long" ? "buy-text" : "sell-text") },
      num("Quantity", (p) => p.quantity.replace("-", "")),
      num("Entry", (p) => this.price(p, p.entry_price)),
      num("Mark", (p) => this.price(p, p.mark_price)),
      num("Liquidation", (p) => this.price(p, p.liquidation_price), { className: "num warn" }),
      num("Margin", (p) => number(isIsolated(p) ? p.isolated_margin : p.position_margin, 2)),
      num("Ratio", (p) => ratioText(p), { tone: (p) => (Number(p.margin_ratio) > 0.8 ? "sell-text" : "") }),
      num("Unrealized PnL", (p) => `${signed(p.unrealized_pnl, 2)} (${percent(Number(p.unrealized_pnl) / (Number(p.position_margin) || 1), 1)})`, { tone: (p) => tone(p.unrealized_pnl) }),
      { label: "ADL", make: () => lights(), update: showLights },
      { label: "TP / SL", text: (p) => this.protection(p), className: "dim" },
      { label: "", className: "actions", make: (current) => this.actions(current), update: (node, p) => (node.lastChild.hidden = !isIsolated(p)) },
    ];
  }

  actions(current) {
    const box = el("div", "", "actions");
    box.append(
      button("Close", "Close at market", () => this.act(() => this.closeAtMarket(current()), "Position closed")),
      button("Limit", "Close at a limit price", () => this.askLimit(current())),
      button("TP/SL", "Take profit and stop loss of the whole position", () => this.askProtection(current())),
      button("Margin", "Add or take isolated margin", () => this.askMargin(current())),
    );
    return box;
  }

  show(positions, orders, ratioOf) {
    this.orders = orders;
    this.items = positions.map((position) => ({ ...position, margin_ratio: position.margin_ratio ?? ratioOf(position) }));
    this.table.show(this.items);
  }

  // A new mark: value and profit follow at once, everything else with the next reading.
  mark(symbol, price) {
    const touched = this.items.filter((position) => position.symbol === symbol);
    for (const position of touched) {
      position.mark_price = price;
      position.unrealized_pnl = String((price - position.entry_price) * position.quantity);
    }
    if (touched.length) this.table.show(this.items);
    return touched.length > 0;
  }

  // Triggers of the orders that close this leg.
  protection(position) {
    const closing = position.side === "long" ? "sell" : "buy";
    const mine = (this.orders || []).filter((o) => o.waiting && o.symbol === position.symbol && o.side === closing && (o.position_side || "both") === (position.position_side || "both"));
    const at = (kind) => mine.filter((o) => o.order_type.startsWith(kind)).map((o) => this.price(position, o.trigger_price)).join(", ") || "–";
    return `${at("take_profit")} / ${at("stop")}`;
  }

  closeAtMarket(position) {
    return placeOrder(closingOrder(position, { order_type: "market", quantity: position.quantity.replace("-", "") }));
  }

  askLimit(position) {
    const spec = this.specs.get(position.symbol);
    ask({
      title: `Close ${position.side} ${position.symbol} at a limit`,
      fields: [
        { name: "price", label: "Price", unit: spec.quote, value: position.mark_price },
        { name: "quantity", label: "Quantity", unit: spec.base, value: position.quantity.replace("-", "") },
      ],
      action: "Place",
      work: async (values) => {
        await placeOrder(closingOrder(position, { order_type: "limit", ...values }));
        this.toast("Closing order placed", "good");
        this.done();
      },
    });
  }

  askProtection(position) {
    ask({
      title: `Take profit and stop loss of ${position.side} ${position.symbol}`,
      hint: "Each closes the whole position at market when its trigger is reached; when one ends, so does the other.",
      fields: [
        { name: "take_profit_price", label: "Take profit at" },
        { name: "stop_loss_price", label: "Stop loss at" },
        { name: "working_type", label: "Triggered by", choices: WORKING },
      ],
      action: "Place",
      work: async (values) => {
        await this.protect(position, values);
        this.toast("Waiting for their triggers", "good");
        this.done();
      },
    });
  }

  async protect(position, { take_profit_price: profit, stop_loss_price: loss, working_type }) {
    if (!profit && !loss) throw new Error("Name a trigger for one of them at least");
    const place = (order_type, trigger_price, linked) =>
      placeOrder(closingOrder(position, { order_type, trigger_price, working_type, close_position: true, ...linked }));
    const first = profit ? await place("take_profit_market", profit, {}) : null;
    if (!loss) return;
    try {
      await place("stop_market", loss, first ? { linked_order_id: first.order_id } : {});
    } catch (error) {
      if (first) {
        this.done();
        throw new Error(`The take profit is placed, the stop loss is not: ${error.message}`);
      }
      throw error;
    }
  }

  askMargin(position) {
    const spec = this.specs.get(position.symbol);
    ask({
      title: `Margin of ${position.side} ${position.symbol}`,
      hint: `It holds ${number(position.isolated_margin, 2)} ${spec.settlement} now.`,
      fields: [
        { name: "direction", label: "What to do", choices: [["add", "Add"], ["take", "Take"]] },
        { name: "amount", label: "Amount", unit: spec.settlement },
      ],
      action: "Change margin",
      work: async ({ direction, amount }) => {
        await adjustMargin(position, direction === "take" ? `-${amount}` : amount);
        this.toast(direction === "take" ? "Margin taken" : "Margin added", "good");
        this.done();
      },
    });
  }
}

const ratioText = (position) => (position.margin_ratio === null || position.margin_ratio === undefined ? "–" : `${(Number(position.margin_ratio) * 100).toFixed(1)}%`);

// Five lights: how near the position stands to the front of the deleveraging queue.
function lights() {
  const node = el("span", "", "lights");
  node.setAttribute("role", "img");
  for (let i = 0; i < 5; i += 1) node.append(document.createElement("i"));
  return node;
}

function showLights(node, position) {
  const lit = position.adl_lights || 0;
  node.setAttribute("aria-label", `${lit} of 5`);
  node.title = `Deleveraging queue: ${lit} of 5${position.adl_rank ? `, rank ${position.adl_rank}` : ""}`;
  [...node.children].forEach((light, i) => light.classList.toggle("on", i < lit));
}
