// What the product's form is made of, found by name.

/**
 * An element of the page's; it is an error of the page where it is not there.
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function part(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`#${id} is missing`);
  return found;
}

/** Headers that say whose page this is: another tab may have signed somebody else in. */
export function headers() {
  const { person } = document.documentElement.dataset;
  return /** @type {Record<string, string>} */ ({ accept: "application/json", ...(person && { "lectern-person": person }) });
}
