import { t, tOr } from './language.js';

const PART = /^(\w+)(?:\[(\d+)\])?(?:\.(\w+))?$/;

/** What a field such as `pages[0].html` is called. */
export function fieldName(field) {
  const [, name, index, inner] = PART.exec(field) ?? [];
  if (!name) return field;
  const named = tOr(`field.${name}`, name);
  if (index === undefined) return named;
  const number = Number(index) + 1;
  if (name === 'pages') {
    return inner === 'title' ? t('field.pages.title', { number }) : t('field.pages.html', { number });
  }
  return `${named} ${number}${inner ? ` ${tOr(`field.${inner}`, inner)}` : ''}`;
}
