// Candles with volume, drawn by lightweight-charts; history by REST, the live candle by socket.

import { get } from "./api.js";
import { compact, decimals, number } from "./format.js";

export const INTERVALS = ["1m", "5m", "15m", "1h", "4h", "1d"];
const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export class ChartView {
  constructor(node, caption) {
    const charts = window.LightweightCharts;
    this.caption = caption;
    this.chart = charts.createChart(node, {
      autoSize: true,
      layout: { background: { color: "transparent" }, textColor: color("--dim"), attributionLogo: true, fontFamily: "inherit" },
      grid: { vertLines: { color: color("--edge") }, horzLines: { color: color("--edge") } },
      rightPriceScale: { borderColor: color("--edge") },
      timeScale: { borderColor: color("--edge"), timeVisible: true, secondsVisible: false, rightOffset: 4 },
      crosshair: { mode: charts.CrosshairMode.Normal },
    });
    const [up, down] = [color("--buy"), color("--sell")];
    this.candles = this.chart.addSeries(charts.CandlestickSeries, {
      upColor: up, downColor: down, borderVisible: false, wickUpColor: up, wickDownColor: down,
    });
    this.volume = this.chart.addSeries(charts.HistogramSeries, { priceScaleId: "", priceFormat: { type: "volume" }, lastValueVisible: false, priceLineVisible: false });
    this.volume.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
    this.soft = { up: color("--buy-soft"), down: color("--sell-soft") };
  }

  async load(spec, interval) {
    this.wanted = `${spec.symbol} ${interval}`;
    const wanted = this.wanted;
    const places = decimals(spec.tick);
    this.places = places;
    this.candles.applyOptions({ priceFormat: { type: "price", precision: places, minMove: Number(spec.tick) } });
    const rows = await get(`/fapi/v1/klines?symbol=${spec.symbol}&interval=${interval}&limit=500`);
    if (wanted !== this.wanted) return;
    this.candles.setData(rows.map(([t, o, h, l, c]) => ({ time: t / 1000, open: +o, high: +h, low: +l, close: +c })));
    this.volume.setData(rows.map(([t, o, , , c, v]) => this.bar(t, o, c, v)));
    this.newest = rows.length ? rows[rows.length - 1][0] : 0;
    this.chart.timeScale().scrollToRealTime();
  }

  bar(t, o, c, v) {
    return { time: t / 1000, value: +v, color: +c >= +o ? this.soft.up : this.soft.down };
  }

  update(k) {
    if (k.t < this.newest) return;
    this.newest = k.t;
    this.candles.update({ time: k.t / 1000, open: +k.o, high: +k.h, low: +k.l, close: +k.c });
    this.volume.update(this.bar(k.t, k.o, k.c, k.v));
    const [o, h, l, c] = [k.o, k.h, k.l, k.c].map((price) => number(price, this.places));
    this.caption.textContent = `O ${o}  H ${h}  L ${l}  C ${c}  V ${compact(k.v)}`;
  }
}
