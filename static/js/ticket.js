// The order ticket: which fields a type has, what the order would need, and sending it under an id of our own.

import { Estimate } from "./estimate.js";
import { clearWrong, markWrong } from "./fields.js";
import { floorTo, number, decimals, words } from "./format.js";
import { placeOrder } from "./native.js";
import { CONDITIONAL, fieldOf, typeOf } from "./order_types.js";

const byId = (id) => document.getElementById(id);
const UNKNOWN_OUTCOME = new Set([0, 502, 503, 504]);

// The id makes a repeat after a lost answer harmless: the exchange keeps one order per id.
function orderId() {
  return `web-${Date.now().toString(36)}-${crypto.getRandomValues(new Uint32Array(2)).join("").slice(0, 16)}`;
}

// "1.5" percent as a fraction in text; what is no number goes as it is, for the exchange to refuse.
const fraction = (percent) => (Number.isFinite(Number(percent)) ? String(Number((Number(percent) / 100).toFixed(8))) : percent);

function outcome(order) {
  if (order.waiting) return "waiting for its trigger";
  const isPart = Number(order.filled_quantity) && order.status !== "filled";
  return words(order.status) + (isPart ? `, ${order.filled_quantity} filled` : "");
}

export class Ticket {
  constructor(market, onDone) {
    this.market = market;
    this.onDone = onDone;
    this.form = byId("ticket");
    this.message = byId("ticket-message");
    this.account = null;
    this.positions = [];
    this.estimate = new Estimate((found) => this.showEstimate(found));
    for (const [name, { name: label }] of Object.entries(CONDITIONAL)) {
      const option = document.createElement("option");
      option.value = name;
      option.textContent = label;
      this.form.elements.conditional_type.append(option);
    }
    this.form.addEventListener("input", () => {
      clearWrong(this.form);
      this.refresh();
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit(event.submitter?.value || "buy");
    });
    byId("share").addEventListener("click", (event) => this.fillShare(Number(event.target.dataset.share)));
  }

  get type() {
    const chosen = this.form.elements.order_type.value;
    return chosen === "conditional" ? this.form.elements.conditional_type.value : chosen;
  }

  get hedge() {
    return this.account?.position_mode === "hedge";
  }

  get closing() {
    const { intent, reduce_only: reduce, close_position: close } = this.form.elements;
    return this.hedge ? intent.value === "close" : reduce.checked || (close.checked && Boolean(typeOf(this.type).closes));
  }

  reset(spec) {
    this.spec = spec;
    byId("quote-unit").textContent = spec.quote;
    byId("base-unit").textContent = spec.base;
    for (const name of ["price", "quantity", "trigger_price", "take_profit_price", "stop_loss_price"]) this.form.elements[name].value = "";
    clearWrong(this.form);
    this.say("");
    this.refresh();
  }

  setPrice(price) {
    this.form.elements[this.type === "limit" || typeOf(this.type).limit ? "price" : "trigger_price"].value = price;
    this.refresh();
  }

  // `account` and `positions` as the exchange answers them; null after signing out.
  setAccount(account, positions) {
    this.account = account;
    this.positions = positions || [];
    this.refresh();
  }

  get balance() {
    return this.account?.balances.find((one) => one.asset === this.spec?.settlement) || null;
  }

  get leverage() {
    return this.account?.leverage?.[this.spec?.symbol] || this.spec?.defaultLeverage || 20;
  }

  price() {
    const fields = this.form.elements;
    const type = typeOf(this.type);
    const written = type.limit ? fields.price.value : type.trigger ? fields.trigger_price.value : "";
    return Number(written) || this.market.price();
  }

  // The leg that a side's order would change, and the other one.
  legs(side) {
    const here = this.positions.filter((one) => one.symbol === this.spec.symbol && Number(one.quantity));
    if (!this.hedge) return { position: here[0], other: null };
    const name = (side === "buy") === this.closing ? "short" : "long";
    return { position: here.find((one) => one.side === name), other: here.find((one) => one.side !== name) };
  }

  show(part, visible) {
    this.form.querySelector(`[data-part="${part}"]`).hidden = !visible;
  }

  refresh() {
    if (!this.spec) return;
    const type = typeOf(this.type);
    const fields = this.form.elements;
    const closesAll = Boolean(type.closes) && fields.close_position.checked;
    const attaches = Boolean(type.attaches) && !this.closing;
    this.show("intent", this.hedge);
    this.show("conditional_type", Boolean(type.trigger));
    this.show("trigger_price", Boolean(type.trigger));
    this.show("callback_rate", Boolean(type.callback));
    this.show("price", Boolean(type.limit));
    this.show("quantity", !closesAll);
    this.show("share", !closesAll);
    this.show("time_in_force", Boolean(type.limit));
    this.show("good_till", Boolean(type.limit) && fields.time_in_force.value === "GTD");
    this.show("reduce_only", !this.hedge && !closesAll);
    this.show("close_position", Boolean(type.closes));
    this.show("price_protect", Boolean(type.trigger));
    this.show("attach", attaches);
    for (const part of ["take_profit_price", "stop_loss_price"]) this.show(part, attaches && fields.attach.checked);
    byId("trigger-label").textContent = type.trigger || "Trigger";
    fields.trigger_price.placeholder = type.callback ? "at once" : "";
    const [buy, sell] = this.form.querySelectorAll(".side");
    buy.textContent = this.hedge ? (this.closing ? "Buy / Close short" : "Buy / Open long") : "Buy / Long";
    sell.textContent = this.hedge ? (this.closing ? "Sell / Close long" : "Sell / Open short") : "Sell / Short";
    this.showSums(closesAll);
  }

