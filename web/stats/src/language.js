import { createState } from '../../desk/src/state.js';
import { shared } from '../../desk/src/storage.js';
import { words } from './words.js';

// The choice is the desk's own: whoever reads the desk in English reads this page in English. Its dictionary is not needed here.

const LANGUAGES = ['zh', 'en'];

function preferred() {
  const kept = shared.read('language');
  if (LANGUAGES.includes(kept)) return kept;
  return (navigator.language ?? '').toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

/** `zh` or `en`. */
export const language = createState(preferred());

/** The tag of the language, for the page and for `Intl`. */
export const tag = () => (language.get() === 'zh' ? 'zh-Hans' : 'en');

const apply = () => {
  document.documentElement.lang = tag();
};
apply();
language.listen(apply);

export function chooseLanguage(chosen) {
  shared.write('language', chosen);
  language.set(chosen);
}

export const has = (name) => name in words;

/** The text of that name in the language that is chosen, with `{name}` filled in. */
export function t(name, values = {}) {
  const text = words[name]?.[LANGUAGES.indexOf(language.get())] ?? name;
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? '');
}
