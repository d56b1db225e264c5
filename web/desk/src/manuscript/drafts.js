import { ofTab } from '../storage.js';

// What was typed and not saved, kept with what it was typed upon until it is saved or given up: a reload, a crash of the tab
// or a session that ends takes nothing away. Each account has its own.

const name = (owner, id) => `draft.${owner}.${id}`;

/** `{ form, base, version }`, or none. */
export const readDraft = (owner, id) => ofTab.read(name(owner, id));

/** Whether it was kept. */
export const keepDraft = (owner, id, draft) => ofTab.write(name(owner, id), draft);

export const dropDraft = (owner, id) => ofTab.write(name(owner, id), null);
