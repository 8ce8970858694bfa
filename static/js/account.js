// The signed-in account: orders, positions, balances and fills; events say when to read again.

import { call } from "./api.js";
import { clock, decimals, el, number, row, signed, tone } from "./format.js";
import { AccountFeed } from "./socket.js";

const byId = (id) => document.getElementById(id);
const FILLS_KEPT = 50;

export class AccountView {
  constructor(specs, hooks) {
    this.specs = specs;
    this.hooks = hooks;
    this.tab = "orders";
    this.fills = [];
    byId("account-tabs").addEventListener("click", (event) => {
      const tab = event.target.closest("[data-tab]")?.dataset.tab;
      if (tab) this.show(tab);
    });
    byId("cancel-all").addEventListener("click", () => this.act(() => call("DELETE", "/api/v1/orders"), "All orders canceled"));
  }

  async start() {
    this.active = true;
    byId("account-empty").hidden = true;
    this.show(this.tab);
    await this.read();
    this.feed = new AccountFeed(
      async () => (await call("POST", "/api/v1/listen-key")).listen_key,
      (event) => this.onEvent(event),
      (up) => up && this.later(),
    );
    this.keep = setInterval(() => call("POST", "/api/v1/listen-key").catch(() => null), 20 * 60_000);
  }

  stop() {
    this.active = false;
    this.feed?.close();
    clearInterval(this.keep);
    this.fills = [];
    this.orders = [];
    byId("account-empty").hidden = false;
    for (const pane of document.querySelectorAll("[data-pane]")) pane.hidden = true;
    for (const id of ["count-orders", "count-positions"]) byId(id).textContent = "0";
    byId("cancel-all").hidden = true;
    byId("ticket-available").textContent = "–";
    this.hooks.onOrders([]);
  }

  show(tab) {
    this.tab = tab;
    for (const button of document.querySelectorAll("#account-tabs [data-tab]")) button.classList.toggle("on", button.dataset.tab === tab);
    for (const pane of document.querySelectorAll("[data-pane]")) pane.hidden = !this.active || pane.dataset.pane !== tab;
    byId("cancel-all").hidden = !this.active || tab !== "orders" || !this.orders?.length;
  }

  later() {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.read();
    }, 80);
  }

  async read() {
    if (!this.active) return;
    try {
      const [account, positions, orders] = await Promise.all([call("GET", "/api/v1/account"), call("GET", "/api/v1/positions"), call("GET", "/api/v1/orders?status=open")]);
      if (!this.active) return;
      this.account = account;
      this.positions = positions.positions;
      this.orders = orders.orders;
      this.draw();
    } catch (error) {
      if (error.status !== 401) this.hooks.toast(error.message, "bad");
    }
  }

  onEvent(event) {
    if (event.e === "ORDER_TRADE_UPDATE" && event.o.x === "TRADE") this.onFill(event.o);
    if (event.e === "ORDER_TRADE_UPDATE" && event.o.x === "EXPIRED") this.hooks.toast(`${event.o.s}: the rest of the order expired`);
    if (event.e !== "listenKeyExpired") this.later();
  }

  onFill(fill) {
    this.fills.unshift(fill);
    this.fills.length = Math.min(this.fills.length, FILLS_KEPT);
    this.hooks.toast(`${fill.S === "BUY" ? "Bought" : "Sold"} ${fill.l} ${fill.s} at ${fill.L}`, "good");
    this.drawFills();
  }

  mark(symbol, price) {
    const position = this.positions?.find((p) => p.symbol === symbol);
    if (!position) return;
    position.mark_price = price;
    position.unrealized_pnl = String((price - position.entry_price) * position.quantity);
    this.drawPositions();
  }

  async act(work, text) {
    try {
      await work();
      this.hooks.toast(text, "good");
    } catch (error) {
      this.hooks.toast(error.message, "bad");
    }
    this.later();
  }

  draw() {
    byId("count-orders").textContent = this.orders.length;
    byId("count-positions").textContent = this.positions.length;
    byId("cancel-all").hidden = this.tab !== "orders" || !this.orders.length;
    this.drawOrders();
    this.drawPositions();
    this.drawBalances();
    this.drawFills();
    this.hooks.onOrders(this.orders);
    this.hooks.onAccount(this.account);
  }

  button(text, work, done) {
    const node = el("button", text, "button quiet small");
    node.type = "button";
    node.addEventListener("click", () => this.act(work, done));
    return node;
  }

  fillTable(id, rows, empty) {
    const body = byId(id);
    body.replaceChildren(...rows);
    if (!rows.length) {
      const cell = el("td", empty, "empty");
      cell.colSpan = 9;
      const line = document.createElement("tr");
      line.append(cell);
      body.append(line);
    }
  }

  drawOrders() {
    const rows = this.orders.map((order) =>
      row([
        [clock(order.created_ms), "dim"],
        [order.symbol],
        [`${order.order_type}${order.reduce_only ? " · reduce" : ""} ${order.time_in_force}`],
        [order.side, `${order.side}-text`],
        [number(order.price, decimals(this.specs.get(order.symbol).tick)), "num"],
        [order.quantity, "num"],
        [order.filled_quantity, "num"],
        [this.button("Cancel", () => call("DELETE", `/api/v1/orders/${order.order_id}?symbol=${order.symbol}`), "Order canceled")],
      ]),
    );
    this.fillTable("orders", rows, "No open orders");
  }

  drawPositions() {
    const rows = this.positions.map((position) => {
      const places = decimals(this.specs.get(position.symbol).tick);
      const long = Number(position.quantity) > 0;
      return row([
        [`${position.symbol} ${position.leverage}x`],
        [long ? "long" : "short", long ? "buy-text" : "sell-text"],
        [position.quantity, "num"],
        [number(position.entry_price, places), "num"],
        [number(position.mark_price, places), "num"],
        [Number(position.liquidation_price) ? number(position.liquidation_price, places) : "–", "num"],
        [number(position.initial_margin, 2), "num"],
        [signed(position.unrealized_pnl, 2), `num ${tone(position.unrealized_pnl)}`],
        [this.button("Close", () => this.close(position), "Position closed")],
      ]);
    });
    this.fillTable("positions", rows, "No positions");
  }

  close(position) {
    const quantity = position.quantity.replace("-", "");
    const side = Number(position.quantity) > 0 ? "sell" : "buy";
    return call("POST", "/api/v1/orders", { symbol: position.symbol, side, order_type: "market", quantity, reduce_only: true });
  }

  drawBalances() {
    const rows = this.account.balances.map((balance) =>
      row([
        [balance.asset],
        [number(balance.wallet_balance, 2), "num"],
        [signed(balance.unrealized_pnl, 2), `num ${tone(balance.unrealized_pnl)}`],
        [number(balance.margin_balance, 2), "num"],
        [number(balance.order_margin, 2), "num"],
        [number(balance.available_balance, 2), "num"],
      ]),
    );
    this.fillTable("balances", rows, "No balances");
  }

  drawFills() {
    const rows = this.fills.map((fill) => {
      const side = fill.S.toLowerCase();
      return row([
        [clock(fill.T), "dim"],
        [fill.s],
        [side, `${side}-text`],
        [number(fill.L, decimals(this.specs.get(fill.s).tick)), "num"],
        [fill.l, "num"],
        [`${number(fill.n || 0, 4)} ${fill.N || ""}`, "num"],
        [signed(fill.rp, 4), `num ${tone(fill.rp)}`],
        [fill.m ? "maker" : "taker", "dim"],
      ]);
    });
    this.fillTable("fills", rows, "Fills since you signed in appear here");
  }
}
