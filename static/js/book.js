// The order book and the tape: rows are made once and rewritten, so nothing flickers.

import { clock, decimals, el, number } from "./format.js";

const byId = (id) => document.getElementById(id);
const ROW_PX = 19;
const TAPE_ROWS = 60;

function line(count, makeRow, into) {
  while (into.children.length < count) into.append(makeRow());
  while (into.children.length > count) into.lastChild.remove();
  return [...into.children];
}

function level() {
  const node = el("div", "", "level");
  node.append(document.createElement("i"), el("span"), el("span"), el("span"));
  return node;
}

export class BookView {
  constructor(onPrice) {
    this.asks = byId("asks");
    this.bids = byId("bids");
    this.tape = byId("tape");
    this.mine = new Set();
    for (const side of [this.asks, this.bids]) {
      side.addEventListener("click", (event) => {
        const price = event.target.closest(".level")?.dataset.price;
        if (price) onPrice(price);
      });
    }
  }

  reset(spec) {
    this.spec = spec;
    this.tape.replaceChildren();
    this.asks.replaceChildren();
    this.bids.replaceChildren();
    byId("book-unit").textContent = spec.base;
    byId("spread").textContent = "";
    byId("spread-last").textContent = "–";
    this.lastPrice = null;
  }

  // Open orders of the signed-in account, to mark their levels.
  setMine(prices) {
    this.mine = new Set(prices.map(Number));
    if (this.depth) this.show(this.depth);
  }

  show(depth) {
    this.depth = depth;
    const rows = Math.max(4, Math.floor((this.bids.clientHeight || 190) / ROW_PX));
    const asks = depth.a.slice(0, rows);
    const bids = depth.b.slice(0, rows);
    const total = (side) => side.reduce((sum, [, quantity]) => sum + Number(quantity), 0);
    const most = Math.max(total(asks), total(bids)) || 1;
    this.fill(this.asks, asks, most, true);
    this.fill(this.bids, bids, most, false);
    if (asks.length && bids.length) {
      const gap = asks[0][0] - bids[0][0];
      byId("spread").textContent = `spread ${number(gap, decimals(this.spec.tick))} · ${((gap / asks[0][0]) * 100).toFixed(3)}%`;
    } else byId("spread").textContent = "one-sided book";
  }

  fill(into, levels, most, upward) {
    const nodes = line(levels.length, level, into);
    let running = 0;
    levels.forEach(([price, quantity], i) => {
      running += Number(quantity);
      const node = nodes[upward ? levels.length - 1 - i : i];
      const [bar, first, second, third] = node.children;
      bar.style.width = `${(running / most) * 100}%`;
      first.textContent = number(price, decimals(this.spec.tick));
      second.textContent = quantity;
      third.textContent = number(running, decimals(this.spec.step));
      node.dataset.price = price;
      node.classList.toggle("mine", this.mine.has(Number(price)));
    });
  }

  print(trade) {
    const side = trade.m ? "sell" : "buy";
    const node = el("div", "", `print ${side}`);
    node.append(el("span", number(trade.p, decimals(this.spec.tick))), el("span", trade.q), el("span", clock(trade.T), "dim"));
    this.tape.prepend(node);
    while (this.tape.children.length > TAPE_ROWS) this.tape.lastChild.remove();
    const last = byId("spread-last");
    last.textContent = number(trade.p, decimals(this.spec.tick));
    last.className = `${side}-text`;
  }
}
