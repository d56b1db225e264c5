import { createState } from '../state.js';
import { ofTab, shared } from '../storage.js';
import { ApiError } from './errors.js';
import { post } from './post.js';

// The session of the person at the desk. All tabs share one: a refresh token works once, and a spent one ends the session, so
// two tabs must never send the same. Web Locks let one tab refresh at a time; the others find the new tokens in the
// storage. Where a browser has no locks (pages without TLS), each tab has a session of its own.

const NAME = 'session';
const kept = navigator.locks ? shared : ofTab;

/** Refreshes so long before the end that slow requests still arrive in time. */
const EARLY_MS = 60_000;

/** `account` is none before the first sign-in; `isOpen` is false when the person must sign in again. */
export const session = createState(present());

function present(previous) {
  const account = kept.read(NAME)?.account ?? null;
  if (account) return { account, isOpen: true };
  return { account: previous?.account ?? null, isOpen: false };
}

function keep(record) {
  kept.write(NAME, record);
  session.set(present(session.get()));
}
kept.listen(NAME, () => session.set(present(session.get())));

let queue = Promise.resolve();
function alone(run) {
  if (navigator.locks) return navigator.locks.request('tidings-desk.session', run);
  const result = queue.then(run);
  queue = result.catch(() => {});
  return result;
}

const isFresh = (record) => Date.parse(record.accessTokenExpiresAt) - Date.now() > EARLY_MS;

const TOKENS = 'tokens { accessToken accessTokenExpiresAt refreshToken } account { id login name role }';
const SIGN_IN = `mutation SignIn($input: SignInInput!) {
  signIn(input: $input) { ${TOKENS} userErrors { code field message } }
}`;
const REFRESH = `mutation Refresh($input: RefreshSessionInput!) {
  refreshSession(input: $input) { ${TOKENS} userErrors { code message } }
}`;

/** Gets the next tokens, unless another tab has got them already since `stale` was seen. */
function refresh(stale) {
  return alone(async () => {
    const record = kept.read(NAME);
    if (!record) return;
    if (record.accessToken !== stale && isFresh(record)) return;
    try {
      const { refreshSession } = await post(REFRESH, { input: { refreshToken: record.refreshToken } });
      keep(
        refreshSession.tokens ? { ...refreshSession.tokens, account: refreshSession.account ?? record.account } : null,
      );
    } catch (error) {
      // The session is over only if the API says so: a lost connection ends nothing.
      if (!(error instanceof ApiError) || !['UNAUTHENTICATED', 'BAD_USER_INPUT'].includes(error.code)) throw error;
      keep(null);
    }
  });
}

/** Resolves when somebody is signed in; fails if it is somebody else than before. */
function signedIn() {
  const before = session.get().account;
  if (session.get().isOpen) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stop = session.listen(({ account, isOpen }) => {
      if (!isOpen) return;
      stop();
      if (!before || account.id === before.id) resolve();
      else reject(new ApiError({ code: 'UNAUTHENTICATED', message: 'somebody else has signed in' }));
    });
  });
}

/** A token that works, as far as can be seen from here. Waits while the person signs in again. */
export async function accessToken() {
  const record = kept.read(NAME);
  if (record && !isFresh(record)) await refresh(record.accessToken);
  session.set(kept.read(NAME) ? session.get() : { account: session.get().account, isOpen: false });
  await signedIn();
  return kept.read(NAME)?.accessToken;
}

/** Another token than `refused`, which the API did not take. */
export async function renew(refused) {
  await refresh(refused);
  await signedIn();
}

/** Signs in; the user errors if that did not work. */
export async function signIn(input) {
  const { signIn: answer } = await post(SIGN_IN, { input });
  if (answer.tokens) keep({ ...answer.tokens, account: answer.account });
  return answer.userErrors;
}

export async function signOut() {
  const record = kept.read(NAME);
  kept.write(NAME, null);
  session.set({ account: null, isOpen: false });
  // The server may be away, or the token spent: here the session is over in any case.
  if (record)
    await post('mutation SignOut { signOut { userErrors { message } } }', {}, record.accessToken).catch(() => {});
}
