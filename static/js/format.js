// Numbers and times as people read them. Decimals arrive as strings and stay exact where they are shown.

export const number = (text, digits) =>
  Number(text).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });

export const signed = (text, digits) => `${Number(text) > 0 ? "+" : ""}${number(text, digits)}`;

export const percent = (ratio, digits = 2) => `${ratio > 0 ? "+" : ""}${(ratio * 100).toFixed(digits)}%`;

export const decimals = (step) => (step.includes(".") ? step.split(".")[1].length : 0);

export const clock = (ms) => new Date(ms).toLocaleTimeString("en-GB", { hour12: false });

export const compact = (text) => Number(text).toLocaleString("en-US", { notation: "compact", maximumFractionDigits: 2 });

export const tone = (value) => (Number(value) > 0 ? "buy-text" : Number(value) < 0 ? "sell-text" : "");

export function countdown(untilMs) {
  const left = Math.max(0, Math.floor((untilMs - Date.now()) / 1000));
  return [left / 3600, (left / 60) % 60, left % 60].map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
}

// Element with text and classes; never markup, so nothing a user typed can become code.
export function el(tag, text = "", className = "") {
  const node = document.createElement(tag);
  node.textContent = text;
  if (className) node.className = className;
  return node;
}

// Date and time of a history's row.
export const moment = (ms) => new Date(ms).toLocaleString("en-GB", { day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

// "expired_in_match" -> "expired in match".
export const words = (name) => String(name ?? "").toLowerCase().replaceAll("_", " ");

export function floorTo(value, step) {
  return (Math.floor(value / Number(step) + 1e-9) * Number(step)).toFixed(decimals(step));
}
