// The page: picks an instrument, wires feeds to views, keeps the session.

import { AccountView } from "./account.js";
import * as api from "./api.js";
import { BookView } from "./book.js";
import { ChartView, INTERVALS } from "./chart.js";
import { compact, countdown, decimals, el, number, percent, tone } from "./format.js";
import { Notices } from "./notices.js";
import { MarketFeed } from "./socket.js";
import { Ticket } from "./ticket.js";

const byId = (id) => document.getElementById(id);
const specs = new Map();
const state = { symbol: localStorage.getItem("symbol"), interval: localStorage.getItem("interval") || "1m", streams: [], marks: new Map(), last: new Map(), rows: new Map() };

function toast(text, kind = "") {
  const node = el("div", text, `toast ${kind}`);
  byId("toasts").append(node);
  setTimeout(() => node.remove(), 4500);
}

async function loadSpecs() {
  const info = await api.get("/fapi/v1/exchangeInfo");
  for (const one of info.symbols) {
    const filter = (type) => one.filters.find((f) => f.filterType === type);
    specs.set(one.symbol, { symbol: one.symbol, base: one.baseAsset, quote: one.quoteAsset, tick: filter("PRICE_FILTER").tickSize, step: filter("LOT_SIZE").stepSize, maxLeverage: 125 });
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
  const places = decimals(spec.tick);
  const change = Number(t.o) ? t.c / t.o - 1 : 0;
  const [, last, moved] = state.rows.get(t.s).children;
  last.textContent = number(t.c, places);
  moved.textContent = percent(change);
  moved.className = `num ${tone(change)}`;
  state.last.set(t.s, Number(t.c));
  if (t.s !== state.symbol) return;
  byId("fact-change").textContent = percent(change);
  byId("fact-change").className = tone(change);
  byId("fact-high").textContent = number(t.h, places);
  byId("fact-low").textContent = number(t.l, places);
  byId("fact-volume").textContent = `${compact(t.q)} ${spec.quote}`;
  if (byId("last-price").textContent === "–") byId("last-price").textContent = number(t.c, places);
}

function showMark(m, account) {
  const spec = specs.get(m.s);
  if (!spec) return;
  state.marks.set(m.s, m);
  account.mark(m.s, m.p);
  if (m.s !== state.symbol) return;
  const places = decimals(spec.tick);
  byId("fact-mark").textContent = number(m.p, places);
  byId("fact-index").textContent = number(m.i, places);
  byId("fact-funding").textContent = percent(Number(m.r), 4);
  byId("fact-countdown").textContent = countdown(m.T);
}

function showTrade(trade, book) {
  book.print(trade);
  const places = decimals(specs.get(state.symbol).tick);
  const node = byId("last-price");
  const price = Number(trade.p);
  const before = state.last.get(trade.s);
  node.textContent = number(trade.p, places);
  if (before !== undefined && price !== before) node.className = `last ${price > before ? "buy-text" : "sell-text"}`;
  state.last.set(trade.s, price);
  document.title = `${number(trade.p, places)} · ${trade.s}`;
}

let views;

async function choose(symbol) {
  const spec = specs.get(symbol) || [...specs.values()][0];
  state.symbol = spec.symbol;
  localStorage.setItem("symbol", spec.symbol);
  for (const [name, line] of state.rows) line.classList.toggle("on", name === spec.symbol);
  byId("pair-name").textContent = spec.symbol;
  byId("last-price").textContent = "–";
  for (const id of ["fact-change", "fact-high", "fact-low", "fact-volume", "fact-mark", "fact-index", "fact-funding"]) byId(id).textContent = "–";
  document.title = `${spec.symbol} · Perpetual Exchange`;
  const { feed, book, ticket, account } = views;
  book.reset(spec);
  ticket.reset(spec);
  feed.unwatch(state.streams);
  const name = spec.symbol.toLowerCase();
  const streams = { [`${name}@depth20@100ms`]: (depth) => book.show(depth), [`${name}@aggTrade`]: (trade) => showTrade(trade, book) };
  state.streams = Object.keys(streams);
  feed.watch(streams);
  account.hooks.onAccount(account.account);
  account.hooks.onOrders(account.orders || []);
  loadTickers();
  const trades = await api.get(`/fapi/v1/trades?symbol=${spec.symbol}&limit=40`);
  if (state.symbol === spec.symbol) for (const trade of trades) book.print({ p: trade.price, q: trade.qty, T: trade.time, m: trade.isBuyerMaker });
  await chooseInterval(state.interval);
}

async function chooseInterval(interval) {
  state.interval = interval;
  localStorage.setItem("interval", interval);
  for (const button of byId("intervals").children) button.classList.toggle("on", button.textContent === interval);
  const { feed, chart } = views;
  if (state.candles) feed.unwatch([state.candles]);
  state.candles = `${state.symbol.toLowerCase()}@kline_${interval}`;
  await chart.load(specs.get(state.symbol), interval);
  feed.watch({ [state.candles]: (message) => chart.update(message.k) });
}

async function loadLeverage() {
  for (const bracket of await api.get("/api/v1/markets").then((answer) => answer.markets)) {
    const spec = specs.get(bracket.symbol);
    if (spec && bracket.max_leverage) spec.maxLeverage = bracket.max_leverage;
  }
}

function wireSession(account) {
  const dialog = byId("login-dialog");
  const notices = new Notices(toast);
  const show = () => {
    byId("who").textContent = api.email();
    byId("sign-in").hidden = api.signedIn();
    byId("sign-out").hidden = !api.signedIn();
  };
  byId("sign-in").addEventListener("click", () => dialog.showModal());
  byId("login-close").addEventListener("click", () => dialog.close());
  byId("sign-out").addEventListener("click", async () => {
    account.stop();
    notices.stop();
    await api.signOut();
    show();
  });
  window.addEventListener("signed-out", () => {
    account.stop();
    notices.stop();
    show();
    toast("Your session has ended, sign in again");
  });
  byId("login").addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = event.target.elements;
    const message = byId("login-message");
    message.textContent = "";
    try {
      await api.signIn(fields.email.value.trim(), fields.password.value);
      fields.password.value = "";
      dialog.close();
      show();
      notices.start();
      await account.start();
    } catch (error) {
      message.textContent = error.message;
      message.className = "message bad";
    }
  });
  show();
  if (!api.signedIn()) return;
  notices.start();
  account.start();
}

