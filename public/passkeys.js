// Passkeys on the sign-in page and on one's account: brings the site's question to the browser, which asks the device and
// its person, and brings their answer back. The server believes nothing but a signature under its own question, so nothing
// here has to be kept from anybody.

const AWAY = "No answer just now. Try again in a moment.";
const CANCELLED = "Your device gave no passkey: it was cancelled, or took too long. Try again.";
const KNOWN = "This device has a passkey for your account already.";
const SIGNED_OUT = "You are signed out. Reload the page and sign in first.";
const IMPOSSIBLE = "This browser cannot use a passkey here.";

/** What went wrong, in words for who is there. */
class Said extends Error {}

/** @typedef {{ publicKey: any }} Question */

/** @param {string} text Base64url (RFC 4648, 5), without padding. */
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));

/** @param {ArrayBuffer} buffer */
const base64url = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** @param {{ id: string }[]} list */
const named = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

/**
 * A question as browsers take it that do not read JSON by themselves.
 * @param {any} json
 */
function read(json) {
  const options = { ...json, challenge: bytes(json.challenge) };
  if (json.user) options.user = { ...json.user, id: bytes(json.user.id) };
  if (json.excludeCredentials) options.excludeCredentials = named(json.excludeCredentials);
  if (json.allowCredentials) options.allowCredentials = named(json.allowCredentials);
  return options;
}

/**
 * An answer as JSON, also of browsers that do not write it by themselves.
 * @param {any} credential
 */
function written(credential) {
  if (credential.toJSON) return credential.toJSON();
  const { id, rawId, type, response } = credential;
  /** @type {Record<string, unknown>} */
  const answer = {};
  for (const part of ["attestationObject", "clientDataJSON", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) answer[part] = base64url(response[part]);
  }
  if (response.getTransports) answer.transports = response.getTransports();
  return { id, rawId: base64url(rawId), type, response: answer, clientExtensionResults: {} };
}

/** @param {any} json */
const make = (json) =>
  navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON?.(json) ?? read(json) });

/** @param {any} json */
const use = (json) =>
  navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON?.(json) ?? read(json) });

/**
 * @param {string} path
 * @param {object} sent
 */
async function post(path, sent) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(sent),
  }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  if (answer?.ok && told) return told;
  throw new Said(answer?.status === 401 ? SIGNED_OUT : told?.error || AWAY);
}

/** @param {unknown} error */
function words(error) {
  if (error instanceof Said) return error.message;
  const name = error instanceof Error ? error.name : "";
  if (name === "InvalidStateError") return KNOWN;
  return name === "NotAllowedError" || name === "AbortError" ? CANCELLED : IMPOSSIBLE;
}

/**
 * @param {HTMLFormElement} form
 * @param {string} way
 * @param {(json: any) => Promise<Credential | null>} ask
 */
function start(form, way, ask) {
  const said = /** @type {HTMLElement} */ (form.querySelector("[role=status]"));

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    said.textContent = "";
    try {
      const { publicKey } = /** @type {Question} */ (await post(`/auth/passkeys/${way}/begin`, {}));
      const credential = written(await ask(publicKey));
      const { to } = await post(`/auth/passkeys/${way}`, { ...Object.fromEntries(new FormData(form)), credential });
      // The form takes no other press while the page goes.
      if (way === "add") location.reload();
      else location.replace(to);
    } catch (error) {
      form.ariaBusy = null;
      said.textContent = words(error);
    }
  });
}

for (const form of document.querySelectorAll("form[data-passkeys]")) {
  if (!(form instanceof HTMLFormElement)) continue;
  if (globalThis.PublicKeyCredential && navigator.credentials) {
    start(form, form.dataset.passkeys ?? "", form.dataset.passkeys === "add" ? make : use);
  } else {
    form.hidden = true;
    document.querySelector("[data-passkeys-missing]")?.classList.remove("without-script");
  }
}

export {};
