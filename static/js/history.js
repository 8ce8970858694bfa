// What was: ended orders, trades, funding payments, liquidations. Read when looked at, and again when something happened.

import { decimals, moment, number, percent, signed, tone, words } from "./format.js";
import { readDeleveragings, readFills, readFunding, readLiquidations, readOrderHistory } from "./native.js";
import { describe } from "./order_types.js";
import { Table } from "./table.js";

const num = (label, text, more = {}) => ({ label, text, className: "num", ...more });
const side = { label: "Side", text: (row) => row.side, tone: (row) => `${row.side}-text` };

export class History {
  constructor(specs) {
    this.specs = specs;
    const price = (row, text) => (Number(text) ? number(text, decimals(specs.get(row.symbol).tick)) : "–");
    const time = (field) => ({ label: "Time", text: (row) => moment(row[field]), className: "dim" });
    const symbol = { label: "Symbol", text: (row) => row.symbol };
    this.tables = {
      history: new Table(
        "history",
        [time("updated_ms"), symbol, { label: "Type", text: describe }, side, num("Price", (o) => price(o, o.price)), num("Trigger", (o) => price(o, o.trigger_price)), num("Average", (o) => price(o, o.average_price)), num("Quantity", (o) => o.quantity), num("Filled", (o) => o.filled_quantity), { label: "Status", text: statusText }],
        { key: (order) => order.order_id, empty: "No orders yet" },
      ),
      fills: new Table(
        "fills",
        [time("time_ms"), symbol, side, num("Price", (f) => price(f, f.price)), num("Quantity", (f) => f.quantity), num("Fee", (f) => `${number(f.fee, 4)} ${f.fee_asset || ""}`), num("Realized PnL", (f) => signed(f.realized_pnl, 4), { tone: (f) => tone(f.realized_pnl) }), { label: "Role", text: (f) => f.liquidity_role, className: "dim" }],
        { key: (fill) => `${fill.trade_id} ${fill.order_id}`, empty: "No trades yet" },
      ),
      funding: new Table(
        "funding",
        [time("funding_ms"), symbol, { label: "Leg", text: (p) => p.position_side }, num("Position", (p) => p.quantity), num("Mark", (p) => price(p, p.mark_price)), num("Rate", (p) => percent(Number(p.funding_rate), 4)), num("Amount", (p) => `${signed(p.amount, 4)} ${p.asset}`, { tone: (p) => tone(p.amount) })],
        { key: (payment) => payment.id, empty: "No funding was paid or received yet" },
      ),
      liquidations: new Table(
        "liquidations",
        [time("time_ms"), symbol, { label: "What", text: (l) => l.what }, num("Quantity", (l) => l.quantity), num("Price", (l) => price(l, l.price)), num("Mark", (l) => price(l, l.mark_price)), { label: "Why", text: (l) => l.why, className: "dim" }],
        { key: (row) => row.key, empty: "Nothing was liquidated or deleveraged" },
      ),
    };
    this.round = 0;
  }

  has(tab) {
    return tab in this.tables;
  }

  async read(tab, accountId) {
    this.round += 1;
    const round = this.round;
    const table = this.tables[tab];
    if (!table.items.size) table.say("Reading…");
    try {
      const rows = await READERS[tab](accountId);
      if (round === this.round) table.show(rows.filter((row) => this.specs.has(row.symbol)));
    } catch (error) {
      if (round === this.round && error.status !== 401) table.say(`This could not be read: ${error.message}`);
    }
  }
}

const READERS = {
  history: async () => (await readOrderHistory()).filter((order) => !["new", "partially_filled"].includes(order.status)),
  fills: readFills,
  funding: readFunding,
  liquidations: async (accountId) => {
    const [liquidations, receipts] = await Promise.all([readLiquidations(accountId), readDeleveragings(accountId)]);
    return [...liquidations.flatMap(stepRows), ...receipts.map(receiptRow)].sort((a, b) => b.time_ms - a.time_ms);
  },
};

const statusText = (order) => words(order.status) + (order.end_reason ? ` (${words(order.end_reason)})` : "");

const stepRows = (one) =>
  one.steps.map((step, i) => ({
    key: `l${one.id}-${i}`,
    time_ms: one.time_ms,
    symbol: step.symbol,
    what: `${one.margin_mode} position ${step.quantity === step.position.replace("-", "") ? "liquidated" : "reduced"}`,
    quantity: step.quantity,
    price: step.bankruptcy_price,
    mark_price: step.mark_price,
    why: `margin ${number(one.maintenance_margin, 2)} needed, ${number(one.equity, 2)} left`,
  }));

const receiptRow = (one) => ({
  key: `d${one.id}`,
  time_ms: one.time_ms,
  symbol: one.symbol,
  what: `deleveraged, ${one.side}`,
  quantity: one.quantity,
  price: one.price,
  mark_price: null,
  why: `rank ${one.adl_rank} in the queue, score ${one.score}`,
});
