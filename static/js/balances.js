// Balances by asset, and what part of each is at work.

import { number, percent, signed, tone } from "./format.js";
import { Table } from "./table.js";

const num = (label, text, more = {}) => ({ label, text, className: "num", ...more });

export class Balances {
  constructor() {
    const columns = [
      { label: "Asset", text: (b) => b.asset },
      num("Wallet", (b) => number(b.wallet_balance, 2)),
      num("Unrealized PnL", (b) => signed(b.unrealized_pnl, 2), { tone: (b) => tone(b.unrealized_pnl) }),
      num("Margin balance", (b) => number(b.margin_balance, 2)),
      num("Isolated", (b) => number(b.isolated_margin || 0, 2)),
      num("In positions", (b) => number(b.position_margin, 2)),
      num("In orders", (b) => number(b.order_margin, 2)),
      num("Maintenance", (b) => number(b.maintenance_margin, 2)),
      num("Ratio", (b) => (b.margin_ratio === null ? "–" : percent(Number(b.margin_ratio), 1).replace("+", ""))),
      num("Available", (b) => number(b.available_balance, 2)),
    ];
    this.table = new Table("balances", columns, { key: (balance) => balance.asset, empty: "No balances" });
  }

  show(balances) {
    this.table.show(balances);
  }
}
