import { ApiError } from '../../desk/src/api/errors.js';

const EVERY_MS = 5_000;
/** A server that is down is asked less and less often, up to this. */
const LONGEST_MS = 30_000;
/** A slow answer is worth less than the next one. */
const PATIENCE_MS = 12_000;

function inTime(promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new ApiError({ code: 'TIMEOUT', message: 'no answer in time' })), PATIENCE_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Asks again and again while somebody looks; `ask()` resolves to what `onAnswer` takes. */
export function createPoll({ ask, onAnswer, onFailure }) {
  let timer;
  let round = 0;
  let failures = 0;
  let isPaused = false;
  let isStopped = false;

  function plan(wait) {
    clearTimeout(timer);
    if (!isPaused && !isStopped && !document.hidden) timer = setTimeout(now, wait);
  }

  /** Asks at once; the answer to what was asked before is not waited for any more. */
  async function now() {
    clearTimeout(timer);
    round += 1;
    const mine = round;
    let outcome;
    let wait = EVERY_MS;
    try {
      const answer = await inTime(ask());
      failures = 0;
      outcome = () => onAnswer(answer);
    } catch (error) {
      failures += 1;
      wait = Math.max(Math.min(EVERY_MS * 2 ** (failures - 1), LONGEST_MS), (error.retryAfterSecs ?? 0) * 1000);
      outcome = () => onFailure(error);
    }
    if (mine !== round || isStopped) return;
    plan(wait);
    outcome();
  }

  const onVisibility = () => {
    if (document.hidden) clearTimeout(timer);
    else if (!isPaused) now();
  };
  const onOnline = () => !isPaused && !document.hidden && now();
  const onOffline = () => onFailure(new ApiError({ code: 'NETWORK', message: 'offline' }));
  document.addEventListener('visibilitychange', onVisibility);
  addEventListener('online', onOnline);
  addEventListener('offline', onOffline);

  return {
    now,
    pause(paused) {
      isPaused = paused;
      if (paused) clearTimeout(timer);
      else now();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisibility);
      removeEventListener('online', onOnline);
      removeEventListener('offline', onOffline);
    },
  };
}
