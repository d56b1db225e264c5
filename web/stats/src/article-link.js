import { el, put, spoken, write } from './elements.js';
import { t } from './language.js';

/** The address if a browser may follow it: `javascript:` leads nowhere. */
function safe(url) {
  try {
    const parsed = new URL(url, location.href);
    return ['http:', 'https:'].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

/** A title that leads to its article, beside this page: who watches does not want to lose it. */
export function createArticleLink() {
  const text = el('span');
  const element = el('a', { target: '_blank', rel: 'noopener noreferrer' }, text, spoken(t('newTab')));
  return {
    element,
    update({ title, url }) {
      write(text, title);
      put(element, { href: safe(url) });
    },
  };
}
