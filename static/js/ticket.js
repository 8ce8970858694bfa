// The order ticket: what the order is worth, what it needs, and sending it under an id of our own.

import { call } from "./api.js";
import { decimals, number } from "./format.js";

const byId = (id) => document.getElementById(id);

function floorTo(value, step) {
  const places = decimals(step);
  return (Math.floor(value / Number(step) + 1e-9) * Number(step)).toFixed(places);
}

// The id makes a repeat after a lost answer harmless: the exchange keeps one order per id.
function orderId() {
  return `web-${Date.now().toString(36)}-${crypto.getRandomValues(new Uint32Array(2)).join("").slice(0, 16)}`;
}

export class Ticket {
  constructor(market, onDone) {
    this.market = market;
    this.onDone = onDone;
    this.form = byId("ticket");
    this.message = byId("ticket-message");
    this.available = 0;
    this.leverage = 20;
    this.form.addEventListener("input", () => this.refresh());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit(event.submitter?.value || "buy");
    });
    byId("share").addEventListener("click", (event) => this.fillShare(Number(event.target.dataset.share)));
    const slider = byId("leverage");
    slider.addEventListener("input", () => this.showLeverage(Number(slider.value)));
    slider.addEventListener("change", () => this.sendLeverage(Number(slider.value)));
  }

  get type() {
    return this.form.elements.order_type.value;
  }

  reset(spec) {
    this.spec = spec;
    byId("quote-unit").textContent = spec.quote;
    byId("base-unit").textContent = spec.base;
    byId("leverage").max = spec.maxLeverage;
    this.form.elements.price.value = "";
    this.form.elements.quantity.value = "";
    this.say("");
    this.refresh();
  }

  setPrice(price) {
    this.form.elements.price.value = price;
    this.refresh();
  }

  setAccount(available, leverage) {
    this.available = available;
    this.showLeverage(leverage);
    byId("leverage").value = leverage;
    byId("ticket-available").textContent = `${number(available, 2)} ${this.spec?.quote || ""}`;
  }

  showLeverage(leverage) {
    this.leverage = leverage;
    byId("leverage-text").textContent = `${leverage}x`;
    this.refresh();
  }

  price() {
    return this.type === "market" ? this.market.price() : Number(this.form.elements.price.value || this.market.price());
  }

  refresh() {
    byId("price-field").hidden = this.type === "market";
    this.form.elements.time_in_force.closest("label").hidden = this.type === "market";
    const value = this.price() * Number(this.form.elements.quantity.value || 0);
    byId("ticket-value").textContent = value ? `${number(value, 2)} ${this.spec.quote}` : "–";
    byId("ticket-margin").textContent = value ? `${number(value / this.leverage, 2)} ${this.spec.quote}` : "–";
  }

  fillShare(share) {
    const price = this.price();
    if (!share || !price || !this.available) return;
    const worth = (this.available * share * this.leverage) / 100 / (1 + 0.001 * this.leverage);
    this.form.elements.quantity.value = floorTo(worth / price, this.spec.step);
    this.refresh();
  }

  say(text, tone = "") {
    this.message.textContent = text;
    this.message.className = `message ${tone}`;
  }

  async sendLeverage(leverage) {
    try {
      await call("POST", "/api/v1/leverage", { symbol: this.spec.symbol, leverage });
      this.say(`Leverage is ${leverage}x`, "good");
    } catch (error) {
      this.say(error.message, "bad");
    }
    this.onDone();
  }

  async submit(side) {
    const fields = this.form.elements;
    const order = { symbol: this.spec.symbol, side, order_type: this.type, quantity: fields.quantity.value.trim(), reduce_only: fields.reduce_only.checked, client_order_id: orderId() };
    if (this.type === "limit") {
      order.price = fields.price.value.trim();
      order.time_in_force = fields.time_in_force.value;
    }
    const buttons = this.form.querySelectorAll(".side");
    buttons.forEach((button) => (button.disabled = true));
    this.say("Sending…");
    try {
      const done = await call("POST", "/api/v1/orders", order);
      this.say(`${done.side} ${done.quantity} ${done.symbol}: ${String(done.status).replaceAll("_", " ")}`, "good");
    } catch (error) {
      this.say(error.message, "bad");
    } finally {
      buttons.forEach((button) => (button.disabled = false));
      this.onDone();
    }
  }
}
