// Signing in and out, and what the page does when the session ends by itself.

import * as api from "./api.js";
import { Notices } from "./notices.js";
import { SignIn } from "./sign_in.js";

const byId = (id) => document.getElementById(id);

function show() {
  byId("who").textContent = api.email();
  byId("sign-in").hidden = api.signedIn();
  byId("sign-out").hidden = !api.signedIn();
}

export function wireSession(account, toast) {
  const signIn = new SignIn(async () => {
    show();
    notices.start();
    await account.start();
  });
  const notices = new Notices(toast);
  const stop = () => {
    account.stop();
    notices.stop();
    for (const open of document.querySelectorAll("dialog[open]")) open.close();
  };
  byId("sign-in").addEventListener("click", () => signIn.open());
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
  show();
  if (!api.signedIn()) return;
  notices.start();
  account.start();
}