async function main() {
  await loadSpecs();
  await loadLeverage().catch(() => null);
  drawInstruments();
  const market = { price: () => state.last.get(state.symbol) || Number(state.marks.get(state.symbol)?.p || 0) };
  const ticket = new Ticket(market, () => account.later());
  const book = new BookView((price) => ticket.setPrice(price));
  const chart = new ChartView(byId("chart"), byId("ohlc"));
  const account = new AccountView(specs, {
    toast,
    onOrders: (orders) => book.setMine(orders.filter((order) => order.symbol === state.symbol).map((order) => order.price)),
    onAccount: (read) => {
      if (!read) return;
      const quote = specs.get(state.symbol)?.quote;
      const balance = read.balances.find((one) => one.asset === quote);
      ticket.setAccount(Number(balance?.available_balance || 0), read.leverage?.[state.symbol] || 20);
    },
  });
  const feed = new MarketFeed((up) => {
    byId("link").className = `link ${up ? "up" : "down"}`;
    byId("link-text").textContent = up ? "live" : "reconnecting";
  });
  views = { feed, book, ticket, account, chart };
  for (const interval of INTERVALS) {
    const button = el("button", interval);
    button.type = "button";
    button.addEventListener("click", () => chooseInterval(interval));
    byId("intervals").append(button);
  }
  feed.watch({ "!miniTicker@arr": (rows) => rows.forEach(showTicker), "!markPrice@arr@1s": (rows) => rows.forEach((m) => showMark(m, account)) });
  wireSession(account);
  await choose(state.symbol);
}

main().catch((error) => toast(`The page could not start: ${error.message}`, "bad"));
