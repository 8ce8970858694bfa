// A form's complaints at the field they are about: the words under it, the field marked for readers of all kinds.

import { el } from "./format.js";

export function clearWrong(form) {
  for (const why of form.querySelectorAll(".why.at-field")) why.remove();
  for (const part of form.querySelectorAll(".wrong")) part.classList.remove("wrong");
  for (const input of form.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
  }
}

// True when the form has that field and shows it.
export function markWrong(form, name, text) {
  const part = name && form.querySelector(`[data-part="${name}"]`);
  const input = name && form.elements[name];
  if (!part || part.hidden || !input) return false;
  const why = el("p", text, "why at-field");
  why.id = `why-${form.id || "form"}-${name}`;
  part.classList.add("wrong");
  part.after(why);
  if (!(input instanceof Element)) return true;
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", why.id);
  input.focus();
  return true;
}
