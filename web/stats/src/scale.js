// The arithmetic of drawings, without a drawing.

/** Ends of an axis that begins at 0: at most `most` steps of 1, 2 or 5 times a power of ten, and never a part of a view. */
export function ticks(largest, most = 4) {
  const rough = Math.max(largest, 1) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(
    1,
    [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough - 1e-9),
  );
  const count = Math.max(1, Math.ceil(largest / step));
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/**
 * Slopes of a curve through `points` that never leaves the range of two neighbours: a curve that rises above its own figures would
 * show views that nobody made. The harmonic mean is that of Fritsch and Butland (1984).
 */
function slopes(points) {
  const rises = points.slice(1).map((point, index) => (point.y - points[index].y) / (point.x - points[index].x));
  return points.map((_, index) => {
    const [before, after] = [rises[index - 1], rises[index]];
    if (before === undefined) return after ?? 0;
    if (after === undefined) return before;
    return before * after <= 0 ? 0 : (2 * before * after) / (before + after);
  });
}

const at = (value) => Math.round(value * 100) / 100;

/** The path through `points` from one index to another. */
export function curve(points, from = 0, to = points.length - 1) {
  if (points.length === 0 || to < from) return '';
  const slope = slopes(points);
  let path = `M${at(points[from].x)} ${at(points[from].y)}`;
  for (let index = from; index < to; index += 1) {
    const [a, b] = [points[index], points[index + 1]];
    const third = (b.x - a.x) / 3;
    path += `C${at(a.x + third)} ${at(a.y + slope[index] * third)} ${at(b.x - third)} ${at(b.y - slope[index + 1] * third)} ${at(b.x)} ${at(b.y)}`;
  }
  return path;
}

/** The same, closed down to `floor`. */
export function area(points, floor) {
  if (points.length === 0) return '';
  return `${curve(points)}L${at(points.at(-1).x)} ${at(floor)}L${at(points[0].x)} ${at(floor)}Z`;
}

/** The largest of the hours; the first of several. */
export const peak = (hours) => hours.reduce((most, hour) => (hour.views > most.views ? hour : most), hours[0]);

export const sum = (list) => list.reduce((total, { views }) => total + views, 0);

export const excludedOf = ({ excluded }) => sum(excluded);
