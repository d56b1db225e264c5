import { createState } from './state.js';

// Where the desk is, in the fragment of its address: the server then needs to know but one page.

function parse() {
  const [path, search = ''] = location.hash.replace(/^#\/?/, '').split('?');
  return { parts: path.split('/').filter(Boolean).map(decodeURIComponent), search: new URLSearchParams(search) };
}

export const route = createState(parse());
let address = location.hash;

addEventListener('hashchange', () => {
  if (location.hash === address) return;
  address = location.hash;
  route.set(parse());
});

/** The address of a place: `to('article', id)`. */
export function to(...parts) {
  return `#/${parts.map(encodeURIComponent).join('/')}`;
}

export function go(target) {
  location.hash = target;
}

/** Changes the address without leaving the screen and without a new entry in the browser's history. */
export function replace(target) {
  history.replaceState(null, '', target);
  address = location.hash;
  route.set(parse());
}
