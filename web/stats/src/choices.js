import { createState } from '../../desk/src/state.js';

// What is looked at stands in the address: it survives a reload and can be sent to somebody.

export const HOURS = ['24', '168'];
export const WINDOWS = ['HOUR', 'DAY', 'WEEK', 'MONTH', 'ALL'];
export const ORDERS = ['VIEWS', 'TRENDING', 'FRESH'];

function fromAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const one = (name, known, usual) => (known.includes(given.get(name)) ? given.get(name) : usual);
  return {
    hours: one('hours', HOURS, '24'),
    window: one('window', WINDOWS, 'WEEK'),
    by: one('by', ORDERS, 'VIEWS'),
    channel: given.get('channel') ?? '',
  };
}

/** `channel` is an id, or empty for the whole site. */
export const choices = createState(fromAddress());

export function choose(changed) {
  const next = { ...choices.get(), ...changed };
  const parameters = new URLSearchParams(Object.entries(next).filter(([, value]) => value));
  history.replaceState(null, '', `#${parameters}`);
  choices.set(next);
}

addEventListener('hashchange', () => choices.set(fromAddress()));

/** The variables of the operation. */
export const variables = ({ hours, window, by, channel }) => ({
  hours: Number(hours),
  window,
  by,
  scope: channel ? { channel } : null,
});
