// Rows of a sheet's tables, and buttons that do something: a refusal is a toast, what changed is read anew.

import * as api from "./api.js";
import { el } from "./format.js";
import { toast } from "./toast.js";

// `cells` are [label, text, further node]; the label heads the cell where the table is a stack of cards.
export function rowOf(cells, actions) {
  const line = document.createElement("tr");
  for (const [label, text, extra] of cells) {
    const cell = el("td");
    const said = el("span", text);
    if (extra) said.append(" ", extra);
    cell.dataset.label = label;
    cell.append(said);
    line.append(cell);
  }
  const last = el("td", "", "actions");
  last.append(...actions);
  line.append(last);
  return line;
}

// The buttons of one page; `read` is what fills it.
export function buttonsOf(read) {
  const attempt = async (work) => {
    try {
      await work();
    } catch (error) {
      toast(error.message, "bad");
    }
    if (api.signedIn()) await read();
  };
  return {
    on: (id, work) => document.getElementById(id).addEventListener("click", () => attempt(work)),
    button(text, work) {
      const node = el("button", text, "button quiet small");
      node.type = "button";
      node.addEventListener("click", async () => {
        node.disabled = true;
        await attempt(work);
        node.disabled = false;
      });
      return node;
    },
  };
}
