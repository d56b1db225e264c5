import { createState } from './state.js';
import { shared } from './storage.js';

const THEMES = ['system', 'light', 'dark'];
const kept = shared.read('theme');

/** `system`, `light` or `dark`. */
export const theme = createState(THEMES.includes(kept) ? kept : 'system');

function apply(chosen) {
  if (chosen === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}
apply(theme.get());
theme.listen(apply);

export function chooseTheme(chosen) {
  shared.write('theme', chosen === 'system' ? null : chosen);
  theme.set(chosen);
}

export const nextTheme = (chosen) => THEMES[(THEMES.indexOf(chosen) + 1) % THEMES.length];
