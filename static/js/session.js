// Signing in and out, and what the page does when the session ends by itself.

import * as api from "./api.js";
import { Notices } from "./notices.js";

const byId = (id) => document.getElementById(id);

function show() {
  byId("who").textContent = api.email();
  byId("sign-in").hidden = api.signedIn();
  byId("sign-out").hidden = !api.signedIn();
}

export function wireSession(account, toast) {
  const dialog = byId("login-dialog");
  const notices = new Notices(toast);
  const stop = () => {
    account.stop();
    notices.stop();
    for (const open of document.querySelectorAll("dialog[open]")) open.close();
  };
  byId("sign-in").addEventListener("click", () => dialog.showModal());
  byId("login-close").addEventListener("click", () => dialog.close());
  byId("sign-out").addEventListener("click", async () => {
    await account.countdown.stop();
    stop();
    await api.signOut();
    show();
  });
  window.addEventListener("signed-out", () => {
    stop();
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
