// Passkeys: the exchange speaks base64url text, the browser bytes.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const ids = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

// A browser offers passkeys under a name only, and only over HTTPS or on localhost.
export const passkeysHere = () => Boolean(window.PublicKeyCredential) && window.isSecureContext && !/^[\d.]+$|:/.test(location.hostname);

export async function makePasskey({ ceremony, options }) {
  const publicKey = { ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) }, excludeCredentials: ids(options.excludeCredentials) };
  const made = await inWords(navigator.credentials.create({ publicKey }));
  const response = { clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject), transports: made.response.getTransports?.() || [] };
  return { ceremony, credential: { id: made.id, rawId: text(made.rawId), type: made.type, response } };
}

export async function usePasskey({ ceremony, options }) {
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: ids(options.allowCredentials) };
  const used = await inWords(navigator.credentials.get({ publicKey }));
  const { clientDataJSON, authenticatorData, signature, userHandle } = used.response;
  const response = { clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature), userHandle: userHandle && text(userHandle) };
  return { ceremony, credential: { id: used.id, rawId: text(used.rawId), type: used.type, response } };
}

async function inWords(promise) {
  try {
    return await promise;
  } catch (error) {
    if (error.name === "InvalidStateError") throw new Error("This device has a passkey for you already.");
    throw new Error("No passkey was used: it was called off, took too long, or there is none here.");
  }
}
