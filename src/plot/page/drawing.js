// The square to draw in, and the preparation of a drawing for the net.

// ---- The drawing: strokes, each a list of points. The square goes from 0 to 1.

const strokes = [];
let image = null; // a test image in place of the strokes

// Draws the strokes with a round pen. `place` moves a point of the square to the canvas.
function drawStrokes(context, width, place) {
  context.lineWidth = width;
  context.lineCap = context.lineJoin = 'round';
  context.strokeStyle = '#1b1b1f';
  for (const stroke of strokes) {
    // A line without a length would be invisible, so it begins a little beside its first point.
    const [x, y] = place(stroke[0]);
    context.beginPath();
    context.moveTo(x + 0.01, y);
    for (const point of stroke) context.lineTo(...place(point));
    context.stroke();
  }
}

// The box around the strokes. A stroke may leave the square.
function extent() {
  let left = Infinity, right = -Infinity, top = Infinity, bottom = -Infinity;
  for (const { x, y } of strokes.flat()) {
    left = Math.min(left, x); right = Math.max(right, x);
    top = Math.min(top, y); bottom = Math.max(bottom, y);
  }
  return { x: (left + right) / 2, y: (top + bottom) / 2, longer: Math.max(right - left, bottom - top) };
}

// MNIST's digits have strokes of about two pixels, whatever their size was on paper. So the strokes
// are drawn again for the net: the longer side is 200 pixels, and the pen is a ninth of it wide.
const DIGIT = 200, PEN = DIGIT / 9, SHEET = 240;
const DOT = 0.02; // a drawing is a dot if its longer side is at most this part of the square
const sheet = document.createElement('canvas');
sheet.width = sheet.height = SHEET;
const sheetInk = sheet.getContext('2d', { willReadFrequently: true });
function redrawn() {
  const { x, y, longer } = extent();
  const scale = DIGIT / Math.max(longer, DOT);
  sheetInk.clearRect(0, 0, SHEET, SHEET);
  drawStrokes(sheetInk, PEN, (p) => [SHEET / 2 + scale * (p.x - x), SHEET / 2 + scale * (p.y - y)]);
  return sheetInk.getImageData(0, 0, SHEET, SHEET).data;
}

// Prepares a picture as MNIST's were, as src/trained/own_digit.rs does, which also knows paper and thin
// strokes. The ink is what is not transparent. Its box is scaled to 20 × 20. Each pixel of the result is
// the mean over its cell.
function prepare(data, size) {
  const inkAt = (x, y) => {
    const ink = x < size && y < size ? data[4 * (y * size + x) + 3] / 255 : 0;
    return ink < 0.05 ? 0 : ink; // the faint edge of a stroke does not make the box larger
  };
  let left = size, right = 0, top = size, bottom = 0, mass = 0, mx = 0, my = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const ink = inkAt(x, y);
      if (ink === 0) continue;
      left = Math.min(left, x); right = Math.max(right, x + 1);
      top = Math.min(top, y); bottom = Math.max(bottom, y + 1);
      mass += ink; mx += ink * (x + 0.5); my += ink * (y + 0.5);
    }
  }
  if (mass === 0) return null;
  const longer = Math.max(right - left, bottom - top), cell = longer / 20;
  // The first row or column of the box: the centre of mass comes nearest to the middle of pixel 14,
  // counted from 0, and no part leaves the picture.
  const place = (centre, start, end) =>
    Math.min(Math.max(Math.round(14.5 - (centre / mass - start) / cell), 0), SIDE - Math.ceil((20 * (end - start)) / longer));
  const x0 = left - place(mx, left, right) * cell, y0 = top - place(my, top, bottom) * cell;

  const pixels = new Float64Array(PIXELS);
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const xs = x0 + column * cell, ys = y0 + row * cell;
      let sum = 0;
      for (let y = Math.max(0, Math.floor(ys)); y < ys + cell; y++) {
        const high = Math.min(y + 1, ys + cell) - Math.max(y, ys);
        for (let x = Math.max(0, Math.floor(xs)); x < xs + cell; x++) {
          sum += high * (Math.min(x + 1, xs + cell) - Math.max(x, xs)) * inkAt(x, y);
        }
      }
      pixels[row * SIDE + column] = sum / (cell * cell);
    }
  }
  const peak = Math.max(...pixels);
  return pixels.map((v) => v / peak);
}

