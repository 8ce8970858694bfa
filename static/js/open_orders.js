// Open orders, those in the book and those that wait for a price.

import { clock, decimals, number } from "./format.js";
import { cancelOrder } from "./native.js";
import { condition, describe } from "./order_types.js";
import { Table, button } from "./table.js";

export class OpenOrders {
  constructor(specs, act) {
    const price = (order, text) => (Number(text) ? number(text, decimals(specs.get(order.symbol).tick)) : "–");
    const num = (label, text) => ({ label, text, className: "num" });
    const columns = [
      { label: "Time", text: (o) => clock(o.created_ms), className: "dim" },
      { label: "Symbol", text: (o) => o.symbol },
      { label: "Type", text: describe },
      { label: "Side", text: (o) => o.side, tone: (o) => `${o.side}-text` },
      num("Price", (o) => price(o, o.price)),
      { label: "Trigger", text: (o) => (o.waiting ? condition(o, (text) => price(o, text)) : o.trigger_price ? "triggered" : "–") },
      num("Quantity", (o) => (o.close_position && !Number(o.quantity) ? "all" : o.quantity)),
      num("Filled", (o) => o.filled_quantity),
      { label: "TP / SL", text: (o) => (o.take_profit_price || o.stop_loss_price ? `${price(o, o.take_profit_price)} / ${price(o, o.stop_loss_price)}` : "–"), className: "dim" },
      { label: "", className: "actions", make: (current) => button("Cancel", "", () => act(() => cancelOrder(current()), "Order canceled")) },
    ];
    this.table = new Table("orders", columns, { key: (order) => order.order_id, empty: "No open orders" });
  }

  show(orders) {
    this.table.show(orders);
  }
}
