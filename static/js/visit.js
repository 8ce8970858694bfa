// A plain page of one person: coming in, going out, notices, and the sheet that only its owner sees.

import * as api from "./api.js";
import { Notices } from "./notices.js";
import { SignIn } from "./sign_in.js";
import { toast } from "./toast.js";

const byId = (id) => document.getElementById(id);

// Wires the page; `read` fills the sheet whenever somebody is signed in.
export function visit(read) {
  const notices = new Notices(toast);
  const show = async () => {
    byId("sheet").hidden = byId("sign-out").hidden = !api.signedIn();
    byId("stranger").hidden = api.signedIn();
    byId("who").textContent = api.email();
    if (!api.signedIn()) return;
    notices.start();
    await read();
  };
  const signIn = new SignIn(show);
  byId("sign-in").addEventListener("click", () => signIn.open());
  byId("sign-out").addEventListener("click", async () => {
    notices.stop();
    await api.signOut();
    await show();
  });
  window.addEventListener("signed-out", () => {
    notices.stop();
    for (const open of document.querySelectorAll("dialog[open]")) open.close();
    show();
    toast("You are signed out");
  });
  return show();
}
