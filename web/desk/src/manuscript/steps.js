// The steps on the way of an article as buttons. `Manuscript.steps` says which there are; here stands how they look and what
// they ask for.

/** In the order of the buttons. UPDATE is the save button. */
export const STEP_ORDER = [
  'SUBMIT',
  'APPROVE',
  'PUBLISH',
  'SCHEDULE',
  'RESTORE',
  'REOPEN',
  'RECALL',
  'REJECT',
  'UNSCHEDULE',
  'LIMIT',
  'DISCARD',
  'ARCHIVE',
  'UNPUBLISH',
  'WITHDRAW',
];

/** The steps that lead on; the first of them that can be taken is the obvious one. */
const FORWARD = ['SUBMIT', 'APPROVE', 'PUBLISH', 'RESTORE', 'REOPEN'];
export const obviousStep = (steps) => FORWARD.find((step) => steps.includes(step));

/** The steps that take something from readers or throw work away. */
export const GRAVE_STEPS = new Set(['DISCARD', 'UNPUBLISH', 'WITHDRAW', 'ARCHIVE']);

/** The steps that ask for more than a click. */
export const ASKING_STEPS = new Set([
  'REJECT',
  'SCHEDULE',
  'PUBLISH',
  'LIMIT',
  'WITHDRAW',
  'RESTORE',
  'DISCARD',
  'UNPUBLISH',
  'ARCHIVE',
]);

/** The steps for which what was typed is saved first: they are about the text as it stands. */
export const SAVING_STEPS = new Set(['SUBMIT', 'APPROVE']);

/** The steps that can be taken while something typed is not saved, which then stays. */
export const FREE_STEPS = new Set(['WITHDRAW', 'UNPUBLISH', 'LIMIT']);
