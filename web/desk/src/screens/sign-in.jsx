import { useEffect, useState } from 'preact/hooks';
import { signIn } from '../api/session.js';
import { errorText, failureText } from '../failures.js';
import { t } from '../language.js';
import { Line } from '../parts/field.jsx';

/** Seconds until the time is over; counts down. */
function useWait() {
  const [until, setUntil] = useState(0);
  const [now, setNow] = useState(Date.now());
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  useEffect(() => {
    if (seconds === 0) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [seconds === 0, until]);
  const wait = (secs) => {
    setNow(Date.now());
    setUntil(Date.now() + secs * 1000);
  };
  return [seconds, wait];
}

/** Login and password; a password that works once asks for the one that shall follow. */
export function SignInForm({ login: known }) {
  const [login, setLogin] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const [newPassword, setNewPassword] = useState('');
  const [asksForNew, setAsksForNew] = useState(false);
  const [errors, setErrors] = useState([]);
  const [failure, setFailure] = useState(null);
  const [isBusy, setIsBusy] = useState(false);
  const [waitSeconds, wait] = useWait();

  const send = async (event) => {
    event.preventDefault();
    setIsBusy(true);
    setErrors([]);
    setFailure(null);
    try {
      const found = await signIn({ login: login.trim(), password, ...(asksForNew && { newPassword }) });
      if (!asksForNew && found.some(({ field }) => field === 'newPassword')) setAsksForNew(true);
      else setErrors(found);
    } catch (error) {
      if (error.code === 'RATE_LIMITED') wait(error.retryAfterSecs ?? 1);
      else setFailure(failureText(error));
    } finally {
      setIsBusy(false);
    }
  };
  const at = (name) => errors.filter(({ field }) => field === name).map(errorText);
  const others = errors.filter(({ field }) => !['login', 'password', 'newPassword'].includes(field)).map(errorText);

  return (
    <form class="sign-in" onSubmit={send}>
      <Line
        label={t('signIn.login')}
        value={login}
        onValue={setLogin}
        errors={at('login')}
        autoComplete="username"
        autoCapitalize="none"
        spellcheck={false}
        readOnly={Boolean(known)}
        required
        autoFocus={!known}
      />
      <Line
        label={t('signIn.password')}
        type="password"
        value={password}
        onValue={setPassword}
        errors={at('password')}
        autoComplete="current-password"
        required
        autoFocus={Boolean(known)}
      />
      {asksForNew && (
        <>
          <p class="notice" role="status">
            {t('signIn.oneTime')}
          </p>
          <Line
            label={t('signIn.newPassword')}
            hint={t('signIn.newPasswordHint')}
            type="password"
            value={newPassword}
            onValue={setNewPassword}
            errors={at('newPassword')}
            autoComplete="new-password"
            minLength={12}
            required
          />
        </>
      )}
      {(failure || others.length > 0) && (
        <p class="error" role="alert">
          {[failure, ...others].filter(Boolean).join(' ')}
        </p>
      )}
      {waitSeconds > 0 && (
        <p class="error" role="status">
          {t('failure.RATE_LIMITED', { seconds: waitSeconds })}
        </p>
      )}
      <div class="actions">
        <button type="submit" class="primary" disabled={isBusy || waitSeconds > 0}>
          {t('signIn.send')}
        </button>
      </div>
    </form>
  );
}
