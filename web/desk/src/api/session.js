import { createState } from '../state.js';
import { ApiError } from './errors.js';
import { post } from './post.js';
import { isShared, store } from './session-store.js';

// The session of the person at the desk. All tabs share one: a refresh token works once, and a spent one ends the session, so
// two tabs must never send the same. Web Locks let one tab refresh at a time; the others find the new tokens in the store.

/** Refreshes so long before the end that slow requests still arrive in time. */
const EARLY_MS = 60_000;

/** `account` is none before the first sign-in; `isOpen` is false when the person must sign in again. */
export const session = createState({ account: null, isOpen: false });

function announce(record) {
  if (record) session.set({ account: record.account, isOpen: true });
  else if (session.get().isOpen) session.set({ account: session.get().account, isOpen: false });
}

const others = isShared ? new BroadcastChannel('tidings-desk.session') : null;
if (others) others.onmessage = async () => announce(await store.read());

async function keep(record) {
  await store.write(record);
  announce(record);
  others?.postMessage(null);
}

/** Goes on with the session that there is, if there is one. */
export async function resumeSession() {
  announce(await store.read());
}

let queue = Promise.resolve();
function alone(run) {
  if (isShared) return navigator.locks.request('tidings-desk.session', run);
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
    const record = await store.read();
    if (!record) return;
    if (record.accessToken !== stale && isFresh(record)) return;
    try {
      const { refreshSession } = await post(REFRESH, { input: { refreshToken: record.refreshToken } });
      await keep(
        refreshSession.tokens ? { ...refreshSession.tokens, account: refreshSession.account ?? record.account } : null,
      );
    } catch (error) {
      // The session is over only if the API says so: a lost connection ends nothing.
      if (!(error instanceof ApiError) || !['UNAUTHENTICATED', 'BAD_USER_INPUT'].includes(error.code)) throw error;
      await keep(null);
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
  const record = await store.read();
  if (record && !isFresh(record)) await refresh(record.accessToken);
  announce(await store.read());
  await signedIn();
  return (await store.read())?.accessToken;
}

/** Another token than `refused`, which the API did not take. */
export async function renew(refused) {
  await refresh(refused);
  await signedIn();
}

/** Signs in; the user errors if that did not work. */
export async function signIn(input) {
  const { signIn: answer } = await post(SIGN_IN, { input });
  if (answer.tokens) await keep({ ...answer.tokens, account: answer.account });
  return answer.userErrors;
}

export async function signOut() {
  const record = await store.read();
  // This tab shows the door; the others ask for the password over what is typed there.
  session.set({ account: null, isOpen: false });
  await keep(null);
  // The server may be away, or the token spent: here the session is over in any case.
  if (record)
    await post('mutation SignOut { signOut { userErrors { message } } }', {}, record.accessToken).catch(() => {});
}