  showSums(closesAll) {
    const { spec, balance } = this;
    const mode = this.account?.margin_mode?.[spec.symbol] || "cross";
    byId("chip-margin").textContent = words(mode).replace(/^./, (letter) => letter.toUpperCase());
    byId("chip-leverage").textContent = `${this.leverage}x`;
    byId("chip-mode").textContent = this.hedge ? "Hedge" : "One-way";
    byId("ticket-available").textContent = balance ? `${number(balance.available_balance, 2)} ${spec.settlement}` : "–";
    const order = { price: this.price(), quantity: closesAll ? 0 : Number(this.form.elements.quantity.value || 0) };
    const value = order.price * order.quantity || 0;
    order.fee = value * Math.max(0, spec.takerFee);
    byId("ticket-value").textContent = value ? `${number(value, 2)} ${spec.quote}` : "–";
    byId("ticket-fee").textContent = value ? `${number(order.fee, 2)} ${spec.quote}` : "–";
    const state = { spec, leverage: this.leverage, marginMode: mode, multiAssets: Boolean(this.account?.multi_assets), balance, closing: this.closing };
    this.estimate.later({ ...state, legs: { buy: this.legs("buy"), sell: this.legs("sell") } }, order);
  }

  showEstimate({ margin, buy, sell }) {
    const places = decimals(this.spec.tick);
    byId("ticket-margin").textContent = this.closing && margin ? "none" : margin ? `${number(margin, 2)} ${this.spec.quote}` : "–";
    byId("ticket-liquidation-buy").textContent = Number(buy) ? number(buy, places) : "–";
    byId("ticket-liquidation-sell").textContent = Number(sell) ? number(sell, places) : "–";
  }

  fillShare(share) {
    const price = this.price();
    if (!share || !price) return;
    const held = Math.max(...["buy", "sell"].map((side) => Math.abs(Number(this.legs(side).position?.quantity || 0))));
    const worth = (Number(this.balance?.available_balance || 0) * this.leverage) / (1 + 0.001 * this.leverage) / price;
    const whole = this.closing ? held : worth;
    if (!whole) return;
    this.form.elements.quantity.value = floorTo((whole * share) / 100, this.spec.step);
    this.refresh();
  }

  say(text, tone = "") {
    this.message.textContent = text;
    this.message.className = `message ${tone}`;
  }

  // The request's body from what the form shows.
  order(side) {
    const fields = this.form.elements;
    const type = typeOf(this.type);
    const written = (name) => fields[name].value.trim();
    const closesAll = Boolean(type.closes) && fields.close_position.checked;
    const order = { symbol: this.spec.symbol, side, order_type: this.type };
    if (!closesAll) order.quantity = written("quantity");
    if (type.limit) {
      order.price = written("price");
      order.time_in_force = fields.time_in_force.value;
      if (order.time_in_force === "GTD") order.good_till_ms = new Date(written("good_till")).getTime();
    }
    if (type.trigger) {
      if (written("trigger_price") || !type.callback) order.trigger_price = written("trigger_price");
      order.working_type = fields.working_type.value;
      if (fields.price_protect.checked) order.price_protect = true;
    }
    if (type.callback) order.callback_rate = fraction(written("callback_rate"));
    if (closesAll) order.close_position = true;
    if (this.hedge) order.position_side = (side === "buy") === this.closing ? "short" : "long";
    else if (fields.reduce_only.checked && !closesAll) order.reduce_only = true;
    if (type.attaches && !this.closing && fields.attach.checked) {
      for (const name of ["take_profit_price", "stop_loss_price"]) if (written(name)) order[name] = written(name);
    }
    return order;
  }

  // What is empty is told before anything is sent.
  findMissing(order) {
    if (order.trigger_price === "") return ["trigger_price", "At which price does it trigger?"];
    if (order.callback_rate === "0") return ["callback_rate", "How far back, in percent?"];
    if (order.price === "") return ["price", "At which price?"];
    if (order.quantity === "") return ["quantity", "How much?"];
    if ("good_till_ms" in order && !(order.good_till_ms > Date.now())) return ["good_till", "A moment in the future, please"];
    return null;
  }

  // The same order again after a lost answer goes under the same id.
  idFor(order) {
    const body = JSON.stringify(order);
    if (this.unanswered?.body !== body) this.unanswered = { body, id: orderId() };
    return this.unanswered.id;
  }

  async submit(side) {
    const order = this.order(side);
    clearWrong(this.form);
    const missing = this.findMissing(order);
    if (missing) {
      this.say("");
      markWrong(this.form, ...missing);
      return;
    }
    const buttons = this.form.querySelectorAll(".side");
    buttons.forEach((button) => (button.disabled = true));
    this.say("Sending…");
    try {
      const done = await placeOrder({ ...order, client_order_id: this.idFor(order) });
      this.unanswered = null;
      this.say(`${words(done.side)} ${done.close_position ? "to close" : done.quantity} ${done.symbol}: ${outcome(done)}`, "good");
    } catch (error) {
      if (!UNKNOWN_OUTCOME.has(error.status)) this.unanswered = null;
      const told = markWrong(this.form, fieldOf(error), error.message);
      this.say(told ? "" : error.message, told ? "" : "bad");
    } finally {
      buttons.forEach((button) => (button.disabled = false));
      this.onDone();
    }
  }
}
