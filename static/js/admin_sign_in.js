// The staff door: a passkey instead of a code. What the browser answers goes with the password in the same form.

import { passkeysHere, usePasskey } from "./passkey.js";

const form = document.querySelector("#login-form");
const button = document.querySelector("#use-passkey");
const word = document.querySelector("#passkey-word");

async function prove() {
  word.textContent = "";
  if (!form.reportValidity()) return;
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch("/api/v1/auth/passkey/options", { method: "POST", headers, body: "{}" });
    const found = await answer.json();
    if (!answer.ok) throw new Error(found.message);
    const { ceremony, credential } = await usePasskey(found);
    form.elements.ceremony.value = ceremony;
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    word.textContent = error.message;
  }
}

if (passkeysHere()) {
  button.hidden = false;
  button.addEventListener("click", prove);
}
