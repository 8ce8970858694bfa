// The switch for silence: while it is on, this page says every now and then that it is there; when it stops saying so,
// the exchange cancels every open order.

import { setCountdown } from "./native.js";

const KEY = "countdown";

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
      this.forget();
      this.toast(error.message, "bad");
      return;
    }
    sessionStorage.setItem(KEY, String(seconds));
    if (seconds) this.timer = setInterval(() => this.renew(seconds), (seconds * 1000) / 3);
  }

  async renew(seconds) {
    try {
      await setCountdown(seconds);
    } catch (error) {
      this.toast(`The countdown could not be renewed: ${error.message}`, "bad");
    }
  }

  // After a reload this page goes on where it was; a countdown that somebody else armed is theirs to renew.
  resume() {
    const seconds = Number(sessionStorage.getItem(KEY) || 0);
    if (!seconds || this.timer) return;
    this.select.value = String(seconds);
    this.choose(seconds);
  }

  // Signing out ends it; the session is still there when this is called.
  async stop() {
    const isOn = this.select.value !== "0";
    this.forget();
    if (isOn) await setCountdown(0).catch(() => null);
  }

  forget() {
    clearInterval(this.timer);
    this.timer = null;
    this.select.value = "0";
    sessionStorage.removeItem(KEY);
  }
}
