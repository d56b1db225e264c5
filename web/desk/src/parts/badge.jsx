import { t } from '../language.js';

/** The state of an article, and whether readers see it. */
export function StateBadge({ state, isLive }) {
  return (
    <span class="badges">
      <span class={`badge state-${state.toLowerCase().replace('_', '-')}`}>{t(`state.${state}`)}</span>
      {isLive && state !== 'PUBLISHED' && <span class="badge live">{t('live')}</span>}
    </span>
  );
}
