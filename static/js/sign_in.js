// The sign-in dialog: password, second step, passkey, a new account, a forgotten password.

import * as api from "./api.js";
import { el } from "./format.js";
import { passkeysHere, usePasskey } from "./passkey.js";

const byId = (id) => document.getElementById(id);
const HINTS = {
  totp: ["Enter the code that your authenticator app shows.", "Use a code of the app"],
  backup_code: ["Enter one of your backup codes. It works once.", "Use a backup code"],
  email_code: ["Somebody has been trying passwords on this address. Enter the code that we mailed you, if password and address are right.", "Use the mailed code"],
  passkey: ["Use your passkey.", "Use a passkey"],
};

export class SignIn {
  constructor(onDone) {
    this.onDone = onDone;
    this.dialog = byId("login-dialog");
    this.dialog.addEventListener("click", (event) => event.target.dataset?.show && this.show(event.target.dataset.show));
    byId("login-close").addEventListener("click", () => this.dialog.close());
    byId("login-passkey").hidden = !passkeysHere();
    byId("login-passkey").addEventListener("click", () => this.run(byId("login-message"), () => this.byPasskey("")));
    this.wire("login", (fields) => this.byPassword(fields));
    this.wire("register", (fields) => this.register(fields));
    this.wire("forgot", (fields) => this.forgot(fields));
    this.wire("factor", (fields) => this.bySecondStep(fields));
    byId("told-again").addEventListener("click", () => this.run(byId("told-message"), () => this.again()));
  }

  open(panel = "enter") {
    this.show(panel);
    this.dialog.showModal();
  }

  show(panel) {
    for (const part of this.dialog.querySelectorAll("[data-panel]")) part.hidden = part.dataset.panel !== panel;
    for (const message of this.dialog.querySelectorAll(".message")) message.textContent = "";
    const shown = this.dialog.querySelector(`[data-panel="${panel}"]`);
    const typed = byId("login").elements.email.value;
    if (shown.elements?.email && typed) shown.elements.email.value = typed;
    [...shown.querySelectorAll("input")].find((input) => !input.value && input.offsetParent)?.focus();
  }

  wire(id, work) {
    const form = byId(id);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.run(form.querySelector(".message"), () => work(form.elements), form);
    });
  }

  async run(message, work, form) {
    const button = form?.querySelector("[type=submit]");
    message.textContent = "";
    if (button) button.disabled = true;
    try {
      await work();
    } catch (error) {
      message.textContent = api.explain(error);
      message.className = "message bad";
      if (error.code === "CHALLENGE_OVER") this.show("enter");
    } finally {
      if (button) button.disabled = false;
    }
  }

  async byPassword(fields) {
    this.email = fields.email.value.trim();
    await this.go(await api.post("/api/v1/auth/login", { email: this.email, password: fields.password.value }));
    fields.password.value = "";
  }

  async go(answer) {
    if (answer.challenge) {
      this.challenge = answer;
      this.choose(answer.methods[0] === "passkey" && !passkeysHere() ? answer.methods[1] || "passkey" : answer.methods[0]);
      return;
    }
    await api.enter(this.email, answer);
    this.dialog.close();
    await this.onDone();
  }

  choose(method) {
    this.method = method;
    this.show("factor");
    byId("factor-hint").textContent = HINTS[method][0];
    byId("factor-field").hidden = method === "passkey";
    const input = byId("factor").elements.code;
    input.value = "";
    input.required = method !== "passkey";
    input.inputMode = method === "backup_code" ? "text" : "numeric";
    byId("factor-others").replaceChildren(...this.challenge.methods.filter((one) => one !== method).map((one) => {
      const button = el("button", HINTS[one][1], "link-button");
      button.type = "button";
      button.addEventListener("click", () => this.choose(one));
      return button;
    }));
    if (method !== "passkey") input.focus();
  }

  async bySecondStep(fields) {
    const { challenge } = this.challenge;
    if (this.method === "passkey") await this.byPasskey(challenge);
    else await this.go(await api.post("/api/v1/auth/login/second-factor", { challenge, method: this.method, code: fields.code.value.trim() }));
  }

  async byPasskey(challenge) {
    const ceremony = await api.post("/api/v1/auth/passkey/options", challenge ? { challenge } : {});
    const answer = await usePasskey(ceremony);
    await this.go(await api.post("/api/v1/auth/passkey/login", answer));
  }

  async register(fields) {
    const [email, password] = [fields.email.value.trim(), fields.password.value];
    await api.post("/api/v1/auth/register", { email, password });
    fields.password.value = "";
    byId("login").elements.email.value = email;
    this.again = () => this.resend("/api/v1/auth/verify-email/resend", email);
    byId("told-text").textContent = `We mailed a link to ${email}. Open it to confirm that the address is yours, then sign in.`;
    this.show("told");
  }

  async forgot(fields) {
    const email = fields.email.value.trim();
    await api.post("/api/v1/auth/password/ask-reset", { email });
    byId("login").elements.email.value = email;
    this.again = () => this.resend("/api/v1/auth/password/ask-reset", email);
    byId("told-text").textContent = `If ${email} is registered, we mailed a link to choose a new password.`;
    this.show("told");
  }

  async resend(path, email) {
    await api.post(path, { email });
    const message = byId("told-message");
    message.textContent = "Done. It may take a minute.";
    message.className = "message good";
  }
}
