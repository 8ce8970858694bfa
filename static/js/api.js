// HTTP to the exchange: public reads, and the signed-in session with its rotating tokens.

const KEY = "session";
// What is wrong is what was typed, not the session.
const WRONG_PROOF = new Set(["INVALID_CREDENTIALS", "INVALID_CODE", "CHALLENGE_OVER"]);
let session = JSON.parse(sessionStorage.getItem(KEY) || "null");

export class ApiError extends Error {
  constructor(status, code, message, details) {
    super(message || `The exchange answered ${status}`);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

function keep(next) {
  session = next;
  if (next) sessionStorage.setItem(KEY, JSON.stringify(next));
  else sessionStorage.removeItem(KEY);
}

export const signedIn = () => session !== null;
export const email = () => session?.email || "";
export const accessToken = () => session?.access || "";

// The exchange ended the session: forget it and let the page say so.
export function sessionEnded() {
  if (!session) return;
  keep(null);
  window.dispatchEvent(new Event("signed-out"));
}

async function request(method, path, body, token) {
  const headers = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new ApiError(0, "unreachable", "The exchange cannot be reached. Whether the request arrived is not known.");
  }
  const text = await answer.text();
  let data = null;
  try {
    data = text ? JSON.parse(text) : null;
  } catch {
    throw new ApiError(answer.status, "unreadable", `The exchange answered ${answer.status} with no readable text`);
  }
  if (!answer.ok) throw new ApiError(answer.status, data?.code, data?.message || data?.msg, data?.details);
  return data;
}

export const get = (path) => request("GET", path);
export const post = (path, body) => request("POST", path, body);

// Keep the tokens of a sign-in; whose they are says the exchange (a passkey names nobody beforehand).
export async function enter(address, tokens) {
  const email = address || (await request("GET", "/api/v1/me", undefined, tokens.access)).email;
  keep({ email, access: tokens.access, refresh: tokens.refresh });
}

// A refusal as a person reads it: the reasons of the field, where there are any.
export function explain(error) {
  const reasons = Object.values(error.details || {}).flat().filter((one) => typeof one === "string" && one.includes(" "));
  return error.code === "WEAK_PASSWORD" || error.code === "INVALID_REQUEST" ? reasons.join(" ") || error.message : error.message;
}

export function rename(email) {
  if (session) keep({ ...session, email });
}

export async function signOut() {
  const old = session;
  keep(null);
  if (old) await request("POST", "/api/v1/auth/logout", { refresh: old.refresh }, old.access).catch(() => null);
}

let renewing = null;

async function renew() {
  renewing ??= request("POST", "/api/v1/auth/refresh", { refresh: session.refresh })
    .then((tokens) => keep({ ...session, access: tokens.access, refresh: tokens.refresh || session.refresh }))
    .catch((error) => {
      sessionEnded();
      throw error;
    })
    .finally(() => {
      renewing = null;
    });
  await renewing;
}

// A call of the signed-in user; an access token that ran out is renewed once.
export async function call(method, path, body) {
  if (!session) throw new ApiError(401, "signed_out", "Sign in first");
  try {
    return await request(method, path, body, session.access);
  } catch (error) {
    if (error.status !== 401 || WRONG_PROOF.has(error.code)) throw error;
    await renew();
    return request(method, path, body, session.access);
  }
}
