// Stands in for Clerk's script: what a sign-in page uses of it. Anybody is whom they say.
(() => {
  const script = document.currentScript;
  const front = new URL(script.src).origin;
  const KEPT = "stand-in-for-clerk";
  const listeners = new Set();
  const ask = async (path, form) => {
    const answer = await fetch(`${front}/v1/client/${path}`, form && { method: "POST", body: new URLSearchParams(form) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.status === 204 ? null : answer.json();
  };

  const know = (told) => {
    if (told) localStorage.setItem(KEPT, told.id);
    else localStorage.removeItem(KEPT);
    const { first_name, last_name, email_addresses } = told?.user ?? {};
    clerk.user = told && {
      id: told.user.id,
      fullName: [first_name, last_name].filter(Boolean).join(" ") || null,
      primaryEmailAddress: { emailAddress: email_addresses[0].email_address },
    };
    clerk.session = told && {
      id: told.id,
      getToken: async () => (await ask(`sessions/${told.id}/tokens`, {})).jwt,
    };
  };
  const tell = () => listeners.forEach((listener) => listener({ user: clerk.user, session: clerk.session }));

  const field = (label, type, name) => {
    const element = Object.assign(document.createElement("label"), { className: "field" });
    const words = Object.assign(document.createElement("span"), { className: "field-label", textContent: label });
    const input = Object.assign(document.createElement("input"), { className: "input", type, name, required: type === "email" });
    element.append(words, input);
    return element;
  };

  const mount = (node, { forceRedirectUrl } = {}) => {
    const form = document.createElement("form");
    form.className = "form";
    const note = document.createElement("p");
    note.textContent = "This stands in for Clerk: you are whom you say.";
    const press = document.createElement("button");
    press.className = "button";
    press.textContent = "Continue with the stand-in";
    form.append(note, field("Your e-mail", "email", "email"), field("Your name", "text", "name"), press);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      know(await ask("sign_ins", Object.fromEntries(new FormData(form))));
      // As Clerk does, it leaves for another address without a word, and speaks where it stays.
      if (forceRedirectUrl) location.assign(forceRedirectUrl);
      else tell();
    });
    node.replaceChildren(form);
  };

  const clerk = {
    loaded: false,
    user: undefined,
    session: undefined,
    async load() {
      const kept = localStorage.getItem(KEPT);
      // Its session may have ended, or its person be gone.
      know(kept && (await ask(`sessions/${kept}`)));
      clerk.loaded = true;
    },
    mountSignIn: mount,
    mountSignUp: mount,
    unmountSignIn: (node) => node.replaceChildren(),
    unmountSignUp: (node) => node.replaceChildren(),
    addListener(listener) {
      listeners.add(listener);
      if (clerk.loaded) listener({ user: clerk.user, session: clerk.session });
      return () => listeners.delete(listener);
    },
    async signOut(then) {
      if (!clerk.session) return;
      await ask(`sessions/${clerk.session.id}/remove`, {}).catch(() => null);
      know(null);
      if (typeof then === "function") await then();
      else location.assign("/");
      tell();
    },
  };
  window.Clerk = clerk;
})();
