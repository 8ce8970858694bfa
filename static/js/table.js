// A table whose rows are kept by key and rewritten cell by cell, so that a moving price never takes a button's focus.

import { el } from "./format.js";

const byId = (id) => document.getElementById(id);

// A column: `label`, `text(item)` or `make(key, current)` with `update(node, item)`, `className` or `tone(item)`.
export class Table {
  constructor(id, columns, { key, empty }) {
    this.body = byId(id);
    this.columns = columns;
    this.key = key;
    this.empty = empty;
    this.rows = new Map();
    this.items = new Map();
    const head = this.body.closest("table").querySelector("thead tr");
    for (const column of columns) {
      const cell = el("th", column.label, column.className || "");
      cell.scope = "col";
      head.append(cell);
    }
  }

  say(text) {
    this.rows.clear();
    this.items.clear();
    const cell = el("td", text, "empty");
    cell.colSpan = this.columns.length;
    const line = document.createElement("tr");
    line.append(cell);
    this.body.replaceChildren(line);
  }

  show(items) {
    if (!items.length) {
      this.say(this.empty);
      return;
    }
    if (!this.rows.size) this.body.replaceChildren();
    const keys = items.map(this.key);
    this.items = new Map(keys.map((key, i) => [key, items[i]]));
    for (const [key, line] of this.rows) {
      if (this.items.has(key)) continue;
      line.remove();
      this.rows.delete(key);
    }
    keys.forEach((key, i) => {
      if (!this.rows.has(key)) this.rows.set(key, this.makeRow(key));
      const line = this.rows.get(key);
      if (this.body.children[i] !== line) this.body.insertBefore(line, this.body.children[i] || null);
      this.fill(line, items[i]);
    });
  }

  makeRow(key) {
    const line = document.createElement("tr");
    for (const column of this.columns) {
      const cell = el("td", "", column.className || "");
      cell.dataset.label = column.label;
      if (column.make) cell.append(column.make(() => this.items.get(key)));
      line.append(cell);
    }
    return line;
  }

  fill(line, item) {
    this.columns.forEach((column, i) => {
      const cell = line.children[i];
      if (column.update) column.update(cell.firstChild, item);
      if (column.text) {
        const text = String(column.text(item));
        if (cell.textContent !== text) cell.textContent = text;
      }
      if (column.tone) cell.className = `${column.className || ""} ${column.tone(item)}`.trim();
    });
  }
}

export function button(text, title, onClick) {
  const node = el("button", text, "button quiet small");
  node.type = "button";
  if (title) node.title = title;
  node.addEventListener("click", onClick);
  return node;
}
