// The session's own socket: credits, revoked keys and ended sessions become toasts as they happen.

import { accessToken, call, sessionEnded } from "./api.js";
import { base, Link } from "./socket.js";

const PING_MS = 120_000;
const PAUSE_MS = 5_000;
const SECURITY = {
  password: "Your password was changed", email: "Your address was changed", totp_added: "An authenticator app was set up", totp_removed: "Your authenticator app was removed",
  backup_codes: "New backup codes were made", backup_code_used: "A backup code was used", passkey_added: "A passkey was added", passkey_removed: "A passkey was removed",
};

export class Notices {
  constructor(toast) {
    this.toast = toast;
  }

  start() {
    this.stop();
    this.refused = false;
    this.link = new Link(
      () => this.address(),
      (message) => this.onMessage(message),
      (up, link) => up && link.send({ method: "auth", token: accessToken() }),
    );
    this.ping = setInterval(() => this.link.send({ method: "ping" }), PING_MS);
  }

  stop() {
    this.link?.close();
    clearInterval(this.ping);
  }

  // Asking who we are renews a token that ran out; a socket that was refused before waits a little.
  async address() {
    if (this.refused) await new Promise((done) => setTimeout(done, PAUSE_MS));
    this.refused = true;
    await call("GET", "/api/v1/me");
    return `${base}/ws/v1/session`;
  }

  onMessage(message) {
    if (message.event === "authenticated") this.refused = false;
    if (message.event === "balance_credited") this.toast(`Credited ${plain(message.amount)} ${message.asset}`, "good");
    if (message.event === "key_revoked") this.toast(`API key “${message.label}” was revoked`);
    if (message.event === "security_changed") this.toast(SECURITY[message.what] || "Your security settings changed");
    if (message.event === "kyc_changed") this.onKyc(message);
    if (message.event === "kyc_expiring") this.toast("Your verification runs out soon; renew it under Verification");
    if (message.event === "session_ended" && message.current) sessionEnded();
    if (message.event === "session_ended" && !message.current) this.toast("Another of your sessions has ended");
  }

  onKyc(message) {
    const kind = { approved: "good", rejected: "bad" }[message.state] || "";
    if (message.state !== "submitted") this.toast(`Verification for level ${message.level}: ${message.state.replaceAll("_", " ")}`, kind);
    window.dispatchEvent(new Event("kyc-changed"));
  }
}

function plain(amount) {
  return amount.replace(/\.?0+$/, "");
}
