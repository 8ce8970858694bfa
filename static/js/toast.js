// A word below the headline, gone by itself; the newest six stay.

import { el } from "./format.js";

const SHOWN_MS = 6000;
const MOST = 6;

const timers = new WeakMap();

// With a key, the toast that already has it says the new text instead of a second one beside it.
export function toast(text, kind = "", key = "") {
  const shelf = document.getElementById("toasts");
  let node = key && [...shelf.children].find((one) => one.dataset.key === key);
  if (node) {
    node.textContent = text;
  } else {
    node = el("div", text, `toast ${kind}`);
    node.dataset.key = key;
    shelf.append(node);
    while (shelf.children.length > MOST) shelf.firstChild.remove();
  }
  clearTimeout(timers.get(node));
  timers.set(node, setTimeout(() => node.remove(), SHOWN_MS));
}
