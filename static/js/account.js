// The signed-in account: reads it, shows it in tabs, and reads again when an event says that something changed.

import { Balances } from "./balances.js";
import { Countdown } from "./countdown.js";
import { decimals, number, words } from "./format.js";
import { History } from "./history.js";
import { cancelAllOrders, openListenKey, readAccount, readOpenOrders, readPositions } from "./native.js";
import { OpenOrders } from "./open_orders.js";
import { Positions } from "./positions.js";
import { AccountFeed } from "./socket.js";

const byId = (id) => document.getElementById(id);
const KEY_MS = 20 * 60_000;
const MARK_MS = 10_000;

export class AccountView {
  constructor(specs, hooks) {
    this.hooks = hooks;
    this.tab = localStorage.getItem("tab") || "orders";
    this.orders = [];
    const act = (work, text) => this.act(work, text);
    this.openOrders = new OpenOrders(specs, act);
    this.positions = new Positions(specs, { act, done: () => this.later(), toast: hooks.toast });
    this.balances = new Balances();
    this.history = new History(specs);
    this.countdown = new Countdown(byId("countdown"), hooks.toast);
    this.wireTabs();
    byId("cancel-all").addEventListener("click", () => this.act(cancelAllOrders, "All orders canceled"));
  }

  wireTabs() {
    const tabs = byId("account-tabs");
    tabs.addEventListener("click", (event) => {
      const tab = event.target.closest("[data-tab]")?.dataset.tab;
      if (tab) this.show(tab);
    });
    tabs.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const all = [...tabs.querySelectorAll("[data-tab]")];
      const next = all[(all.findIndex((one) => one.dataset.tab === this.tab) + step + all.length) % all.length];
      this.show(next.dataset.tab);
      next.focus();
    });
    this.show(this.tab);
  }

  async start() {
    this.active = true;
    byId("account-empty").hidden = true;
    this.show(this.tab);
    await this.read();
    this.countdown.resume();
    this.feed = new AccountFeed(
      openListenKey,
      (event) => this.onEvent(event),
      (up) => up && this.later(),
    );
    this.keep = setInterval(() => openListenKey().catch(() => null), KEY_MS);
  }

  stop() {
    this.active = false;
    this.feed?.close();
    clearInterval(this.keep);
    this.countdown.forget();
    this.account = null;
    this.orders = [];
    byId("account-empty").hidden = false;
    this.show(this.tab);
    for (const id of ["count-orders", "count-positions"]) byId(id).textContent = "0";
    this.positions.show([], [], () => null);
    for (const table of Object.values(this.history.tables)) table.show([]);
    this.hooks.onOrders([]);
    this.hooks.onAccount(null, []);
  }

  show(tab) {
    this.tab = document.querySelector(`[data-pane="${tab}"]`) ? tab : "orders";
    localStorage.setItem("tab", this.tab);
    for (const button of document.querySelectorAll("#account-tabs [data-tab]")) {
      const on = button.dataset.tab === this.tab;
      button.classList.toggle("on", on);
      button.setAttribute("aria-selected", String(on));
      button.tabIndex = on ? 0 : -1;
    }
    for (const pane of document.querySelectorAll("[data-pane]")) pane.hidden = !this.active || pane.dataset.pane !== this.tab;
    byId("orders-tools").hidden = !this.active || this.tab !== "orders";
    this.readHistory();
  }

  readHistory() {
    if (this.active && this.account && this.history.has(this.tab)) this.history.read(this.tab, this.account.account_id);
  }

  later() {
    this.timer ??= setTimeout(async () => {
      this.timer = null;
      await this.read();
      this.readHistory();
    }, 80);
  }

  async read() {
    if (!this.active) return;
    this.readAt = Date.now();
    try {
      const [account, positions, orders] = await Promise.all([readAccount(), readPositions(), readOpenOrders()]);
      if (!this.active) return;
      const first = !this.account;
      this.account = account;
      this.orders = orders;
      this.draw(positions);
      if (first) this.readHistory();
    } catch (error) {
      if (error.status !== 401) this.hooks.toast(error.message, "bad");
    }
  }

  draw(positions) {
    byId("count-orders").textContent = this.orders.length;
    byId("count-positions").textContent = positions.length;
    byId("cancel-all").disabled = !this.orders.length;
    this.openOrders.show(this.orders);
    this.positions.show(positions, this.orders, (position) => this.crossRatio(position));
    this.balances.show(this.account.balances);
    this.hooks.onOrders(this.orders);
    this.hooks.onAccount(this.account, positions);
  }

  // All cross positions of a settlement asset share one ratio.
  crossRatio(position) {
    if (position.margin_mode === "isolated") return null;
    return this.account.balances.find((one) => one.asset === this.hooks.settlement(position.symbol))?.margin_ratio ?? null;
  }

  onEvent(event) {
    if (event.e === "ORDER_TRADE_UPDATE") this.tell(event.o);
    if (event.e === "ALGO_UPDATE") this.tellConditional(event.o);
    if (event.e !== "listenKeyExpired") this.later();
  }

  tell(order) {
    const did = order.S === "BUY" ? "Bought" : "Sold";
    if (order.x === "TRADE") {
      // One toast an order, however many trades fill it: what is filled so far, at the average price.
      const amount = order.z === order.q ? order.z : `${order.z} of ${order.q}`;
      this.hooks.toast(`${did} ${amount} ${order.s} at ${price(order.ap, order.L)}`, "good", `order ${order.i}`);
    }
    if (order.x === "CALCULATED") {
      const what = `${did.toLowerCase()} ${order.l} ${order.s} at ${price(order.L, order.L)}`;
      this.hooks.toast(`${forced(order.c)}: ${what}`, "bad");
    }
    if (order.x === "EXPIRED") this.hooks.toast(`${order.s}: ${words(order.ot || order.o)} order expired`);
  }

  tellConditional(order) {
    const name = `${order.s}: ${words(order.o)} order`;
    if (order.X === "TRIGGERED") this.hooks.toast(`${name} triggered`);
    if (order.X === "REJECTED") this.hooks.toast(`${name} was refused when it triggered: ${words(order.rm)}`, "bad");
    if (order.X === "EXPIRED") this.hooks.toast(`${name} expired`);
  }

  // Marks move value and profit; margins are read again now and then while a position is open.
  mark(symbol, price) {
    if (this.positions.mark(symbol, price) && this.active && !document.hidden && Date.now() - this.readAt > MARK_MS) this.later();
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
}

const price = (text, like) => number(text, decimals(like));

// Why a trade came about that nobody asked for, by the name it bears.
const forced = (name) => (name.startsWith("adl") ? "Deleveraged" : name.startsWith("autoclose") ? "Liquidated" : "Settled");
