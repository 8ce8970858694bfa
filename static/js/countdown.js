// The switch for silence: while it is on, this page says every now and then that it is there; when it stops saying so,
// the exchange cancels every open order.

import { setCountdown } from "./native.js";

export class Countdown {
  constructor(select, toast) {
    this.select = select;
    this.toast = toast;
    select.addEventListener("change", () => this.choose(Number(select.value)));
  }

  async choose(seconds) {
    clearInterval(this.timer);
    try {
      await setCountdown(seconds);
      this.toast(seconds ? "Orders are canceled when this page falls silent" : "Orders stay when this page falls silent", "good");
    } catch (error) {
      this.select.value = "0";
      this.toast(error.message, "bad");
      return;
    }
    if (seconds) this.timer = setInterval(() => this.renew(seconds), (seconds * 1000) / 3);
  }

  async renew(seconds) {
    try {
      await setCountdown(seconds);
    } catch (error) {
      this.toast(`The countdown could not be renewed: ${error.message}`, "bad");
    }
  }

  // Armed by another page or before a reload: shown, and kept alive from here on.
  adopt(countdowns) {
    const all = (countdowns || []).find((one) => !one.symbol);
    if (!all || this.timer || this.select.value !== "0") return;
    const left = (all.deadline_ms - Date.now()) / 1000;
    const seconds = [30, 60, 300].find((choice) => left <= choice);
    if (!seconds || left <= 0) return;
    this.select.value = String(seconds);
    this.choose(seconds);
  }

  // Signing out ends it; the session is still there when this is called.
  async stop() {
    clearInterval(this.timer);
    this.timer = null;
    if (this.select.value === "0") return;
    this.select.value = "0";
    await setCountdown(0).catch(() => null);
  }
}
