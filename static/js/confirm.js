// What a mailed link allows. Its text stands behind the #, so it reaches neither logs nor other sites; it leaves the address bar at once.

import { explain, post } from "./api.js";

const byId = (id) => document.getElementById(id);
const DEEDS = {
  verify: { title: "Confirm your address", hint: "One press and the address is yours here.", send: "Confirm", path: "verify-email", done: "Your address is confirmed. Sign in now." },
  reset: { title: "Choose a new password", hint: "Ten characters or more. Every session ends, withdrawals rest for 24 hours.", send: "Set it", path: "password/reset", password: "new-password", done: "Your password is set. Sign in with it." },
  email: { title: "Confirm your new address", hint: "Your account moves to this address. Withdrawals rest for 24 hours.", send: "Confirm", path: "email/confirm", done: "Your account belongs to this address now." },
  "undo-email": { title: "Take your account back", hint: "Your old address comes back, every session ends, and you choose a new password by a mail that we send you.", send: "Take it back", path: "email/undo", done: "Your address is back. Look into your mail and choose a new password." },
  unfreeze: { title: "Open your account again", hint: "Enter your password. Withdrawals rest for 24 hours.", send: "Unfreeze", path: "unfreeze", password: "current-password", done: "Your account is open again. Sign in." },
  forgot: { title: "Forgot your password?", hint: "We mail you a link to choose a new one.", send: "Mail me a link", path: "password/ask-reset", email: true, done: "If the address is registered, a link is on its way." },
};

// Another link opened in the same tab is a new deed.
window.addEventListener("hashchange", () => location.reload());

const [name, token] = location.hash.slice(1).split("=");
const deed = DEEDS[name];
history.replaceState(null, "", location.pathname);

function say(text, kind) {
  byId("deed-message").textContent = text;
  byId("deed-message").className = `message ${kind}`;
}

function begin() {
  byId("deed-title").textContent = deed.title;
  byId("deed-hint").textContent = deed.hint;
  byId("deed-send").textContent = deed.send;
  byId("deed-send").hidden = false;
  byId("deed-password").hidden = !deed.password;
  byId("deed-email").hidden = !deed.email;
  const { password } = byId("deed").elements;
  password.autocomplete = deed.password || "off";
  byId("deed-password-label").textContent = deed.password === "new-password" ? "New password" : "Password";
  if (deed.password) password.focus();
}

if (deed && (token || deed.email)) begin();
else {
  byId("deed-title").textContent = "This link is not complete";
  byId("deed-hint").textContent = "Copy the whole address from the mail, or ask for a new one.";
  byId("deed-next").hidden = false;
}

byId("deed").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { email, password } = byId("deed").elements;
  const body = deed.email ? { email: email.value.trim() } : { token };
  if (deed.password) body.password = password.value;
  byId("deed-send").disabled = true;
  try {
    await post(`/api/v1/auth/${deed.path}`, body);
    byId("deed-title").textContent = "Done";
    byId("deed-hint").textContent = deed.done;
    for (const id of ["deed-send", "deed-password", "deed-email"]) byId(id).hidden = true;
    byId("deed-next").hidden = false;
    say("", "");
  } catch (error) {
    say(explain(error), "bad");
  } finally {
    byId("deed-send").disabled = false;
  }
});
