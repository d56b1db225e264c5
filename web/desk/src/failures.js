import { t, tOr } from './language.js';
import { say } from './messages.js';
import { fieldName } from './field-names.js';

/** What the API's most frequent messages say, in the language that is chosen; the API itself writes English. */
const KNOWN = [
  [/^must not be empty$/, 'invalid.empty'],
  [/^has more than (\d+) characters$/, 'invalid.long'],
  [/^has more than (\d+) entries$/, 'invalid.many'],
  [/^must be an http\(s\) address/, 'invalid.address'],
  [/^must be a BCP 47 tag/, 'invalid.language'],
  [/^must be 1 to 100 letters/, 'invalid.slug'],
  [/^stays as it is once/, 'invalid.slugStays'],
  [/is taken/, 'invalid.taken'],
  [/^is needed to begin/, 'invalid.empty'],
  [/^is (over|over already)\b/, 'invalid.over'],
  [/^must come after/, 'invalid.order'],
  [/under an embargo until (\S+)/, 'invalid.embargo'],
  [/does not go from here/, 'invalid.step'],
  [/^login or password is wrong/, 'invalid.signIn'],
  [/^is too easy to guess/, 'invalid.easy'],
];

/** What a user error says. */
export function errorText({ code, message, word }) {
  if (code === 'SENSITIVE_WORD' && word) {
    return t('invalid.word', { word: word.word, number: word.start + 1, note: word.note ?? '' });
  }
  for (const [pattern, name] of KNOWN) {
    const match = pattern.exec(message);
    if (match) return t(name, { number: match[1] });
  }
  return message;
}

/** The same with the name of its field, for errors that do not stand beside it. */
function errorLine(error) {
  const field = error.word?.field ?? error.field?.replace(/^content\./, '');
  return field ? t('invalid.line', { field: fieldName(field), text: errorText(error) }) : errorText(error);
}

/** What is said when the API cannot do what was asked. */
export function failureText(error) {
  if (!error.code) return String(error.message ?? error);
  const text = tOr(`failure.${error.code}`, error.message);
  if (error.code === 'RATE_LIMITED') return t('failure.RATE_LIMITED', { seconds: error.retryAfterSecs ?? '' });
  if (error.code === 'BAD_USER_INPUT') return t('failure.BAD_USER_INPUT', { text: error.message });
  return error.requestId ? `${text} (${error.requestId})` : text;
}

export const sayFailure = (error) => say(failureText(error), 'failed');

export const sayErrors = (errors) => say(errors.map(errorLine).join(' '), 'failed');
