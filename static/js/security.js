// The security page: how a person signs in, where they are signed in, and what stops everything.

import * as api from "./api.js";
import { ask, wireAsk } from "./ask.js";
import { el, moment, words } from "./format.js";
import { makePasskey, passkeysHere } from "./passkey.js";
import { guarded, wireProve } from "./prove.js";
import { buttonsOf, rowOf } from "./rows.js";
import { toast } from "./toast.js";
import { visit } from "./visit.js";

const byId = (id) => document.getElementById(id);
const change = (method, path, body) => guarded(() => api.call(method, `/api/v1/${path}`, body));

const { on, button } = buttonsOf(read);

async function read() {
  const [me, security, passkeys, sessions] = await Promise.all(
    ["me", "me/security", "me/passkeys", "me/sessions"].map((path) => api.call("GET", `/api/v1/${path}`)),
  );
  api.rename(me.email);
  byId("who").textContent = byId("email").textContent = me.email;
  mark("verified", me.is_verified, "confirmed", "not confirmed");
  byId("verify-again").hidden = me.is_verified;
  showFactors(security);
  showPasskeys(passkeys);
  showSessions(sessions);
  const hold = security.withdrawal_hold_until_ms;
  byId("hold").hidden = !hold;
  byId("hold").textContent = hold ? `Something about your sign-in changed: withdrawals rest until ${moment(hold)}.` : "";
}

function mark(id, good, yes, no) {
  byId(id).textContent = good ? yes : no;
  byId(id).className = `tag ${good ? "good" : ""}`;
}

function showFactors(security) {
  const any = security.totp || security.passkeys > 0;
  mark("totp-state", security.totp, "on", "off");
  mark("passkeys-state", security.passkeys > 0, String(security.passkeys), "none");
  mark("codes-state", security.backup_codes_left > 2, `${security.backup_codes_left} left`, any ? `${security.backup_codes_left} left` : "come with a second step");
  byId("totp-add").hidden = security.totp;
  byId("totp-remove").hidden = !security.totp;
  byId("codes-renew").disabled = !any;
  byId("passkey-add").disabled = !passkeysHere();
  if (!passkeysHere()) byId("passkeys-hint").textContent = "Passkeys need the exchange's own name over HTTPS in the address bar, or localhost: open this page there to add one.";
}

function showPasskeys(passkeys) {
  byId("passkeys-table").hidden = !passkeys.length;
  byId("passkeys").replaceChildren(...passkeys.map((one) => rowOf(
    [["Name", one.name], ["Added", moment(one.created_ms)], ["Last used", one.last_used_ms ? moment(one.last_used_ms) : "never"]],
    [
      button("Rename", async () => ask({ title: "Rename the passkey", action: "Rename", fields: [{ name: "name", label: "Name", value: one.name, type: "text" }], work: (values) => change("PATCH", `me/passkeys/${one.id}`, values).then(read) })),
      button("Remove", () => change("DELETE", `me/passkeys/${one.id}`)),
    ],
  )));
}

function showSessions(sessions) {
  byId("end-others").disabled = sessions.length < 2;
  byId("sessions").replaceChildren(...sessions.map((one) => rowOf(
    [
      ["Device", one.device, one.current ? el("span", "this one", "tag good") : null],
      ["Address", one.address || "–"],
      ["Proved by", one.methods.map(words).join(" + ") || "–"],
      ["Since", moment(one.created_ms)],
      ["Last used", moment(one.last_used_ms)],
    ],
    one.current ? [] : [button("Sign out", () => api.call("DELETE", `/api/v1/me/sessions/${one.id}`))],
  )));
}

function showCodes(codes) {
  if (!codes.length) return;
  byId("codes").replaceChildren(...codes.map((code) => el("li", code)));
  byId("codes-dialog").showModal();
}

async function beginTotp() {
  const setup = await change("POST", "me/totp");
  const picture = new DOMParser().parseFromString(setup.qr_svg, "image/svg+xml").documentElement;
  byId("totp-qr").replaceChildren(document.importNode(picture, true));
  byId("totp-secret").textContent = setup.secret.match(/.{1,4}/g).join(" ");
  byId("totp-message").textContent = "";
  byId("totp-form").reset();
  byId("totp-dialog").showModal();
}

function wireTotp() {
  const form = byId("totp-form");
  byId("totp-close").addEventListener("click", () => byId("totp-dialog").close());
  byId("totp-dialog").addEventListener("close", () => {
    byId("totp-qr").replaceChildren();
    byId("totp-secret").textContent = "";
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const { backup_codes: codes } = await change("POST", "me/totp/confirm", { code: form.elements.code.value.trim() });
      byId("totp-dialog").close();
      toast("The authenticator app counts from now on", "good");
      showCodes(codes);
      await read();
    } catch (error) {
      byId("totp-message").textContent = error.message;
      byId("totp-message").className = "message bad";
    }
  });
}

async function addPasskey() {
  const answer = await makePasskey(await change("POST", "me/passkeys/options"));
  const platform = navigator.userAgentData?.platform || "this device";
  ask({
    title: "Name the passkey", hint: "So that you know it again.", action: "Keep it", fields: [{ name: "name", label: "Name", value: `Passkey of ${platform}`, type: "text" }],
    work: async ({ name }) => {
      const { backup_codes: codes } = await change("POST", "me/passkeys", { ...answer, name });
      await read();
      showCodes(codes);
    },
  });
}

function askPassword() {
  const fields = [
    { name: "current_password", label: "Current", type: "password", autocomplete: "current-password" },
    { name: "new_password", label: "New", type: "password", autocomplete: "new-password" },
  ];
  const work = async (values) => {
    await change("POST", "me/password", values);
    toast("Your password was changed", "good");
    await read();
  };
  ask({ title: "Change password", hint: "Ten characters or more. Other sessions end, withdrawals rest for 24 hours.", action: "Change", fields, work });
}

function askEmail() {
  const work = async (values) => {
    await change("POST", "me/email", values);
    toast(`We mailed a link to ${values.email}`, "good");
  };
  ask({ title: "Change address", hint: "The new address confirms by a mailed link; the old one is told and can undo it for 7 days. Withdrawals rest for 24 hours.", action: "Mail the link", fields: [{ name: "email", label: "New e-mail", type: "email", autocomplete: "email" }], work });
}

function wire() {
  on("change-password", askPassword);
  on("change-email", askEmail);
  on("verify-again", () => api.post("/api/v1/auth/verify-email/resend", { email: api.email() }).then(() => toast("We mailed the link again", "good")));
  on("totp-add", beginTotp);
  on("totp-remove", () => change("DELETE", "me/totp"));
  on("codes-renew", async () => showCodes((await change("POST", "me/backup-codes")).backup_codes));
  on("codes-copy", () => navigator.clipboard.writeText([...byId("codes").children].map((one) => one.textContent).join("\n")).then(() => toast("Copied", "good")));
  on("passkey-add", addPasskey);
  on("end-others", () => api.call("DELETE", "/api/v1/me/sessions"));
  on("freeze", () => ask({ title: "Freeze my account?", hint: "Everything stops at once and you are signed out. A link in a mail and your password open it again.", action: "Freeze it now", fields: [], work: () => api.call("POST", "/api/v1/me/freeze").then(api.sessionEnded) }));
  on("close-account", () => ask({ title: "Close my account for good?", hint: "Nothing brings it back.", action: "Close it", fields: [], work: () => change("POST", "me/close").then(api.sessionEnded) }));
}

function main() {
  wireAsk();
  wireProve();
  wireTotp();
  wire();
  return visit(read);
}

main().catch((error) => toast(error.message, "bad"));
