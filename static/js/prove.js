// Proving once more who is there, when the exchange asks for it; then what was asked goes on.

import { call } from "./api.js";
import { el } from "./format.js";
import { passkeysHere, usePasskey } from "./passkey.js";

const byId = (id) => document.getElementById(id);
const WAYS = {
  password: ["Password", "Enter your password.", "Use the password"],
  totp: ["Code", "Enter the code that your authenticator app shows.", "Use a code of the app"],
  backup_code: ["Backup code", "Enter one of your backup codes. It works once.", "Use a backup code"],
  passkey: ["", "Use your passkey.", "Use a passkey"],
};
let waiting = null;
let method = "";

// `work()` is done; when the exchange wants a fresh proof, the person gives it and the work is done again.
export async function guarded(work) {
  try {
    return await work();
  } catch (error) {
    if (error.code !== "STEP_UP_REQUIRED") throw error;
    if (!(await prove(error.details.methods))) throw new Error("Nothing was changed.");
    return work();
  }
}

function prove(methods) {
  const usable = methods.filter((one) => one !== "passkey" || passkeysHere());
  choose(usable[0] || methods[0], usable);
  byId("prove").showModal();
  byId("prove-field").hidden || byId("prove-form").elements.proof.focus();
  return new Promise((done) => {
    waiting = done;
  });
}

function choose(way, all) {
  method = way;
  const [label, hint] = WAYS[way];
  const input = byId("prove-form").elements.proof;
  byId("prove-label").textContent = label;
  byId("prove-hint").textContent = hint;
  byId("prove-field").hidden = way === "passkey";
  byId("prove-message").textContent = "";
  input.value = "";
  input.required = way !== "passkey";
  input.type = way === "password" ? "password" : "text";
  input.autocomplete = way === "password" ? "current-password" : "one-time-code";
  byId("prove-others").replaceChildren(...all.filter((one) => one !== way).map((one) => {
    const button = el("button", WAYS[one][2], "link-button");
    button.type = "button";
    button.addEventListener("click", () => choose(one, all));
    return button;
  }));
}

async function send(proof) {
  if (method === "password") return call("POST", "/api/v1/auth/step-up", { method, password: proof });
  if (method !== "passkey") return call("POST", "/api/v1/auth/step-up", { method, code: proof.trim() });
  const answer = await usePasskey(await call("POST", "/api/v1/auth/step-up/passkey-options"));
  return call("POST", "/api/v1/auth/step-up", { method, ...answer });
}

function settle(proved) {
  const done = waiting;
  waiting = null;
  byId("prove-form").elements.proof.value = "";
  done?.(proved);
}

export function wireProve() {
  const dialog = byId("prove");
  const form = byId("prove-form");
  byId("prove-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => settle(false));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = byId("prove-send");
    button.disabled = true;
    try {
      await send(form.elements.proof.value);
      settle(true);
      dialog.close();
    } catch (error) {
      byId("prove-message").textContent = error.message;
      byId("prove-message").className = "message bad";
    } finally {
      button.disabled = false;
    }
  });
}
