import { createState } from './state.js';
import { shared } from './storage.js';
import { words } from './words.js';

const LANGUAGES = ['zh', 'en'];

function preferred() {
  const kept = shared.read('language');
  if (LANGUAGES.includes(kept)) return kept;
  return (navigator.language ?? '').toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

/** `zh` or `en`. */
export const language = createState(preferred());

function apply(chosen) {
  document.documentElement.lang = chosen === 'zh' ? 'zh-Hans' : 'en';
}
apply(language.get());
language.listen(apply);

export function chooseLanguage(chosen) {
  shared.write('language', chosen);
  language.set(chosen);
}

/** The text of that name in the language that is chosen, with `{name}` filled in. */
export function t(name, values = {}) {
  const text = words[name]?.[LANGUAGES.indexOf(language.get())] ?? name;
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? '');
}

/** The text of that name, or the fallback for names that the dictionary does not have: the server may be newer. */
export const tOr = (name, fallback) => (words[name] ? t(name) : fallback);
