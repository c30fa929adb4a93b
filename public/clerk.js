// Clerk as a way in, on the pages where one signs in or adds it to an account: its script is loaded here alone, and the token that it has for
// whoever is signed in there is brought to this site, which gives a session of its own for it. The server believes nothing
// but that token, so nothing here has to be kept from anybody.

/** @typedef {{ getToken(options?: { skipCache?: boolean }): Promise<string | null> }} ClerkSession */
/** @typedef {{ fullName: string | null, primaryEmailAddress: { emailAddress: string } | null }} ClerkUser */
/**
 * What is used of Clerk's script.
 * @typedef {{
 *   user?: ClerkUser | null,
 *   session?: ClerkSession | null,
 *   load(options: object): Promise<void>,
 *   mountSignIn(node: Element, options: object): void,
 *   mountSignUp(node: Element, options: object): void,
 *   signOut(then: () => void): Promise<void>,
 *   addListener(listener: (told: { session?: ClerkSession | null }) => void): void,
 * }} Clerk
 */

const LOADING = "One moment…";
const BLOCKED = "This way in could not be loaded. See whether you are online and nothing blocks it, then reload the page.";
const AWAY = "No answer just now. Try again in a moment.";
const REFUSED = "This sign-in was not accepted here. Try again.";

/**
 * @param {HTMLElement} area
 * @returns {Promise<Clerk>}
 */
async function load(area) {
  const { clerk: src = "", clerkKey = "" } = area.dataset;
  const nonce = [...document.scripts].find((script) => script.nonce)?.nonce ?? "";
  const script = Object.assign(document.createElement("script"), { src, nonce, async: true, crossOrigin: "anonymous" });
  // Its script looks for this to know whom it speaks to.
  script.dataset.clerkPublishableKey = clerkKey;
  await new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
  const { Clerk } = /** @type {{ Clerk: Clerk }} */ (/** @type {unknown} */ (globalThis));
  await Clerk.load({ nonce, telemetry: false, signInUrl: "/sign-in", signUpUrl: "/sign-up", afterSignOutUrl: "/sign-in" });
  return Clerk;
}

/** @param {HTMLElement} area */
async function start(area) {
  const address = new URLSearchParams(location.search);
  const next = address.get("next") ?? "";
  const way = next && `next=${encodeURIComponent(next)}`;
  /** Whether whoever is signed in here adds it to their account. */
  const add = area.dataset.clerkForm === "add";
  /** Where Clerk leads whoever has just signed in there. */
  const back = add ? "/account/clerk?by=clerk" : ["/sign-in?by=clerk", way].filter(Boolean).join("&");
  /** @param {string} path */
  const page = (path) => [path, way].filter(Boolean).join("?");
  /** @param {string} name */
  const part = (name) => /** @type {HTMLElement} */ (area.querySelector(`[data-clerk-${name}]`));
  const [said, known, mount] = [part("said"), part("known"), part("mount")];
  let entering = false;

  /** @param {string} words */
  const say = (words) => {
    said.textContent = words;
    said.hidden = !words;
  };

  say(LOADING);
  const clerk = await load(area).catch(() => null);
  if (!clerk) {
    say(BLOCKED);
    return;
  }

  /** Whoever is signed in at Clerk is asked first: they may have meant to leave. */
  const offer = () => {
    const { user } = clerk;
    part("name").textContent = user?.fullName || user?.primaryEmailAddress?.emailAddress || "yourself";
    known.hidden = false;
  };

  const open = () => {
    known.hidden = true;
    const leads = { routing: "hash", forceRedirectUrl: back, signUpForceRedirectUrl: back, signInForceRedirectUrl: back };
    if (area.dataset.clerkForm === "sign-up") clerk.mountSignUp(mount, { ...leads, signInUrl: page("/sign-in") });
    else clerk.mountSignIn(mount, { ...leads, signUpUrl: page("/sign-up") });
  };

  /** Brings the token here, and goes on; where that fails, says why. */
  const enter = async () => {
    if (entering) return;
    entering = true;
    say(LOADING);
    try {
      const token = await clerk.session?.getToken({ skipCache: true });
      if (!token) throw new Error(REFUSED);
      const answer = await fetch("/auth/clerk", {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json" },
        body: JSON.stringify({ token, next, add }),
      });
      const { to, error } = await answer.json().catch(() => ({}));
      if (!answer.ok || !to) throw new Error(answer.status === 401 ? REFUSED : error || AWAY);
      location.replace(to);
    } catch (error) {
      entering = false;
      // What the browser itself says of a lost connection helps nobody.
      say(error instanceof TypeError || !(error instanceof Error) ? AWAY : error.message);
      offer();
    }
  };

  const leave = () => clerk.signOut(() => {}).catch(() => {});
  part("continue").addEventListener("click", () => void enter());
  part("other").addEventListener("click", async () => {
    say(LOADING);
    await leave();
    say("");
    open();
  });

  say("");
  if (address.has("signed-out")) {
    await leave();
    say("You are signed out.");
    // Whoever loads this page again does not mean it again.
    history.replaceState(null, "", page(location.pathname) + location.hash);
  }
  if (!clerk.session) open();
  else if (address.get("by") === "clerk") await enter();
  else offer();
  // Clerk mostly leaves for where it is told to lead; where it stays, it says who came.
  clerk.addListener(({ session }) => {
    if (session && known.hidden) void enter();
  });
}

const area = document.querySelector("[data-clerk]");
if (area instanceof HTMLElement) void start(area);
