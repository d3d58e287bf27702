// Talks to the console's own server and to nothing else.

const ME = "/api/me";

export class ApiError extends Error {
  constructor(status, { code = "unknown", message = "", request_id: requestId = "" } = {}) {
    super(message || "The console's server gave no answer that could be read.");
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

export class Api {
  #csrf = "";
  #repId = null;
  #onSignedOut;

  constructor(onSignedOut) {
    this.#onSignedOut = onSignedOut;
  }

  async me() {
    const me = await this.get(ME);
    this.#csrf = me.csrf;
    this.#repId = me.rep.id;
    return me;
  }

  // Somebody has signed in in another tab. This page goes on for the same rep and for no other.
  async #meetAgain() {
    const me = await this.get(ME);
    if (me.rep.id === this.#repId) this.#csrf = me.csrf;
    else {
      location.reload();
      await new Promise(() => {});
    }
  }

  async get(path, options) {
    return (await this.open(path, options)).json();
  }

  async send(method, path, body) {
    await this.open(path, { method, body });
  }

  async sent(method, path, body) {
    return (await this.open(path, { method, body })).json();
  }

  // The response of a request that went well; an ApiError for any other answer.
  async open(path, { method = "GET", body, signal } = {}, isAgain = false) {
    const headers = { Accept: "application/json, text/event-stream" };
    if (this.#csrf && path !== ME) headers["X-Deskhand-CSRF"] = this.#csrf;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const init = { method, headers, signal, credentials: "same-origin", cache: "no-store" };
    if (body !== undefined) init.body = JSON.stringify(body);
    const response = await ((method === "GET" && alreadyAsked(path)) || fetch(path, init));
    if (response.ok) return response;
    const error = new ApiError(response.status, await errorOf(response));
    if (error.status === 401) this.#onSignedOut();
    if (error.code === "other_session" && !isAgain) {
      await this.#meetAgain();
      return this.open(path, { method, body, signal }, true);
    }
    throw error;
  }
}

// What was asked for before the modules were there, once.
function alreadyAsked(path) {
  const response = globalThis.deskhandAsked?.get(path);
  globalThis.deskhandAsked?.delete(path);
  return response;
}

async function errorOf(response) {
  try {
    return (await response.json()).error;
  } catch {
    return undefined;
  }
}

export const conversationPath = (id) => `/api/conversations/${encodeURIComponent(id)}`;
export const runPath = (id, runId) => `${conversationPath(id)}/runs/${encodeURIComponent(runId)}`;

// crypto.randomUUID exists only on https and on loopback addresses.
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