// ---- The square

const board = byId('board');
function redraw() {
  // As many pixels as the screen has.
  const size = Math.round(board.clientWidth * devicePixelRatio);
  if (board.width !== size) board.width = board.height = size;
  const context = board.getContext('2d');
  context.clearRect(0, 0, size, size);
  if (image) {
    context.imageSmoothingEnabled = false;
    context.drawImage(byId('seen'), 0, 0, size, size);
  }
  drawStrokes(context, size / 19, (p) => [size * p.x, size * p.y]);
}
let waiting = false;
function readSoon() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; read(); redraw(); });
}
new ResizeObserver(redraw).observe(board);

function beginStroke(point) {
  image = null;
  strokes.push([point]);
  readSoon();
}
function continueStroke(point) {
  strokes[strokes.length - 1].push(point);
  readSoon();
}

let pointer = null;
const place = (event) => {
  const box = board.getBoundingClientRect();
  return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
};
board.addEventListener('pointerdown', (event) => {
  // One pointer draws; a second finger or a resting hand does not.
  if (event.button !== 0 || pointer !== null) return;
  event.preventDefault();
  pointer = event.pointerId;
  board.setPointerCapture(pointer);
  hidePen();
  beginStroke(place(event));
});
board.addEventListener('pointermove', (event) => {
  if (event.pointerId !== pointer) return;
  // Some browsers collect several moves in one event.
  const points = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
  for (const point of points.length > 0 ? points : [event]) continueStroke(place(point));
});
for (const name of ['pointerup', 'pointercancel', 'lostpointercapture']) {
  board.addEventListener(name, (event) => { if (event.pointerId === pointer) pointer = null; });
}

// ---- The buttons

function undo() {
  if (image) image = null;
  else strokes.pop();
  pointer = null;
  penIsDown = false;
  readSoon();
}
function clear() {
  strokes.length = 0;
  pen = FIRST_PLACE;
  undo();
  if (!byId('pen').hidden) showPen();
}
byId('undo').addEventListener('click', undo);
byId('clear').addEventListener('click', clear);
byId('random').hidden = run.images.length === 0;
byId('random').addEventListener('click', () => showImage(imageOf(run.images[Math.floor(Math.random() * run.images.length)])));

// Puts a test image into the square.
function showImage(next) {
  clear();
  image = next;
}

// ---- With the keyboard: arrow keys draw from the pen, with shift they move it.

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FIRST_PLACE = { x: 0.5, y: 0.25 };
let pen = FIRST_PLACE, penIsDown = false;
function showPen() {
  byId('pen').hidden = false;
  byId('pen').style.left = `${100 * pen.x}%`;
  byId('pen').style.top = `${100 * pen.y}%`;
}
function hidePen() {
  byId('pen').hidden = true;
  penIsDown = false;
}
board.addEventListener('focus', () => { if (board.matches(':focus-visible')) showPen(); });
board.addEventListener('blur', hidePen);
board.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === 'Escape') clear();
  if (event.key === 'Backspace') undo();
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  const within = (v) => Math.min(Math.max(v, 0), 1);
  const next = { x: within(pen.x + step[0] / 20), y: within(pen.y + step[1] / 20) };
  if (!event.shiftKey) {
    if (!penIsDown) beginStroke(pen);
    continueStroke(next);
  }
  penIsDown = !event.shiftKey;
  pen = next;
  showPen();
});
