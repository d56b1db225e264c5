// Instants are shown and typed in the time zone of the portal, wherever the editor sits. The API writes them with its offset.

/** `2026-05-17 09:00` of `2026-05-17T09:00:00+08:00`: the API's own wall clock, so nothing is computed. */
export const shortTime = (instant) => (instant ? instant.slice(0, 16).replace('T', ' ') : '');

/** The value of a date-and-time input for an instant of the API. */
export const toInput = (instant) => (instant ? instant.slice(0, 16) : '');

/** Minutes that the wall clock of `timeZone` is ahead of UTC at an instant. */
function offsetMinutes(milliseconds, timeZone) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const part = Object.fromEntries(format.formatToParts(milliseconds).map(({ type, value }) => [type, Number(value)]));
  const wall = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute);
  return Math.round((wall - Math.floor(milliseconds / 60_000) * 60_000) / 60_000);
}

/** The instant, for the API, at which the wall clock of `timeZone` shows `value` (`2026-05-17T09:00`); none without a value. */
export function fromInput(value, timeZone) {
  if (!value) return null;
  const wall = Date.parse(`${value}Z`);
  // The offset is that of the instant itself, which is known only with the offset: the second round settles days on which
  // clocks are changed.
  let offset = offsetMinutes(wall, timeZone);
  offset = offsetMinutes(wall - offset * 60_000, timeZone);
  const sign = offset < 0 ? '-' : '+';
  const two = (number) => String(number).padStart(2, '0');
  const size = Math.abs(offset);
  const seconds = value.length === 16 ? ':00' : '';
  return `${value}${seconds}${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** What the wall clock of `timeZone` shows so many minutes from now, for a date-and-time input. */
export function fromNow(minutes, timeZone) {
  const then = Date.now() + minutes * 60_000;
  return new Date(then + offsetMinutes(then, timeZone) * 60_000).toISOString().slice(0, 16);
}
