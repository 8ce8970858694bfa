// The verification page: the level and its limits, an application with its documents, and how it stands.

import * as api from "./api.js";
import { clearWrong, markWrong } from "./fields.js";
import { el, moment, words } from "./format.js";
import { toast } from "./toast.js";
import { upload } from "./upload.js";
import { visit } from "./visit.js";

const byId = (id) => document.getElementById(id);
const STEPS = ["draft", "submitted", "in_review", "approved"];
const EDITABLE = ["draft", "needs_more"];
const OPEN = [...EDITABLE, "submitted", "in_review"];
const PAPERS = { identity: "an identity document", address: "a proof of address", funds: "a source of funds" };
const state = { levels: [], mine: null, wanted: 0 };

const plain = (amount) => (amount === null ? "no limit" : `${Number(amount).toLocaleString("en-US")} USDT`);
const current = () => state.mine.application;
const isOpen = () => Boolean(current() && OPEN.includes(current().state));

async function read() {
  [state.mine, state.levels] = await Promise.all([api.call("GET", "/api/v1/kyc"), api.call("GET", "/api/v1/kyc/levels")]);
  byId("who").textContent = api.email();
  showLevel();
  showLevels();
  showApplication();
}

function showLevel() {
  const { level, name, limits, expires_ms: until, is_held: held } = state.mine;
  byId("level-name").textContent = `Level ${level}: ${name}`;
  byId("level-until").textContent = until ? `Good until ${new Date(until).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" })}` : "";
  const rows = [
    ["Leverage, at most", `${limits.max_leverage}x`],
    ["Deposits in 24 hours", used(limits.daily_deposit_used, limits.daily_deposit)],
    ["Withdrawals in 24 hours", used(limits.daily_withdrawal_used, limits.daily_withdrawal)],
  ];
  byId("limits").replaceChildren(
    ...rows.map(([name, text]) => {
      const line = el("div");
      line.append(el("dt", name), el("dd", text));
      return line;
    }),
  );
  byId("notice").hidden = !held;
  byId("notice").textContent = held ? "Deposits and withdrawals rest until a reviewer has looked at your verification." : "";
}

const used = (spent, limit) => (limit === null ? plain(limit) : `${Number(spent).toLocaleString("en-US")} of ${plain(limit)}`);

function showLevels() {
  byId("levels").replaceChildren(
    ...state.levels.map((one) => {
      const line = document.createElement("tr");
      const cells = [
        ["Level", `${one.level}: ${one.name}`],
        ["Leverage", `${one.max_leverage}x`],
        ["Deposits a day", plain(one.daily_deposit)],
        ["Withdrawals a day", plain(one.daily_withdrawal)],
        ["Documents", one.requirements.map((name) => PAPERS[name] || name).join(", ") || "none"],
      ];
      for (const [label, text] of cells) {
        const cell = el("td", text);
        cell.dataset.label = label;
        line.append(cell);
      }
      line.append(action(one));
      return line;
    }),
  );
}

function action(one) {
  const cell = el("td", "", "actions");
  if (one.level === state.mine.level) cell.append(el("span", "yours", "tag good"));
  if (one.level > state.mine.level && !isOpen()) {
    const button = el("button", "Apply", "button small");
    button.type = "button";
    button.addEventListener("click", () => apply(one.level));
    cell.append(button);
  }
  return cell;
}

function apply(level) {
  state.wanted = level;
  showApplication();
  byId("person").elements.full_name.focus();
}

function showApplication() {
  const application = state.wanted ? null : current();
  byId("application").hidden = !application && !state.wanted;
  if (byId("application").hidden) return;
  const editable = !application || EDITABLE.includes(application.state);
  byId("application-title").textContent = `Application for level ${application?.level || state.wanted}`;
  byId("state").textContent = words(application?.state || "new");
  showSteps(application?.state || "draft");
  byId("reason").hidden = !application?.reason;
  byId("reason").textContent = application?.reason || "";
  showPerson(application?.person, editable);
  byId("save").textContent = application ? "Save" : "Save and go on";
  byId("cancel").hidden = Boolean(application);
  byId("papers").hidden = !application;
  byId("upload").hidden = !editable;
  byId("hand-in").hidden = !application || !editable;
  byId("past").hidden = !application;
  if (application) showPapers(application, editable);
}

