import { useState } from 'preact/hooks';
import { DIFF, HISTORY } from '../api/documents.js';
import { request } from '../api/request.js';
import { sayFailure } from '../failures.js';
import { t } from '../language.js';
import { Changes } from '../parts/changes.jsx';
import { Choice } from '../parts/field.jsx';
import { shortTime } from '../time.js';
import { useLoad } from '../use-load.js';

function Difference({ id, from, to }) {
  const { value, isLoading } = useLoad(
    async () => (await request(DIFF, { id, from, to })).manuscript.diff,
    [id, from, to],
  );
  return <div aria-busy={isLoading}>{value && <Changes changes={value} />}</div>;
}

function Marks({ number, head, live }) {
  return (
    <span class="badges">
      {number === head && <span class="badge">{t('history.newest')}</span>}
      {number === live && <span class="badge live">{t('live')}</span>}
    </span>
  );
}

/** The revisions of a manuscript, what is different between two of them, and the way back to one. */
export function History({ id, version, onRestore }) {
  const [older, setOlder] = useState([]);
  const [pair, setPair] = useState(null);
  const { value, isLoading } = useLoad(async () => {
    const { manuscript } = await request(HISTORY, { id });
    setOlder([]);
    setPair(null);
    return manuscript;
  }, [id, version]);
  if (!value) return <div class="panel" aria-busy={isLoading} />;

  const revisions = [...value.revisions, ...older];
  if (revisions.length === 0) {
    return (
      <div class="panel">
        <p class="empty">{t('history.none')}</p>
      </div>
    );
  }
  const last = revisions.at(-1).number;
  const more = async () => {
    try {
      const { manuscript } = await request(HISTORY, { id, before: last });
      setOlder((before) => [...before, ...manuscript.revisions]);
    } catch (error) {
      sayFailure(error);
    }
  };
  const [from, to] = pair ?? [revisions[1]?.number ?? revisions[0].number, revisions[0].number];
  const options = revisions.map(({ number, at, by }) => [number, `${number} · ${shortTime(at)} · ${by}`]);
  const canRestore = value.steps.includes('UPDATE');

  return (
    <div class="panel history">
      <ol class="revisions">
        {revisions.map(({ number, at, by, origin }, index) => (
          <li key={number} class={number === to ? 'chosen' : ''}>
            <div>
              <strong>{t('history.revision', { number })}</strong>{' '}
              <Marks number={number} head={value.head} live={value.live} />
              <span class="hint">
                {shortTime(at)} · {by} · {t(`origin.${origin}`)}
              </span>
            </div>
            <div class="actions start">
              {revisions[index + 1] && (
                <button type="button" class="quiet" onClick={() => setPair([revisions[index + 1].number, number])}>
                  {t('history.whatChanged')}
                </button>
              )}
              {canRestore && number !== value.head && (
                <button type="button" class="quiet" onClick={() => onRestore(number)}>
                  {t('history.restore')}
                </button>
              )}
            </div>
          </li>
        ))}
        {last > 1 && (
          <li>
            <button type="button" class="quiet" onClick={more}>
              {t('more')}
            </button>
          </li>
        )}
      </ol>
      <div class="comparison">
        <div class="row">
          <Choice
            label={t('history.from')}
            value={from}
            options={options}
            onValue={(number) => setPair([Number(number), to])}
          />
          <Choice
            label={t('history.to')}
            value={to}
            options={options}
            onValue={(number) => setPair([from, Number(number)])}
          />
        </div>
        <Difference id={id} from={from} to={to} />
      </div>
    </div>
  );
}
