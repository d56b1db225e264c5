import { createContext } from 'preact';

/** What every screen may ask: `{ site, me, abilities, channels }`. */
export const Desk = createContext(null);
