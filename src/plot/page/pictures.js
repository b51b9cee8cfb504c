// What the other files of the page share: the data, the language, pictures of 28 × 28 pixels, bars,
// and charts.

const byId = (id) => document.getElementById(id);

const run = JSON.parse(byId('run').textContent);
const nets = run.nets.map(({ numbers }) => netOf(numbers, run.hidden, run.activation));
const end = nets.length - 1;

let language = 'en';
const t = (key, values) => sentence(language, key, values);
const readable = (v) => v.toLocaleString(language);
const percent = (share, decimals) => (100 * share).toFixed(decimals);
const signed = (v, decimals) => (v < 0 ? '−' : '+') + Math.abs(v).toFixed(decimals);

// A new element with some properties, inside another one.
function add(parent, tag, properties = {}) {
  const element = Object.assign(document.createElement(tag), properties);
  parent.append(element);
  return element;
}

// ---- Pictures of 28 × 28 pixels

function paint(canvas, colourOf) {
  const context = canvas.getContext('2d');
  const picture = context.createImageData(SIDE, SIDE);
  for (let i = 0; i < PIXELS; i++) picture.data.set(colourOf(i), 4 * i);
  context.putImageData(picture, 0, 0);
}

// An image: white paper, black ink.
function paintInk(canvas, x) {
  paint(canvas, (i) => { const v = Math.round(255 * (1 - x[i])); return [v, v, v, 255]; });
}

// The weights of hidden unit j: blue above 0, orange below, white at 0.
function paintWeights(canvas, { W1, hidden }, j) {
  let largest = 0;
  for (let i = 0; i < PIXELS; i++) largest = Math.max(largest, Math.abs(W1[i * hidden + j]));
  paint(canvas, (i) => {
    const w = W1[i * hidden + j] / (largest || 1);
    const share = Math.abs(w);
    return [...(w > 0 ? [0, 115, 178] : [214, 94, 0]).map((c) => Math.round(255 - share * (255 - c))), 255];
  });
}

// The place in a picture of an event: the pixel's row and column.
function pixelAt(canvas, event) {
  const at = (offset, size) => Math.min(Math.max(Math.floor((SIDE * offset) / size), 0), SIDE - 1);
  return { row: at(event.offsetY, canvas.clientHeight), column: at(event.offsetX, canvas.clientWidth) };
}

// The value of a pixel is shown under the mouse.
function showValues(canvas, valueOf) {
  canvas.addEventListener('pointermove', (event) => {
    const { row, column } = pixelAt(canvas, event);
    const value = valueOf(row * SIDE + column).toFixed(3);
    canvas.title = t('pixel', { row, column, value });
  });
}

const SHOWN = Math.min(run.hidden, 100); // the hidden units that have a picture

// Buttons with the pictures of hidden units. `choose` gets the unit of the button.
function unitButtons(parent, count, choose) {
  return Array.from({ length: count }, (_, j) => {
    const button = add(parent, 'button', { type: 'button', className: 'unit' });
    const canvas = add(button, 'canvas', { width: SIDE, height: SIDE });
    const bar = add(button, 'i'), text = add(button, 'span');
    const unit = { j, button, canvas, bar, text };
    button.addEventListener('click', () => choose(unit.j));
    return unit;
  });
}

// ---- Ten probabilities as bars: rows are buttons if `choose` is given

function barsIn(parent, choose) {
  return Array.from({ length: CLASSES }, (_, k) => {
    const row = add(parent, choose ? 'button' : 'div', { className: 'bar' });
    if (choose) {
      row.type = 'button';
      row.addEventListener('click', () => choose(k));
    }
    const name = add(row, 'span'), bar = add(add(row, 'span', { className: 'track' }), 'i'), value = add(row, 'span');
    return { row, name, bar, value };
  });
}

function showBars(rows, y, right) {
  const best = y ? bestOf(y) : -1;
  rows.forEach(({ row, name, bar, value }, k) => {
    row.classList.toggle('best', k === best);
    row.classList.toggle('right', k === right);
    name.textContent = k === right ? `${k} ✓` : k;
    bar.style.width = `${y ? 100 * y[k] : 0}%`;
    value.textContent = y ? y[k].toFixed(3) : '';
  });
}

// ---- Charts

// Multiples of 1, 2 or 5 times a power of ten, at most `count` + 1 of them.
function roundNumbers(low, high, count) {
  const least = (high - low) / count, power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((s) => s * power).find((s) => s >= least * 0.999);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const numbers = [];
  for (let k = Math.ceil(low / step - 1e-9); k <= high / step + 1e-9; k++) numbers.push([k * step, (k * step).toFixed(decimals)]);
  return numbers;
}

// Lines and dots between two axes. x and y are the ends of the axes, and a tick is [number, label].
// `name` says what is to the right. A class gives the colour, so that the page can be dark.
function chart(svg, { x, y, xTicks, yTicks, lines, dots = [], name }) {
  const [LEFT, TOP, WIDTH, HEIGHT] = [52, 10, 356, 188];
  const px = (v) => (WIDTH * (v - x[0])) / (x[1] - x[0]), py = (v) => HEIGHT * (1 - (v - y[0]) / (y[1] - y[0]));
  const place = ([a, b]) => `${px(a).toFixed(1)},${py(b).toFixed(1)}`;
  const finite = (points) => points.filter(([a, b]) => Number.isFinite(a) && Number.isFinite(b));
  const parts = [];
  for (const [v, label] of yTicks) {
    const at = TOP + py(v);
    parts.push(`<path class="grid" d="M${LEFT} ${at.toFixed(1)}h${WIDTH}"/><text x="${LEFT - 6}" y="${(at + 4).toFixed(1)}" text-anchor="end">${label}</text>`);
  }
  for (const [v, label] of xTicks) {
    const at = (LEFT + px(v)).toFixed(1);
    parts.push(`<path class="grid" d="M${at} ${TOP}v${HEIGHT}"/><text x="${at}" y="${TOP + HEIGHT + 17}" text-anchor="middle">${label}</text>`);
  }
  parts.push(`<text x="${LEFT + WIDTH}" y="${TOP + HEIGHT + 34}" text-anchor="end">${name}</text>`);
  // An inner svg cuts off what is outside the axes.
  parts.push(`<svg x="${LEFT}" y="${TOP}" width="${WIDTH}" height="${HEIGHT}">`);
  for (const { points, look } of lines) parts.push(`<polyline class="${look}" points="${finite(points).map(place).join(' ')}"/>`);
  parts.push('</svg>');
  for (const [a, b] of finite(dots)) parts.push(`<circle cx="${(LEFT + px(a)).toFixed(1)}" cy="${(TOP + py(b)).toFixed(1)}" r="4"/>`);
  svg.innerHTML = parts.join('');
}
