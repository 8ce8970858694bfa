// The accounts page: a person's trading accounts, money between them, and the API keys of each.

import * as api from "./api.js";
import { ask, wireAsk } from "./ask.js";
import { el, moment, words } from "./format.js";
import { guarded, wireProve } from "./prove.js";
import { buttonsOf, rowOf } from "./rows.js";
import { toast } from "./toast.js";
import { visit } from "./visit.js";

const byId = (id) => document.getElementById(id);
const call = (method, path, body) => api.call(method, `/api/v1/${path}`, body);
const { on, button } = buttonsOf(read);
// What a key may do, as one choice.
const RIGHTS = [
  ["read,trade", "Read and trade"],
  ["read", "Read only"],
  ["read,trade,transfer", "Read, trade, move between my accounts"],
  ["read,trade,transfer,withdraw", "All that, and withdraw"],
];
const REFUSALS = {
  BALANCE_INSUFFICIENT: "There is not that much free to move.",
  INVALID_AMOUNT: "The amount must be above zero.",
};
let accounts = [];

async function read() {
  const [listed, keys] = await Promise.all([call("GET", "accounts"), call("GET", "api-keys")]);
  const wallets = await Promise.all(listed.map((one) => call("GET", `accounts/${one.id}/balances`)));
  accounts = listed.map((one, i) => ({ ...one, wallets: wallets[i] }));
  byId("accounts").replaceChildren(...accounts.map(accountRow));
  showKeys(keys.filter((one) => one.is_active));
}

// Money as it is, without the zeros that say nothing; never through a float.
function amount(text) {
  const [whole, fraction = ""] = text.split(".");
  const rest = fraction.replace(/0+$/, "");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? `.${rest}` : "");
}

const sums = (one, name) => one.wallets.map((held) => `${amount(held[name])} ${held.asset}`).join(", ") || "–";
const nameOf = (id) => accounts.find((one) => one.id === id)?.name || String(id);
const choices = (some) => some.map((one) => [String(one.id), `${one.name} (${one.id})`]);

function accountRow(one) {
  const state = one.is_open ? words(one.state) : "opening";
  const actions = [button("Make a key", () => askKey(one.id))];
  if (accounts.length > 1) {
    const move = button("Move money", () => askMove(one));
    move.disabled = !one.wallets.some((held) => Number(held.withdrawable_balance) > 0);
    actions.unshift(move);
  }
  return rowOf(
    [
      ["Account", one.name, one.is_main ? el("span", "main", "tag good") : null],
      ["Number", String(one.id)],
      ["State", state],
      ["In the wallets", sums(one, "wallet_balance")],
      ["Free to move", sums(one, "withdrawable_balance")],
    ],
    actions,
  );
}

function askOpen() {
  const work = async ({ name }) => {
    await call("POST", "accounts", { name });
    toast(`${name} is open`, "good");
    await read();
  };
  ask({ title: "Open an account", hint: "A name of your own: letters, digits, spaces, dots, dashes, underscores.", action: "Open it", fields: [{ name: "name", label: "Name", type: "text" }], work });
}

