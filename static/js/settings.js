// How an account trades: margin mode and leverage of the instrument, position mode and collateral of the account.

import { setLeverage, setMarginMode, setMultiAssets, setPositionMode } from "./native.js";
import { signedIn } from "./api.js";

const byId = (id) => document.getElementById(id);

export class Settings {
  constructor({ spec, account, onDone, toast }) {
    Object.assign(this, { spec, account, onDone, toast });
    this.dialog = byId("settings");
    this.form = this.dialog.querySelector("form");
    byId("open-settings").addEventListener("click", () => this.open());
    const sends = {
      margin_mode: (value) => setMarginMode(this.spec().symbol, value),
      leverage: (value) => setLeverage(this.spec().symbol, Number(value)),
      position_mode: (value) => setPositionMode(value),
      multi_assets: (value) => setMultiAssets(value),
    };
    this.form.addEventListener("change", (event) => {
      const { name, type, checked, value } = event.target;
      this.send(name, () => sends[name](type === "checkbox" ? checked : value));
    });
    byId("leverage").addEventListener("input", (event) => this.showLeverage(event.target.value));
  }

  open() {
    if (!signedIn()) {
      this.toast("Sign in to change how you trade");
      return;
    }
    for (const node of this.dialog.querySelectorAll("[data-symbol]")) node.textContent = this.spec().symbol;
    for (const why of this.dialog.querySelectorAll(".why")) why.textContent = "";
    this.show();
    this.dialog.showModal();
  }

  // The form as the exchange has it.
  show() {
    const account = this.account();
    const spec = this.spec();
    if (!account || !spec) return;
    const fields = this.form.elements;
    fields.margin_mode.value = account.margin_mode?.[spec.symbol] || "cross";
    fields.position_mode.value = account.position_mode || "one_way";
    fields.multi_assets.checked = Boolean(account.multi_assets);
    fields.leverage.max = spec.maxLeverage;
    fields.leverage.value = account.leverage?.[spec.symbol] || spec.defaultLeverage;
    this.showLeverage(fields.leverage.value);
  }

  showLeverage(leverage) {
    byId("leverage-text").textContent = `${leverage}x`;
  }

  async send(name, work) {
    const why = this.dialog.querySelector(`[data-setting="${name}"] .why`);
    why.textContent = "";
    try {
      await work();
    } catch (error) {
      why.textContent = error.message;
    }
    await this.onDone();
    this.show();
  }
}
