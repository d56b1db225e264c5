import { request } from '../desk/src/api/request.js';
import { resumeSession, session } from '../desk/src/api/session.js';
import '../desk/src/theme.js';
import { choices, variables } from './src/choices.js';
import { START, STATS } from './src/documents.js';
import { createDoor } from './src/door.js';
import { language, t } from './src/language.js';
import { createPage, refused, waiting } from './src/page.js';
import { createPoll } from './src/poll.js';
import { createTools } from './src/tools.js';

// Puts the page together: a door while nobody is signed in, else the figures, asked for again and again. Another language draws
// everything anew from what was answered last.

const root = document.getElementById('stats');

/** What belongs to the person who is signed in; none at the door. */
let work = null;

/** Draws, and gives the focus back to the tool that had it. */
function put(elements) {
  const tool = document.activeElement?.dataset.tool;
  root.replaceChildren(...elements);
  if (tool) root.querySelector(`[data-tool="${tool}"]`)?.focus();
}

const mayLook = ({ me }) => Boolean(me?.permissions.includes('READ_STATS'));

async function ask() {
  const asked = choices.get();
  const mine = work;
  // Who may look can change while the page is open: until they may, only that is asked.
  if (!mine.start || mine.isRefused) {
    const start = await request(START);
    if (!mayLook(start)) return { start };
    mine.start = start;
    mine.isRefused = false;
  }
  return { start: mine.start, data: await request(STATS, variables(asked)), asked, at: Date.now() };
}

function showPage() {
  const { start, account } = work;
  work.page = createPage({ start, account, isPaused: work.isPaused, onPause: togglePause });
  put(work.page.elements);
  if (work.answer) work.page.answer(work.answer);
  if (work.failure) work.page.fail(work.failure);
}

function onAnswer(answer) {
  work.failure = null;
  if (!answer.data) {
    refuse(answer.start);
    return;
  }
  work.answer = answer;
  if (work.page) {
    work.page.answer(answer);
    return;
  }
  showPage();
  entitle();
}

function refuse(start) {
  const isKnown = work.isRefused;
  Object.assign(work, { start, isRefused: true, page: null, answer: null });
  if (!isKnown) put(refused(start, work.account));
}

function onFailure(error) {
  // What asks the API is over once the session is, and the door is open by then.
  if (!session.get().isOpen) return;
  if (error.code === 'FORBIDDEN' && work.start) {
    refuse(work.start);
    return;
  }
  work.failure = error;
  if (work.page) work.page.fail(error);
  else if (!work.isRefused) put(waiting(work.account, error));
}

function togglePause() {
  work.isPaused = !work.isPaused;
  work.page?.pause(work.isPaused);
  work.poll.pause(work.isPaused);
}

function showWork() {
  if (work.isRefused) put(refused(work.start, work.account));
  else if (work.page) showPage();
  else put(waiting(work.account, work.failure));
}

/** Follows the session: whoever comes, goes, or takes the place of another in another tab. */
function enter() {
  const { account, isOpen } = session.get();
  if (isOpen && work?.account.id === account.id) return;
  work?.poll.stop();
  work = null;
  if (!isOpen) {
    const door = createDoor({ known: account, tools: createTools() });
    put([door.element]);
    door.focus();
    return;
  }
  work = { account, isPaused: false, poll: createPoll({ ask, onAnswer, onFailure }) };
  showWork();
  work.poll.now();
}

function entitle() {
  const name = work?.start?.site.name;
  document.title = name ? `${t('stats')} – ${name}` : t('stats');
}

session.listen(enter);
language.listen(() => {
  if (work) showWork();
  else put([createDoor({ known: session.get().account, tools: createTools() }).element]);
  entitle();
});
choices.listen(() => {
  work?.page?.wait();
  work?.poll.now();
});

// By the address: the switches have not been touched, so they are drawn anew.
addEventListener('hashchange', () => work?.page && showPage());

await resumeSession();
if (!work) enter();
entitle();