// The same dialog sent twice moves once: the reference is made when it opens.
function askMove(giver) {
  const reference = `page-${Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  const held = giver.wallets.filter((one) => Number(one.withdrawable_balance) > 0);
  const work = async ({ to, asset, amount: text }) => {
    try {
      await call("POST", `accounts/${giver.id}/transfers`, { to_account_id: Number(to), asset, amount: text, reference });
    } catch (error) {
      throw Object.assign(error, { message: REFUSALS[error.details?.reason] || error.message });
    }
    toast(`${amount(text)} ${asset} moved to ${nameOf(Number(to))}`, "good");
    await read();
  };
  ask({
    title: `Move money from ${giver.name}`, hint: `Free to move: ${sums({ wallets: held }, "withdrawable_balance")}. At once, without a fee.`, action: "Move it",
    fields: [
      { name: "to", label: "To", choices: choices(accounts.filter((one) => one.id !== giver.id)) },
      { name: "asset", label: "Asset", choices: held.map((one) => [one.asset, one.asset]) },
      { name: "amount", label: "Amount" },
    ],
    work,
  });
}

const listOf = (text) => text.split(/[\s,]+/).filter(Boolean);

// The terms of a key as they are typed, from the values of the dialog.
function termsOf(values) {
  return {
    label: values.label, permissions: values.permissions.split(","), addresses: listOf(values.addresses), instruments: listOf(values.instruments),
    expires_ms: values.expires ? Date.parse(`${values.expires}T00:00:00Z`) : null,
  };
}

function termFields(key) {
  const rights = key?.permissions.join(",") || RIGHTS[0][0];
  const known = RIGHTS.some(([name]) => name === rights) ? RIGHTS : [...RIGHTS, [rights, rights]];
  return [
    { name: "label", label: "Label", type: "text", value: key?.label },
    { name: "permissions", label: "May", choices: known, value: rights },
    { name: "addresses", label: "Addresses", type: "text", value: key?.addresses.join(", "), placeholder: "any" },
    { name: "instruments", label: "Markets", type: "text", value: key?.instruments.join(", "), placeholder: "all" },
    { name: "expires", label: "Ends on", type: "date", value: key?.expires_ms ? new Date(key.expires_ms).toISOString().slice(0, 10) : "" },
  ];
}

const TERMS_HINT = "Addresses and networks it is used from, and markets, apart by commas. A key that moves money needs addresses; networks no wider than /16, IPv6 /32.";

function askKey(accountId) {
  const work = async (values) => {
    const wanted = { ...termsOf(values), account_id: Number(values.account) };
    if (values.public_key) wanted.public_key = values.public_key;
    const issued = await guarded(() => call("POST", "api-keys", wanted));
    await read();
    showSecret(issued);
  };
  const [label, ...terms] = termFields(null);
  const account = { name: "account", label: "Account", choices: choices(accounts), value: String(accountId || accounts.find((one) => one.is_main)?.id || "") };
  ask({ title: "Make an API key", hint: `${TERMS_HINT} With a public key (Ed25519, PEM) only your program can sign; without one we make a secret.`, action: "Make it", fields: [label, account, ...terms, { name: "public_key", label: "Public key", type: "long", placeholder: "none" }], work });
}

function askTerms(key) {
  const work = async (values) => {
    await guarded(() => call("PATCH", `api-keys/${key.key}`, termsOf(values)));
    await read();
  };
  ask({ title: `Change ${key.label}`, hint: `${TERMS_HINT} Its open sockets end.`, action: "Change it", fields: termFields(key), work });
}

function askRevoke(key) {
  const work = async () => {
    await call("DELETE", `api-keys/${key.key}`);
    toast(`${key.label} is revoked`, "good");
    await read();
  };
  ask({ title: `Revoke ${key.label}?`, hint: "For good, at once: its requests are refused and its sockets end. Its orders stay.", action: "Revoke it", fields: [], work });
}

function showSecret(issued) {
  byId("key-name").textContent = issued.key;
  byId("key-secret").textContent = issued.secret || "";
  byId("key-secret-part").hidden = !issued.secret;
  byId("key-hint").textContent = issued.secret ? "The secret is shown this once and kept nowhere in clear." : "Your program signs with its private key, which we never see.";
  byId("key-dialog").showModal();
}

function showKeys(keys) {
  byId("keys-table").hidden = !keys.length;
  byId("no-keys").hidden = keys.length > 0;
  byId("keys").replaceChildren(...keys.map((one) => rowOf(
    [
      ["Key", one.label, el("span", `${one.key.slice(0, 8)}…`, "tag")],
      ["Account", nameOf(one.account_id)],
      ["May", one.permissions.join(", ")],
      ["From", one.addresses.join(", ") || "anywhere"],
      ["Markets", one.instruments.join(", ") || "all"],
      ["Last used", one.last_used_ms ? moment(one.last_used_ms) : "never"],
      ["Ends", one.expires_ms ? moment(one.expires_ms) : "never"],
    ],
    [button("Change", async () => askTerms(one)), button("Revoke", async () => askRevoke(one))],
  )));
}

function main() {
  wireAsk();
  wireProve();
  on("account-open", async () => askOpen());
  on("key-make", async () => askKey(0));
  on("key-copy", () => navigator.clipboard.writeText([byId("key-name").textContent, byId("key-secret").textContent].filter(Boolean).join("\n")).then(() => toast("Copied", "good")));
  byId("key-dialog").addEventListener("close", () => {
    byId("key-secret").textContent = "";
  });
  return visit(read);
}

main().catch((error) => toast(error.message, "bad"));
