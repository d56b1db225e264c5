import { WITHDRAWAL_REPORT } from '../api/documents.js';
import { request } from '../api/request.js';
import { t } from '../language.js';
import { shortTime } from '../time.js';
import { useLoad } from '../use-load.js';

/** Where a withdrawn article stood, whether it is gone there, and which programs have fetched it while it was there. */
export function WithdrawalReport({ id, version }) {
  const { value: report, reload } = useLoad(
    async () => (await request(WITHDRAWAL_REPORT, { id })).withdrawalReport,
    [id, version],
  );
  if (!report) return null;
  return (
    <section class="panel report">
      <header class="screen-head">
        <h2>
          {t('report.title')}{' '}
          <span class={report.isConfirmed ? 'badge live' : 'badge warning'}>
            {t(report.isConfirmed ? 'report.confirmed' : 'report.open')}
          </span>
        </h2>
        <button type="button" onClick={reload}>
          {t('report.again')}
        </button>
      </header>
      <p class="hint">
        {t('report.by', { name: report.withdrawnBy, time: shortTime(report.withdrawal.withdrawnAt) })}{' '}
        {t('report.checkedAt', { time: shortTime(report.checkedAt) })}
      </p>
      <dl class="facts-list">
        <dt>{t('step.reason')}</dt>
        <dd class="pre">{report.reason}</dd>
        <dt>{t('step.notice')}</dt>
        <dd class="pre">{report.withdrawal.notice ?? t('none')}</dd>
        {report.surfaces.map(({ surface, had, shown, isConfirmed }) => (
          <>
            <dt>{t(`surface.${surface}`)}</dt>
            <dd>{t(isConfirmed ? 'report.gone' : 'report.shown', { had: had ?? '?', shown })}</dd>
          </>
        ))}
        {report.fetchedBy.length > 0 && (
          <>
            <dt>{t('report.fetchedBy')}</dt>
            <dd>{report.fetchedBy.map(({ key, lastAt }) => `${key} (${shortTime(lastAt)})`).join(t('comma'))}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
