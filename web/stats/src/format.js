import { tag, t } from './language.js';

// Numbers and hours as people write them. The API gives instants with the portal's own offset, so that the wall clock is read off
// the text and nothing is computed.

const kept = new Map();

/** Formatters are dear to make. */
function formatter(kind, options) {
  const key = `${tag()} ${JSON.stringify(options)}`;
  if (!kept.has(key)) kept.set(key, new Intl[kind](tag(), options));
  return kept.get(key);
}

export const number = (value) => formatter('NumberFormat', {}).format(value);
/** For axes: 1.2万, 12K. */
export const shortNumber = (value) =>
  formatter('NumberFormat', { notation: 'compact', maximumFractionDigits: 1 }).format(value);
/** Scores are of any size. */
export const score = (value) =>
  formatter('NumberFormat', { notation: 'compact', maximumSignificantDigits: 3 }).format(value);
export const percent = (part, whole) =>
  formatter('NumberFormat', { style: 'percent', maximumFractionDigits: 1 }).format(whole > 0 ? part / whole : 0);

/** `09:00` of `2026-05-17T09:00:00+08:00`. */
export const clock = (at) => at.slice(11, 16);
export const isMidnight = (at) => at.slice(11, 13) === '00';
export const hourOf = (at) => Number(at.slice(11, 13));

/** The day of an instant, by the portal's wall clock. */
export function day(at, options = { month: 'short', day: 'numeric' }) {
  return formatter('DateTimeFormat', { ...options, timeZone: 'UTC' }).format(new Date(`${at.slice(0, 10)}T00:00:00Z`));
}

/** `14:00–15:00`, with its day. */
export function hour(at) {
  const end = `${String((hourOf(at) + 1) % 24).padStart(2, '0')}${at.slice(13, 16)}`;
  return `${day(at)} ${clock(at)}–${end}`;
}

/** The same of an hour that may not be over. */
export const hourName = (at, isNow) => (isNow ? t('curve.until', { time: `${day(at)} ${clock(at)}` }) : hour(at));

/** `14:03:05` in the portal's zone. */
export function timeOfDay(milliseconds, timeZone) {
  const options = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };
  try {
    return formatter('DateTimeFormat', { ...options, timeZone }).format(milliseconds);
  } catch {
    // A zone that this browser does not know.
    return formatter('DateTimeFormat', options).format(milliseconds);
  }
}

export const rangeName = (hours) => t(`curve.last${hours}`);
