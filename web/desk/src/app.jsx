import { useEffect, useState } from 'preact/hooks';
import { loadAbilities } from './api/abilities.js';
import { CHANNELS, DESK } from './api/documents.js';
import { request } from './api/request.js';
import { session, signOut } from './api/session.js';
import { Desk } from './desk-context.js';
import { chooseLanguage, language, t } from './language.js';
import { Dialog } from './parts/dialog.jsx';
import { Messages } from './parts/messages.jsx';
import { go, route, to } from './route.js';
import { ListScreen } from './screens/list.jsx';
import { ManuscriptScreen } from './screens/manuscript.jsx';
import { PlacementsScreen } from './screens/placements.jsx';
import { SignInForm } from './screens/sign-in.jsx';
import { TakedownsScreen } from './screens/takedowns.jsx';
import { WordsScreen } from './screens/words.jsx';
import { SHORTCUTS, useShortcut } from './shortcuts.js';
import { useValue } from './state.js';
import { chooseTheme, nextTheme, theme } from './theme.js';
import { useLoad } from './use-load.js';

/** The tree of channels as a list; `label` shows how deep each stands. */
function flat(channels, depth = 0) {
  return channels.flatMap(({ id, name, children = [] }) => [
    { id, name, label: `${'\u3000'.repeat(depth)}${name}` },
    ...flat(children, depth + 1),
  ]);
}

async function loadDesk() {
  const [abilities, desk, { channels }] = await Promise.all([loadAbilities(), request(DESK), request(CHANNELS)]);
  return { ...desk, abilities, channels: flat(channels) };
}

const SEARCH = '.list input[type="search"]';

/** Leads to the search of the list, from wherever. */
function searchTitles() {
  const line = document.querySelector(SEARCH);
  if (line) {
    line.focus();
    return;
  }
  go(to('list'));
  // The list is drawn after the address has changed.
  setTimeout(() => document.querySelector(SEARCH)?.focus(), 50);
}

/** The sections of the desk that this server has and this person may use. */
function sections({ abilities, me }) {
  const may = (permission) => me.permissions.includes(permission);
  return [
    ['list', true],
    ['placements', abilities.has('placementSlots', 'setPlacement') && may('MANAGE_PLACEMENTS')],
    ['takedowns', abilities.has('takedowns', 'closeTakedown') && may('MANAGE_TAKEDOWNS')],
    ['words', abilities.has('sensitiveWords', 'putSensitiveWord') && may('MANAGE_WORDS')],
  ]
    .filter(([, isThere]) => isThere)
    .map(([name]) => name);
}

function Choices() {
  const chosenTheme = useValue(theme);
  const other = language.get() === 'zh' ? 'en' : 'zh';
  return (
    <>
      <button
        type="button"
        class="quiet"
        data-choice="theme"
        aria-label={t('theme.label', { theme: t(`theme.${chosenTheme}`) })}
        onClick={() => chooseTheme(nextTheme(chosenTheme))}
      >
        {t(`theme.${chosenTheme}`)}
      </button>
      <button
        type="button"
        class="quiet"
        data-choice="language"
        lang={other === 'zh' ? 'zh-Hans' : 'en'}
        onClick={() => chooseLanguage(other)}
      >
        {other === 'zh' ? '中文' : 'English'}
      </button>
    </>
  );
}

function Help({ onClose }) {
  return (
    <Dialog title={t('help.title')} onClose={onClose}>
      <dl class="keys">
        {SHORTCUTS.map(([keys, name]) => (
          <div key={name}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(`help.${name}`)}</dd>
          </div>
        ))}
      </dl>
      <p class="hint">{t('help.typing')}</p>
    </Dialog>
  );
}

function Screen({ parts, search, known }) {
  const [name, id, tab] = parts;
  if (name === 'new') return <ManuscriptScreen key="new" />;
  if (name === 'article' && id) return <ManuscriptScreen key={id} id={id} tab={tab} />;
  if (name === 'placements' && known.includes(name)) return <PlacementsScreen />;
  if (name === 'takedowns' && known.includes(name)) return <TakedownsScreen id={id} search={search} />;
  if (name === 'words' && known.includes(name)) return <WordsScreen />;
  return <ListScreen search={search} />;
}

/** The desk of somebody who is signed in. */
function Work({ account, isOpen }) {
  const { value: desk, error, reload } = useLoad(loadDesk, [account.id]);
  const { parts, search } = useValue(route);
  const [showsHelp, setShowsHelp] = useState(false);
  const known = desk ? sections(desk) : [];
  const mayWrite = desk?.me.permissions.includes('WRITE_ARTICLES');

  useShortcut('help', () => setShowsHelp(true));
  useShortcut('new', () => mayWrite && go(to('new')));
  useShortcut('list', () => go(to('list')));
  for (const name of ['placements', 'takedowns', 'words']) {
    useShortcut(name, () => known.includes(name) && go(to(name)));
  }
  useShortcut('search', searchTitles);
  const place = parts[0] ?? 'list';
  useEffect(() => {
    // Another screen: whoever listens to the page begins at its head, unless the screen has chosen a field.
    const main = document.getElementById('main');
    if (!main.contains(document.activeElement)) main.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [place, parts[1]]);

  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('main').focus();
        }}
      >
        {t('skip')}
      </a>
      <header class="top">
        <a class="brand" href={to('list')}>
          {desk?.site.name ?? t('desk')} <small>{t('desk')}</small>
        </a>
        <nav aria-label={t('nav')}>
          {known.map((name) => (
            <a key={name} href={to(name)} aria-current={place === name ? 'page' : undefined}>
              {t(`nav.${name}`)}
            </a>
          ))}
        </nav>
        <div class="top-tools">
          <Choices />
          <button type="button" class="quiet" aria-label={t('help.title')} onClick={() => setShowsHelp(true)}>
            ?
          </button>
          <span class="who">{account.name}</span>
          <button type="button" class="quiet" onClick={signOut}>
            {t('signOut')}
          </button>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {desk && (
          <Desk.Provider value={desk}>
            <Screen parts={parts} search={search} known={known} />
          </Desk.Provider>
        )}
        {!desk && error && (
          <p class="empty">
            <button type="button" onClick={reload}>
              {t('again')}
            </button>
          </p>
        )}
      </main>
      {showsHelp && <Help onClose={() => setShowsHelp(false)} />}
      {!isOpen && (
        <Dialog title={t('signIn.again')}>
          <p class="hint">{t('signIn.againHint')}</p>
          <SignInForm login={account.login} />
        </Dialog>
      )}
      <Messages />
    </>
  );
}

function Door() {
  return (
    <>
      <main class="door">
        <header class="screen-head">
          <h1>{t('desk')}</h1>
          <div>
            <Choices />
          </div>
        </header>
        <SignInForm />
      </main>
      <Messages />
    </>
  );
}

export function App() {
  // Everything below is drawn anew in another language.
  const chosenLanguage = useValue(language);
  const { account, isOpen } = useValue(session);
  useEffect(() => {
    document.title = t('desk');
  }, [chosenLanguage, account?.id]);
  return account ? <Work key={account.id} account={account} isOpen={isOpen} /> : <Door />;
}