function showSteps(now) {
  const at = { needs_more: 0, rejected: 3, expired: 3 }[now] ?? STEPS.indexOf(now);
  const names = STEPS.map((name, index) => (index === at ? now : name));
  byId("steps").replaceChildren(
    ...names.map((name, index) => {
      const step = el("li", words(name), index < at ? "past" : index === at ? `now ${name}` : "");
      if (index === at) step.setAttribute("aria-current", "step");
      return step;
    }),
  );
}

function showPerson(person, editable) {
  const form = byId("person");
  byId("save").hidden = !editable;
  for (const input of form.querySelectorAll("input")) {
    input.disabled = !editable;
    if (person && document.activeElement !== input) input.value = person[input.name];
  }
}

function showPapers(application, editable) {
  const rows = application.documents.map((one) => {
    const line = el("li");
    line.append(el("span", `${words(one.kind)}: ${one.file_name}`), el("span", `${Math.ceil(one.size_bytes / 1024)} kB`, "dim"));
    if (editable) {
      const button = el("button", "Remove", "button quiet small");
      button.type = "button";
      button.addEventListener("click", () => attempt(() => api.call("DELETE", `${path(application)}/documents/${one.id}`)));
      line.append(button);
    }
    return line;
  });
  byId("documents").replaceChildren(...(rows.length ? rows : [el("li", "None yet", "dim")]));
  const missing = application.missing.map((name) => PAPERS[name] || name);
  byId("missing").textContent = missing.length ? `Still missing: ${missing.join(", ")}.` : "Everything is here.";
  byId("submit").disabled = missing.length > 0;
  byId("history").replaceChildren(
    ...application.history.map((one) => el("li", `${moment(one.time_ms)}: ${words(one.state)}${one.reason ? `: ${one.reason}` : ""}`)),
  );
}

const path = (application) => `/api/v1/kyc/applications/${application.id}`;

// Something that may be refused: its words become a toast, and the page shows what is so now.
async function attempt(work, done = "") {
  try {
    await work();
    if (done) toast(done, "good");
  } catch (error) {
    toast(error.message, "bad");
  }
  if (api.signedIn()) await read();
}

async function save(event) {
  event.preventDefault();
  const form = byId("person");
  const person = Object.fromEntries([...new FormData(form)].map(([name, text]) => [name, text.trim()]));
  for (const name of ["country", "nationality"]) person[name] = person[name].toUpperCase();
  clearWrong(form);
  byId("person-message").textContent = "";
  try {
    if (state.wanted) await api.call("POST", "/api/v1/kyc/applications", { level: state.wanted, ...person });
    else await api.call("PUT", path(current()), person);
  } catch (error) {
    complain(form, error);
    return;
  }
  state.wanted = 0;
  toast("Saved", "good");
  document.activeElement?.blur();
  await read();
}

function complain(form, error) {
  let marked = false;
  for (const [name, reasons] of Object.entries(error.details || {}).reverse()) marked = markWrong(form, name, [reasons].flat().join(" ")) || marked;
  if (marked) return;
  byId("person-message").textContent = error.message;
  byId("person-message").className = "message bad";
}

async function send(event) {
  event.preventDefault();
  const form = byId("upload");
  const message = byId("upload-message");
  const bar = byId("progress");
  message.textContent = "";
  if (!form.elements.file.files.length) {
    message.textContent = "Choose a file first.";
    message.className = "message bad";
    return;
  }
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  bar.value = 0;
  bar.hidden = false;
  try {
    await upload(`${path(current())}/documents`, new FormData(form), (percent) => (bar.value = percent));
    form.elements.file.value = "";
    toast("The document is here", "good");
  } catch (error) {
    message.textContent = error.message;
    message.className = "message bad";
  } finally {
    button.disabled = false;
    bar.hidden = true;
  }
  if (api.signedIn()) await read();
}

function main() {
  window.addEventListener("kyc-changed", () => read().catch((error) => toast(error.message, "bad")));
  byId("person").addEventListener("submit", save);
  byId("upload").addEventListener("submit", send);
  byId("submit").addEventListener("click", () => attempt(() => api.call("POST", `${path(current())}/submit`), "Submitted; we tell you as soon as it is reviewed"));
  byId("cancel").addEventListener("click", () => {
    state.wanted = 0;
    byId("person").reset();
    showApplication();
  });
  return visit(read);
}

main().catch((error) => toast(error.message, "bad"));
