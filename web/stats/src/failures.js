import { has, t } from './language.js';

/** What is said when the API cannot do what was asked; it writes English itself. */
export function failureText(error) {
  const name = `failure.${error.code}`;
  const text = has(name) ? t(name, { seconds: error.retryAfterSecs ?? '' }) : String(error.message ?? error);
  return error.requestId ? `${text} (${error.requestId})` : text;
}
