// A word in the corner, gone by itself; the newest six stay.

import { el } from "./format.js";

const SHOWN_MS = 6000;
const MOST = 6;

export function toast(text, kind = "") {
  const shelf = document.getElementById("toasts");
  const node = el("div", text, `toast ${kind}`);
  shelf.append(node);
  while (shelf.children.length > MOST) shelf.firstChild.remove();
  setTimeout(() => node.remove(), SHOWN_MS);
}
