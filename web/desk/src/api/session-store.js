import { ofTab } from '../storage.js';

// Where the tokens are kept. All tabs must see a write at once: a tab that reads old tokens uses a spent one and ends the session.
// localStorage does not promise that (browsers carry it between processes in their own time); transactions of IndexedDB do.

const NAME = 'session';

const tab = {
  read: async () => ofTab.read(NAME),
  write: async (record) => ofTab.write(NAME, record),
};

function database() {
  const opened = new Promise((resolve, reject) => {
    const request = indexedDB.open('tidings-desk', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(NAME);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const run = async (mode, act) => {
    const transaction = (await opened).transaction(NAME, mode);
    const request = act(transaction.objectStore(NAME));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result ?? null);
      transaction.onabort = () => reject(transaction.error);
    });
  };
  const put = (record) => (store) => (record ? store.put(record, NAME) : store.delete(NAME));
  // Some browsers refuse the database in private windows.
  return {
    read: () => run('readonly', (store) => store.get(NAME)).catch(tab.read),
    write: (record) => run('readwrite', put(record)).catch(() => tab.write(record)),
  };
}

/** Whether all tabs share one session. Without locks (pages without TLS) they cannot take turns: each has its own. */
export const isShared = Boolean(navigator.locks && globalThis.indexedDB);

/** `read()` resolves to the record or none, `write(record)` when every tab will see it. */
export const store = isShared ? database() : tab;
