let lastKey = 0;

/** A page of a body for the form. Its key tells it from others while they move; it never goes to the API. */
export function newPage(title = '', html = '') {
  lastKey += 1;
  // Kept drafts bring keys of an earlier load of the desk with them.
  return { key: `${performance.timeOrigin}-${lastKey}`, title: title ?? '', html };
}
