import { draw, put } from './elements.js';
import { hour, number } from './format.js';
import { t } from './language.js';
import { area, curve, peak, sum } from './scale.js';

const WIDTH = 112;
const HEIGHT = 28;
const EDGE = 4;
/** A single view is no summit: an article with fewer in an hour has a low line. */
const LOWEST_TOP = 4;

/** The last day of an article, each on its own scale. */
export function createSparkline() {
  const ground = draw('path', { class: 'spark-area' });
  const line = draw('path', { class: 'spark-line' });
  const end = draw('circle', { class: 'spark-end', r: 2.5 });
  const element = draw(
    'svg',
    { class: 'spark', role: 'img', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT },
    ground,
    line,
    end,
  );
  return {
    element,
    update(history) {
      if (history.length === 0) return;
      const top = peak(history);
      const high = Math.max(top.views, LOWEST_TOP);
      const step = (WIDTH - 2 * EDGE) / Math.max(1, history.length - 1);
      const points = history.map(({ views }, index) => ({
        x: EDGE + index * step,
        y: HEIGHT - EDGE - (views / high) * (HEIGHT - 2 * EDGE),
      }));
      put(ground, { d: area(points, HEIGHT - EDGE) });
      put(line, { d: curve(points) });
      put(end, { cx: points.at(-1).x, cy: points.at(-1).y });
      const views = sum(history);
      put(element, {
        'aria-label':
          views > 0
            ? t('history.summary', { views: number(views), peak: hour(top.at), most: number(top.views) })
            : t('history.none'),
      });
    },
  };
}
