// The header: the chosen instrument's prices, its funding and what the insurance fund holds.

import { get } from "./api.js";
import { compact, countdown, decimals, number, percent, tone } from "./format.js";

const byId = (id) => document.getElementById(id);
const FACTS = ["change", "high", "low", "volume", "mark", "index", "funding"];
const FUND_MS = 60_000;

export class Headline {
  constructor() {
    setInterval(() => !document.hidden && this.readFund(), FUND_MS);
  }

  reset(spec) {
    this.spec = spec;
    this.places = decimals(spec.tick);
    byId("pair-name").textContent = spec.symbol;
    byId("last-price").textContent = "–";
    byId("last-price").className = "last";
    byId("fact-countdown").textContent = "";
    for (const name of FACTS) byId(`fact-${name}`).textContent = "–";
    document.title = `${spec.symbol} · Perpetual Exchange`;
    this.readFund();
  }

  // The fund moves with liquidations alone.
  async readFund() {
    const { settlement } = this.spec;
    const funds = await get("/api/v1/insurance").catch(() => []);
    const fund = funds.find((one) => one.asset === settlement);
    byId("fact-insurance").textContent = fund ? `${compact(fund.balance)} ${settlement}` : "–";
  }

  ticker(t) {
    const change = Number(t.o) ? t.c / t.o - 1 : 0;
    byId("fact-change").textContent = percent(change);
    byId("fact-change").className = tone(change);
    byId("fact-high").textContent = number(t.h, this.places);
    byId("fact-low").textContent = number(t.l, this.places);
    byId("fact-volume").textContent = `${compact(t.q)} ${this.spec.quote}`;
    if (byId("last-price").textContent === "–") byId("last-price").textContent = number(t.c, this.places);
  }

  mark(m) {
    byId("fact-mark").textContent = number(m.p, this.places);
    byId("fact-index").textContent = number(m.i, this.places);
    byId("fact-funding").textContent = percent(Number(m.r), 4);
    byId("fact-countdown").textContent = m.T ? countdown(m.T) : "";
  }

  last(price, before) {
    const node = byId("last-price");
    node.textContent = number(price, this.places);
    if (before !== undefined && Number(price) !== before) node.className = `last ${price > before ? "buy-text" : "sell-text"}`;
    document.title = `${number(price, this.places)} · ${this.spec.symbol}`;
  }
}
