// One question in a dialog: some fields, an action, its refusal in words. What was typed stays until it worked.

import { explain } from "./api.js";
import { el } from "./format.js";
import { clearWrong, markWrong } from "./fields.js";
import { fieldOf } from "./order_types.js";

const byId = (id) => document.getElementById(id);
let current = null;

function field({ name, label, unit, value = "", choices, type = "", autocomplete = "off", placeholder = "" }) {
  const isLong = type === "long";
  const part = el("label", "", isLong ? "field long" : "field");
  part.dataset.part = name;
  const input = document.createElement(isLong ? "textarea" : choices ? "select" : "input");
  input.name = name;
  input.setAttribute("aria-label", label);
  for (const [key, text] of choices || []) {
    const option = el("option", text);
    option.value = key;
    input.append(option);
  }
  if (placeholder) input.placeholder = placeholder;
  if (isLong) input.spellcheck = false;
  else if (!choices) {
    if (type) input.type = type;
    else input.inputMode = "decimal";
    input.autocomplete = autocomplete;
  }
  if (value) input.value = value;
  part.append(el("span", label), input);
  if (unit) part.append(el("em", unit));
  return part;
}

// `work(values)` sends; when it fails the dialog stays as it was and says why.
export function ask({ title, hint = "", fields, action, work }) {
  const dialog = byId("ask");
  current = work;
  byId("ask-title").textContent = title;
  byId("ask-hint").textContent = hint;
  byId("ask-hint").hidden = !hint;
  byId("ask-fields").replaceChildren(...fields.map(field));
  byId("ask-send").textContent = action;
  byId("ask-message").textContent = "";
  dialog.showModal();
}

export function wireAsk() {
  const dialog = byId("ask");
  const form = dialog.querySelector("form");
  const send = byId("ask-send");
  byId("ask-close").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = Object.fromEntries([...new FormData(form)].map(([name, text]) => [name, form.elements[name].type === "password" ? text : text.trim()]));
    clearWrong(form);
    const message = byId("ask-message");
    message.textContent = "";
    send.disabled = true;
    try {
      await current(values);
      dialog.close();
    } catch (error) {
      if (!markWrong(form, fieldOf(error), error.message)) {
        message.textContent = explain(error);
        message.className = "message bad";
      }
    } finally {
      send.disabled = false;
    }
  });
}
