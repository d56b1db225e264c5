import { draw } from './elements.js';

/** A short piece of a line, for legends: its form says which it is, not its colour alone. */
export const sample = (name) =>
  draw(
    'svg',
    { class: 'sample', viewBox: '0 0 24 10', 'aria-hidden': 'true' },
    draw('path', { class: `line line-${name}`, d: 'M1 5H23' }),
  );
