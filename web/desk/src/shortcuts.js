import { useEffect, useRef } from 'preact/hooks';

// Keys for the whole desk. Plain letters are left alone while somebody types, while an input method is composing, and while a
// dialog is open. `g` waits for a second key.

const PLAIN = { n: 'new', '/': 'search', '?': 'help' };
const AFTER_G = { l: 'list', p: 'placements', t: 'takedowns', w: 'words' };
const SECOND_KEY_MS = 1500;

/** Keys and what they do, for the help. */
export const SHORTCUTS = [
  ['n', 'new'],
  ['/', 'search'],
  ['g l', 'list'],
  ['g p', 'placements'],
  ['g t', 'takedowns'],
  ['g w', 'words'],
  ['Ctrl/⌘ S', 'save'],
  ['Alt ↑ ↓', 'move'],
  ['?', 'help'],
];

const actions = new Map();
let waitsSince = 0;

const isTyping = (target) =>
  target instanceof Element && target.closest('input, textarea, select, [contenteditable="true"]');

function nameOf(event) {
  const { key } = event;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && key.toLowerCase() === 's') return 'save';
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return null;
  const isSecond = Date.now() - waitsSince < SECOND_KEY_MS;
  waitsSince = !isSecond && key === 'g' ? Date.now() : 0;
  return isSecond ? AFTER_G[key] : PLAIN[key];
}

addEventListener('keydown', (event) => {
  const name = nameOf(event);
  if (!name || !actions.has(name) || document.querySelector('dialog[open]')) {
    // The browser's own dialog for saving the page helps nobody here.
    if (name === 'save') event.preventDefault();
    return;
  }
  event.preventDefault();
  actions.get(name)();
});

/** Does `action` at the keys of `name` while the component is shown. */
export function useShortcut(name, action) {
  const latest = useRef(action);
  latest.current = action;
  useEffect(() => {
    const run = () => latest.current();
    actions.set(name, run);
    return () => {
      if (actions.get(name) === run) actions.delete(name);
    };
  }, [name]);
}
