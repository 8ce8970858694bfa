// The page: picks an instrument and wires feeds to views.

import { AccountView } from "./account.js";
import * as api from "./api.js";
import { wireAsk } from "./ask.js";
import { BookView } from "./book.js";
import { ChartView, INTERVALS } from "./chart.js";
import { decimals, el, number, percent, tone } from "./format.js";
import { Headline } from "./headline.js";
import { wireSession } from "./session.js";
import { Settings } from "./settings.js";
import { MarketFeed } from "./socket.js";
import { Ticket } from "./ticket.js";
import { toast } from "./toast.js";

const byId = (id) => document.getElementById(id);
const specs = new Map();
const state = { symbol: localStorage.getItem("symbol"), interval: localStorage.getItem("interval") || "1m", streams: [], marks: new Map(), last: new Map(), rows: new Map() };
let views;

async function loadSpecs() {
  const { markets } = await api.get("/api/v1/markets");
  for (const one of markets) {
    if (one.trading_state === "delisted") continue;
    specs.set(one.symbol, {
      symbol: one.symbol, base: one.base_asset, quote: one.quote_asset, settlement: one.settlement_asset, tick: one.tick_size, step: one.lot_size,
      maxLeverage: one.max_leverage, defaultLeverage: one.default_leverage, takerFee: Number(one.taker_fee_rate),
    });
  }
}

async function loadTickers() {
  for (const ticker of await api.get("/fapi/v1/ticker/24hr")) {
    showTicker({ s: ticker.symbol, c: ticker.lastPrice, o: ticker.openPrice, h: ticker.highPrice, l: ticker.lowPrice, q: ticker.quoteVolume });
  }
}

function drawInstruments() {
  for (const spec of specs.values()) {
    const line = document.createElement("tr");
    line.tabIndex = 0;
    line.append(el("td", spec.symbol), el("td", "–", "num"), el("td", "–", "num"));
    line.addEventListener("click", () => choose(spec.symbol));
    line.addEventListener("keydown", (event) => event.key === "Enter" && choose(spec.symbol));
    state.rows.set(spec.symbol, line);
    byId("instruments").append(line);
  }
}

function showTicker(t) {
  const spec = specs.get(t.s);
  if (!spec || !Number(t.c)) return;
  const change = Number(t.o) ? t.c / t.o - 1 : 0;
  const [, last, moved] = state.rows.get(t.s).children;
  last.textContent = number(t.c, decimals(spec.tick));
  moved.textContent = percent(change);
  moved.className = `num ${tone(change)}`;
  state.last.set(t.s, Number(t.c));
  if (t.s === state.symbol) views.headline.ticker(t);
}

function showMark(m) {
  if (!specs.has(m.s)) return;
  state.marks.set(m.s, m);
  views.account.mark(m.s, m.p);
  if (m.s === state.symbol) views.headline.mark(m);
}

function showTrade(trade) {
  views.book.print(trade);
  views.headline.last(trade.p, state.last.get(trade.s));
  state.last.set(trade.s, Number(trade.p));
}

async function choose(symbol) {
  const spec = specs.get(symbol) || [...specs.values()][0];
  state.symbol = spec.symbol;
  localStorage.setItem("symbol", spec.symbol);
  for (const [name, line] of state.rows) line.classList.toggle("on", name === spec.symbol);
  const { feed, book, ticket, account, headline } = views;
  headline.reset(spec);
  if (state.marks.has(spec.symbol)) headline.mark(state.marks.get(spec.symbol));
  book.reset(spec);
  ticket.reset(spec);
  showMine(account.orders);
  feed.unwatch(state.streams);
  const name = spec.symbol.toLowerCase();
  const streams = { [`${name}@depth20@100ms`]: (depth) => book.show(depth), [`${name}@aggTrade`]: showTrade };
  state.streams = Object.keys(streams);
  feed.watch(streams);
  loadTickers().catch((error) => toast(error.message, "bad"));
  const trades = await api.get(`/fapi/v1/trades?symbol=${spec.symbol}&limit=40`);
  if (state.symbol === spec.symbol) for (const trade of trades) book.print({ p: trade.price, q: trade.qty, T: trade.time, m: trade.isBuyerMaker });
  await chooseInterval(state.interval);
}

async function chooseInterval(interval) {
  state.interval = interval;
  localStorage.setItem("interval", interval);
  for (const button of byId("intervals").children) {
    button.classList.toggle("on", button.textContent === interval);
    button.setAttribute("aria-selected", String(button.textContent === interval));
  }
  const { feed, chart } = views;
  if (state.candles) feed.unwatch([state.candles]);
  state.candles = `${state.symbol.toLowerCase()}@kline_${interval}`;
  await chart.load(specs.get(state.symbol), interval);
  feed.watch({ [state.candles]: (message) => chart.update(message.k) });
}

function drawIntervals() {
  for (const interval of INTERVALS) {
    const button = el("button", interval);
    button.type = "button";
    button.role = "tab";
    button.addEventListener("click", () => chooseInterval(interval).catch((error) => toast(error.message, "bad")));
    byId("intervals").append(button);
  }
}

function showMine(orders) {
  views.book.setMine(orders.filter((order) => order.symbol === state.symbol && !order.waiting && order.price).map((order) => order.price));
}

async function main() {
  await loadSpecs();
  drawInstruments();
  drawIntervals();
  wireAsk();
  const market = { price: () => state.last.get(state.symbol) || Number(state.marks.get(state.symbol)?.p || 0) };
  const ticket = new Ticket(market, () => account.later());
  const account = new AccountView(specs, {
    toast,
    settlement: (symbol) => specs.get(symbol)?.settlement,
    onOrders: showMine,
    onAccount: (read, positions) => ticket.setAccount(read, positions),
  });
  new Settings({ spec: () => specs.get(state.symbol), account: () => account.account, onDone: () => account.read(), toast });
  const book = new BookView((price) => ticket.setPrice(price));
  const chart = new ChartView(byId("chart"), byId("ohlc"));
  views = { book, ticket, account, chart, headline: new Headline() };
  wireSession(account, toast);
  views.feed = new MarketFeed((up) => {
    byId("link").className = `link ${up ? "up" : "down"}`;
    byId("link-text").textContent = up ? "live" : "reconnecting";
  });
  await choose(state.symbol);
  views.feed.watch({ "!miniTicker@arr": (rows) => rows.forEach(showTicker), "!markPrice@arr@1s": (rows) => rows.forEach(showMark) });
}

main().catch((error) => toast(`The page could not start: ${error.message}`, "bad"));
