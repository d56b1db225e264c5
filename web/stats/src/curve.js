import { choose, HOURS } from './choices.js';
import { choice, draw, el, put, uniqueId, write } from './elements.js';
import { createFigures } from './figures.js';
import { clock, day, hour, hourName, hourOf, isMidnight, number, rangeName, shortNumber } from './format.js';
import { createHoursTable } from './hours-table.js';
import { has, t } from './language.js';
import { sample } from './sample.js';
import { area, curve, excludedOf, peak, sum, ticks } from './scale.js';

const HEIGHT = 264;
const MARGIN = { top: 26, right: 14, bottom: 28 };
/** Below this width there is room for half of the labels. */
const NARROW = 520;

const reasonName = (reason) => (has(`reason.${reason}`) ? t(`reason.${reason}`) : reason);

const legendEntry = (name) => el('li', null, sample(name), t(name));

/** The views of the last hours, with the figures above them. */
export function createCurve({ hours: chosenHours }) {
  const gradient = uniqueId('gradient');
  const grid = draw('g', { class: 'grid', 'aria-hidden': 'true' });
  const ground = draw('path', { class: 'area', fill: `url(#${gradient})` });
  const excludedLine = draw('path', { class: 'line line-excluded' });
  const line = draw('path', { class: 'line line-views' });
  const unfinished = draw('path', { class: 'line line-views unfinished' });
  const last = draw('circle', { class: 'dot dot-last', r: 4 });
  const peakText = draw('text', { class: 'peak', 'text-anchor': 'middle' });
  const cursor = draw('path', { class: 'cursor' });
  const dots = ['views', 'excluded'].map((name) => draw('circle', { class: `dot dot-${name}`, r: 4.5 }));
  const marks = draw('g', { class: 'marks', 'aria-hidden': 'true' }, cursor, dots);
  const points = draw('g', { class: 'points' });
  const plot = draw(
    'svg',
    { class: 'plot', role: 'group', height: HEIGHT },
    draw(
      'defs',
      null,
      draw(
        'linearGradient',
        { id: gradient, x1: 0, y1: 0, x2: 0, y2: 1 },
        draw('stop', { class: 'area-top', offset: 0 }),
        draw('stop', { class: 'area-bottom', offset: 1 }),
      ),
    ),
    grid,
    draw('g', { 'aria-hidden': 'true' }, ground, excludedLine, line, unfinished, last, peakText),
    marks,
    points,
  );
  const tip = el('div', { class: 'tip', 'aria-hidden': 'true', hidden: true });
  const nothing = el('div', { class: 'nothing over', hidden: true });
  const frame = el('div', { class: 'plot-frame' }, plot, tip, nothing);

  const figures = createFigures();
  const table = createHoursTable();

  let width = 0;
  let hours = [];
  let stats = null;
  let range = chosenHours;
  /** Where the points are, and which is looked at: that with the focus, or that under the pointer. */
  let places = [];
  let active = null;
  let focused = null;

  const isLast = (index) => index === hours.length - 1;

  function drawGrid(scale, left, right, bottom, y) {
    const isNarrow = width < NARROW;
    const lines = scale.flatMap((value) => [
      draw('path', { class: value === 0 ? 'base' : 'rule', d: `M${left} ${y(value)}H${right}` }),
      draw('text', { x: left - 8, y: y(value) + 4, 'text-anchor': 'end' }, shortNumber(value)),
    ]);
    const isDays = hours.length > 48;
    const every = isDays ? 24 : isNarrow ? 6 : 3;
    const marksOfTime = hours.flatMap(({ at }, index) => {
      if (hourOf(at) % every !== 0) return [];
      const { x } = places[index];
      const label = isMidnight(at)
        ? day(
            at,
            isDays && !isNarrow
              ? { weekday: 'short', day: 'numeric', month: 'numeric' }
              : { day: 'numeric', month: isNarrow && isDays ? undefined : 'short' },
          )
        : clock(at);
      // A day's line says where it begins; its name would be cut off at the edges.
      const fits = x - left > (isDays ? 4 : 14) && right - x > (isDays ? 24 : 8);
      return [
        draw('path', {
          class: isMidnight(at) ? 'rule day' : 'tick',
          d: `M${x} ${isMidnight(at) ? MARGIN.top : bottom}V${bottom + 5}`,
        }),
        fits &&
          draw(
            'text',
            {
              x: isDays ? x + 5 : x,
              y: bottom + 20,
              'text-anchor': isDays ? 'start' : 'middle',
              class: isMidnight(at) ? 'day' : null,
            },
            label,
          ),
      ].filter(Boolean);
    });
    grid.replaceChildren(...lines, ...marksOfTime);
  }

  function pointLabel(entry, index) {
    return t('curve.point', {
      time: hourName(entry.at, isLast(index)),
      views: number(entry.views),
      excluded: number(excludedOf(entry)),
    });
  }

  /** One place for each hour, kept from drawing to drawing so that the focus stays. */
  function drawPoints(left, right, bottom) {
    while (points.children.length > hours.length) points.lastChild.remove();
    while (points.children.length < hours.length) {
      const index = points.children.length;
      points.append(
        draw('rect', {
          role: 'img',
          'data-point': index,
          rx: 3,
          onfocus: () => focus(index),
          onblur: () => focus(null),
        }),
      );
    }
    const step = hours.length > 1 ? (right - left) / (hours.length - 1) : right - left;
    const stop = focused ?? hours.length - 1;
    hours.forEach((entry, index) => {
      // Inside the drawing to its edges: the border shows where the focus is.
      const from = Math.max(1, places[index].x - step / 2);
      put(points.children[index], {
        x: from,
        y: MARGIN.top - 6,
        width: Math.min(width - 1, places[index].x + step / 2) - from,
        height: bottom - MARGIN.top + 6,
        tabindex: index === stop ? 0 : -1,
        'aria-label': pointLabel(entry, index),
        'data-at': entry.at,
        'data-views': entry.views,
        'data-excluded': excludedOf(entry),
      });
    });
  }

  function drawPlot() {
    if (width === 0 || hours.length === 0) return;
    put(plot, { viewBox: `0 0 ${width} ${HEIGHT}`, width });
    const scale = ticks(Math.max(...hours.map((entry) => Math.max(entry.views, excludedOf(entry)))));
    const left = 14 + 7 * Math.max(...scale.map((value) => shortNumber(value).length), 2);
    const right = width - MARGIN.right;
    const bottom = HEIGHT - MARGIN.bottom;
    const y = (value) => bottom - (value / scale.at(-1)) * (bottom - MARGIN.top);
    const x = (index) => (hours.length > 1 ? left + ((right - left) * index) / (hours.length - 1) : right);
    places = hours.map((entry, index) => ({ x: x(index), views: y(entry.views), excluded: y(excludedOf(entry)) }));
    const counted = places.map(({ x, views }) => ({ x, y: views }));
    drawGrid(scale, left, right, bottom, y);
    put(ground, { d: area(counted, bottom) });
    put(line, { d: curve(counted, 0, Math.max(0, counted.length - 2)) });
    put(unfinished, { d: curve(counted, Math.max(0, counted.length - 2)) });
    put(excludedLine, { d: curve(places.map(({ x, excluded }) => ({ x, y: excluded }))) });
    put(last, { cx: counted.at(-1).x, cy: counted.at(-1).y });
    const top = peak(hours);
    const place = places[hours.indexOf(top)];
    write(peakText, top.views > 0 ? number(top.views) : '');
    put(peakText, { x: Math.min(Math.max(place.x, left + 14), right - 14), y: place.views - 10 });
    drawPoints(left, right, bottom);
    show(active);
  }

  function drawTip(index) {
    const entry = hours[index];
    const reasons = entry.excluded
      .filter(({ views }) => views > 0)
      .map((it) => `${reasonName(it.reason)} ${number(it.views)}`)
      .join(t('dot'));
    const lineOf = (name, value) =>
      el('p', { class: 'tip-line' }, sample(name), el('span', null, t(`${name}.short`)), el('b', null, number(value)));
    tip.replaceChildren(
      el('p', { class: 'tip-time' }, hourName(entry.at, isLast(index))),
      lineOf('views', entry.views),
      lineOf('excluded', excludedOf(entry)),
      reasons ? el('p', { class: 'tip-reasons' }, reasons) : '',
    );
  }

  /** Marks an hour and says what it had; none takes the mark away. */
  function show(index) {
    active = index !== null && index < hours.length ? index : null;
    put(tip, { hidden: active === null });
    put(marks, { hidden: active === null });
    if (active === null) return;
    const place = places[active];
    put(cursor, { d: `M${place.x} ${MARGIN.top}V${HEIGHT - MARGIN.bottom}` });
    put(dots[0], { cx: place.x, cy: place.views });
    put(dots[1], { cx: place.x, cy: place.excluded });
    drawTip(active);
    const beside = place.x > width / 2 ? place.x - tip.offsetWidth - 14 : place.x + 14;
    tip.style.transform = `translate(${Math.round(Math.min(Math.max(0, beside), width - tip.offsetWidth))}px, ${MARGIN.top - 8}px)`;
  }

  function focus(index) {
    focused = index;
    if (index !== null) [...points.children].forEach((point, at) => put(point, { tabindex: at === index ? 0 : -1 }));
    show(index);
  }

  const STEPS = { ArrowLeft: -1, ArrowRight: 1, PageUp: -24, PageDown: 24, Home: -Infinity, End: Infinity };
  plot.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') show(null);
    if (!(event.key in STEPS) || focused === null) return;
    event.preventDefault();
    points.children[Math.min(Math.max(focused + STEPS[event.key], 0), hours.length - 1)].focus();
  });

  function underPointer(event) {
    const x = event.clientX - plot.getBoundingClientRect().left;
    const index = places.reduce(
      (best, place, at) => (Math.abs(place.x - x) < Math.abs(places[best].x - x) ? at : best),
      0,
    );
    if (places.length > 0 && index !== active) show(index);
  }
  plot.addEventListener('pointermove', underPointer);
  plot.addEventListener('pointerdown', underPointer);
  plot.addEventListener('pointerleave', () => show(focused));

  function drawSummary() {
    const isEmpty = hours.every((entry) => entry.views === 0 && excludedOf(entry) === 0);
    const name = rangeName(range);
    put(nothing, { hidden: !isEmpty });
    nothing.replaceChildren(
      el('p', { class: 'nothing-title' }, t('curve.none', { range: name })),
      el('p', null, t('curve.noneHint')),
    );
    const top = hours.length > 0 ? peak(hours) : null;
    put(plot, {
      'aria-label': isEmpty
        ? t('curve.none', { range: name })
        : t('curve.summary', {
            range: name,
            views: number(stats.views),
            excluded: number(sum(stats.excluded)),
            peak: hour(top.at),
            most: number(top.views),
          }),
    });
  }

  new ResizeObserver(([entry]) => {
    const found = Math.floor(entry.contentRect.width);
    if (found === width) return;
    width = found;
    drawPlot();
  }).observe(frame);

  const element = el(
    'section',
    { class: 'card curve', 'aria-labelledby': 'curve-title' },
    el(
      'header',
      { class: 'card-head' },
      el('h2', { id: 'curve-title' }, t('curve.title')),
      choice({
        label: t('curve.range'),
        name: 'hours',
        options: HOURS.map((count) => [count, t(`curve.${count}`)]),
        chosen: chosenHours,
        onChoice: (hours) => choose({ hours }),
      }),
    ),
    el(
      'div',
      { class: 'curve-top' },
      figures.element,
      el('ul', { class: 'legend', 'aria-label': t('curve.legend') }, legendEntry('views'), legendEntry('excluded')),
    ),
    frame,
    table.element,
  );

  return {
    element,
    update({ viewStats }, asked) {
      const isOther = hours.length !== viewStats.hours.length;
      stats = viewStats;
      hours = viewStats.hours;
      range = asked.hours;
      if (isOther) {
        if (focused !== null && focused >= hours.length) focused = null;
        active = null;
      }
      figures.update(viewStats);
      drawSummary();
      drawPlot();
      table.update(hours, range);
    },
  };
}
