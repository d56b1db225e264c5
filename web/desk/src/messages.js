import { createState } from './state.js';

const SHOWN_MS = 8000;
let last = 0;

/** What was said last: `{ number, kind, text }`, or none. The live region reads it out. */
export const message = createState(null);

/** Tells the editor something; `kind` is `done` or `failed`. What failed stays until it is closed. */
export function say(text, kind = 'done') {
  last += 1;
  const number = last;
  message.set({ number, kind, text });
  if (kind === 'done') {
    setTimeout(() => {
      if (message.get()?.number === number) message.set(null);
    }, SHOWN_MS);
  }
}

export const unsay = () => message.set(null);
