'use strict';
(() => {
  const byId = (id) => document.getElementById(id);
  const SIDE = 28, PIXELS = SIDE * SIDE, CLASSES = 10;

  // ---- The nets: as they were at some epochs, and at the end

  const bytesOf = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const run = JSON.parse(byId('run').textContent);
  const nets = run.nets.map(({ numbers }) => netOf(bytesOf(numbers)));
  const end = nets.length - 1;

  // W1 (784, hidden), b1, W2 (hidden, 10), b2, row after row. Each part begins with its step, an
  // f64. Its numbers follow as 16-bit integers, and have to be multiplied by the step.
  function netOf(bytes) {
    const view = new DataView(bytes.buffer);
    let at = 0;
    const part = (length) => {
      const step = view.getFloat64(at, true);
      const numbers = Float64Array.from({ length }, (_, i) => step * view.getInt16(at + 8 + 2 * i, true));
      at += 8 + 2 * length;
      return numbers;
    };
    return { W1: part(PIXELS * run.hidden), b1: part(run.hidden), W2: part(run.hidden * CLASSES), b2: part(CLASSES) };
  }

  // ---- The forward pass of section 4.5.1

  const h = { sigmoid: (a) => 1 / (1 + Math.exp(-a)), relu: (a) => Math.max(0, a), step: (a) => (a > 0 ? 1 : 0) }[run.activation];

  // From 784 numbers, 0 (no ink) to 1, to the outputs z1 of the hidden units and ten probabilities y.
  // If the net's numbers are so large that these are no numbers, y is null.
  function predict({ W1, b1, W2, b2 }, x) {
    // a1 = x W1 + b1
    const a1 = Float64Array.from(b1);
    for (let i = 0; i < PIXELS; i++) {
      if (x[i] === 0) continue;
      for (let j = 0; j < a1.length; j++) a1[j] += x[i] * W1[i * a1.length + j];
    }
    // z1 = h(a1)
    const z1 = a1.map(h);
    // a2 = z1 W2 + b2
    const a2 = Float64Array.from(b2);
    for (let j = 0; j < z1.length; j++) {
      for (let k = 0; k < CLASSES; k++) a2[k] += z1[j] * W2[j * CLASSES + k];
    }
    const y = softmax(a2);
    return { z1, y: y.every(Number.isFinite) ? y : null };
  }

  // y_k = exp(a_k − max) / Σ exp(a_i − max)
  function softmax(a) {
    const max = Math.max(...a);
    const e = a.map((v) => Math.exp(v - max));
    const sum = e.reduce((s, v) => s + v, 0);
    return e.map((v) => v / sum);
  }

  // ---- Pictures of 28 × 28 pixels

  function paint(canvas, colourOf) {
    const context = canvas.getContext('2d');
    const image = context.createImageData(SIDE, SIDE);
    for (let i = 0; i < PIXELS; i++) image.data.set(colourOf(i), 4 * i);
    context.putImageData(image, 0, 0);
  }
  const grey = (value) => { const v = Math.round(255 * (1 - value)); return [v, v, v, 255]; };

  // The weights of hidden unit j: blue above 0, orange below, white at 0.
  function paintWeights(canvas, { W1 }, j) {
    const weight = (i) => W1[i * run.hidden + j];
    let largest = 0;
    for (let i = 0; i < PIXELS; i++) largest = Math.max(largest, Math.abs(weight(i)));
    const towards = (colour, share) => [...colour.map((c) => Math.round(255 - share * (255 - c))), 255];
    paint(canvas, (i) => {
      const w = weight(i) / (largest || 1);
      return w > 0 ? towards([0, 115, 178], w) : towards([214, 94, 0], -w);
    });
  }

  // The value of a pixel is shown under the mouse.
  function showValues(canvas, valueOf) {
    canvas.addEventListener('pointermove', (event) => {
      const row = Math.floor((SIDE * event.offsetY) / canvas.clientHeight);
      const column = Math.floor((SIDE * event.offsetX) / canvas.clientWidth);
      const value = valueOf(row * SIDE + column);
      canvas.title = value === undefined ? '' : `row ${row}, column ${column}: ${value.toFixed(3)}`;
    });
  }

  // ---- Ten probabilities as bars

  function barsIn(parent) {
    for (let digit = 0; digit < CLASSES; digit++) {
      const row = document.createElement('div');
      row.className = 'bar';
      row.innerHTML = '<span></span><i></i><span></span>';
      parent.append(row);
    }
    return [...parent.children];
  }
  const bestOf = (y) => y.indexOf(Math.max(...y));
  function showBars(rows, y, right) {
    const best = y ? bestOf(y) : -1;
    rows.forEach((row, k) => {
      row.classList.toggle('best', k === best);
      row.classList.toggle('right', k === right);
      row.children[0].textContent = k === right ? `${k} ✓` : k;
      row.children[1].style.width = `${y ? 100 * y[k] : 0}%`;
      row.children[2].textContent = y ? y[k].toFixed(3) : '';
      row.title = y ? `${k}: ${y[k]}` : '';
    });
  }

  const a = (digit) => (digit === 8 ? 'an 8' : `a ${digit}`);
  const imageOf = ([index, label, pixels]) => ({ index, label, x: Float64Array.from(bytesOf(pixels), (v) => v / 255) });

  // The test images that the net reads wrongly.
  for (const { index, label, x } of run.mistakes.map(imageOf)) {
    const { y } = predict(nets[end], x);
    const caption = y ? `${a(label)}, taken for ${a(bestOf(y))}` : a(label);
    const card = document.createElement('figure');
    card.innerHTML = `<canvas class="digit" width="28" height="28" role="img" aria-label="test image ${index}, ${caption}"></canvas>
      <div class="bars"></div><figcaption>${caption}<br>test image ${index.toLocaleString('en')}</figcaption>`;
    byId('mistakes').append(card);
    const [canvas, bars] = card.children;
    paint(canvas, (i) => grey(x[i]));
    showValues(canvas, (i) => x[i]);
    showBars(barsIn(bars), y, label);
  }
  if (run.mistakes.length === 0) byId('mistakes').textContent = 'None.';

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

  // Prepares a picture as MNIST's were. `beyond/own_digit.rs` does the same, and also knows paper and
  // thin strokes, which are not here. The ink is what is not transparent. Its box is scaled to
  // 20 × 20. Each pixel of the result is the mean over its cell.
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
  window.fromZero = { nets, predict, prepare, redrawn }; // for tests, and for the browser's console

  // ---- The answer

  let speaking = 0;
  function say(text) {
    byId('answer').textContent = text;
    // A screen reader is told when the pen rests, and not at every move.
    clearTimeout(speaking);
    speaking = setTimeout(() => { byId('spoken').textContent = text; }, 500);
  }

  // The rule: the net is sure if its largest probability is at least SURE, as in the command `predict`,
  // and there is more ink than a dot. Otherwise the page says so, and names the second best, too. Of the
  // answers to the test images after the book's run, 98 in 100 are right above SURE, and 57 in 100 below.
  const SURE = 0.7;
  function answer(y) {
    if (!y) return "The net's numbers are too large: its probabilities are no numbers.";
    const [best, second] = [...y.keys()].sort((a, b) => y[b] - y[a]);
    const named = (digit) => `${a(digit)} with ${(100 * y[digit]).toFixed(1)} %`;
    const isDot = !image && extent().longer <= DOT;
    if (y[best] >= SURE && !isDot) return `The net reads ${named(best)}.`;
    return `Not sure${isDot ? ', a dot is too little ink' : ''}: perhaps ${named(best)}, or ${named(second)}.`;
  }

  // ---- Everything that depends on the drawing and on the chosen net

  const bars = barsIn(byId('bars'));
  const slider = byId('epoch');
  let x = null, z1 = null, unit = 0;
  slider.max = slider.value = end;

  function read() {
    const net = nets[slider.value];
    x = image ? image.x : strokes.length > 0 ? prepare(redrawn(), SHEET) : null;
    const result = x && predict(net, x);
    z1 = result && result.z1;
    paint(byId('seen'), (i) => grey(x ? x[i] : 0));
    showBars(bars, result && result.y, image ? image.label : -1);
    const label = image ? ` Test image ${image.index.toLocaleString('en')}, ${a(image.label)}.` : '';
    say(result ? answer(result.y) + label : 'Nothing drawn yet.');
    showAnswers();
    showUnits();
  }

  // What the net of each epoch reads.
  const cells = nets.map((_, k) => {
    const cell = document.createElement('span');
    cell.append(document.createElement('i'), '');
    cell.addEventListener('click', () => { slider.value = k; choose(); });
    byId('answers').append(cell);
    return cell;
  });
  byId('epochs').hidden = end === 0;
  function showAnswers() {
    cells.forEach((cell, k) => {
      const y = x && predict(nets[k], x).y;
      cell.lastChild.data = y ? bestOf(y) : '–';
      cell.firstChild.style.opacity = y ? 0.6 * Math.max(...y) : 0;
      cell.classList.toggle('chosen', k === Number(slider.value));
      cell.title = y ? `${when(k)}; here ${a(bestOf(y))} with ${y[bestOf(y)].toFixed(3)}` : when(k);
    });
  }

  // ---- The hidden units

  const SHOWN = Math.min(run.hidden, 100), COLUMNS = 10, SQUARE = 24, GAP = 4;
  for (const place of document.querySelectorAll('.shown')) {
    place.textContent = SHOWN < run.hidden ? `the first ${SHOWN} of ${run.hidden} hidden units` : `all ${SHOWN} hidden units`;
  }
  const lights = byId('lights');
  lights.width = COLUMNS * SQUARE;
  lights.height = Math.ceil(SHOWN / COLUMNS) * SQUARE;
  function showUnits() {
    const context = lights.getContext('2d');
    context.clearRect(0, 0, lights.width, lights.height);
    // A sigmoid's output is at most 1. Other outputs are shown as shares of the largest.
    const most = z1 && run.activation !== 'sigmoid' ? Math.max(...z1) || 1 : 1;
    for (let j = 0; j < SHOWN; j++) {
      const level = Math.round(30 + 225 * (z1 ? z1[j] / most : 0));
      context.fillStyle = `rgb(${level}, ${level}, ${level})`;
      const left = (j % COLUMNS) * SQUARE, top = Math.floor(j / COLUMNS) * SQUARE;
      context.fillRect(left + GAP / 2, top + GAP / 2, SQUARE - GAP, SQUARE - GAP);
      if (j !== unit) continue;
      context.strokeStyle = '#56b4e9';
      context.lineWidth = GAP;
      context.strokeRect(left + GAP / 2, top + GAP / 2, SQUARE - GAP, SQUARE - GAP);
    }
    byId('unit').textContent = `Weights of unit ${unit}${z1 ? `: z1 = ${z1[unit].toFixed(3)}` : ''}`;
    paintWeights(byId('weights'), nets[slider.value], unit);
  }
  function chooseUnit(event) {
    const column = Math.floor((COLUMNS * event.offsetX) / lights.clientWidth);
    const row = Math.floor((lights.height / SQUARE) * (event.offsetY / lights.clientHeight));
    const j = row * COLUMNS + column;
    if (j < 0 || j >= SHOWN || j === unit) return;
    unit = j;
    showUnits();
  }
  lights.addEventListener('pointermove', chooseUnit);
  lights.addEventListener('pointerdown', chooseUnit);

  const pictures = Array.from({ length: SHOWN }, (_, j) => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = SIDE;
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', `weights of hidden unit ${j}`);
    canvas.title = `hidden unit ${j}`;
    byId('units').append(canvas);
    return canvas;
  });
  showValues(byId('seen'), (i) => (x ? x[i] : 0));
  showValues(byId('weights'), (i) => nets[slider.value].W1[i * run.hidden + unit]);

  // ---- The slider over the epochs

  function when(k) {
    const { iteration, test } = run.nets[k];
    const number = iteration.toLocaleString('en');
    const share = test === 'NaN' ? '' : `: it reads ${(100 * test).toFixed(2)} % of the test images`;
    return (Number(k) === end ? `the end, after ${number} updates` : `iteration ${number}`) + share;
  }
  function choose() {
    byId('when').textContent = when(slider.value);
    slider.setAttribute('aria-valuetext', when(slider.value));
    pictures.forEach((canvas, j) => paintWeights(canvas, nets[slider.value], j));
    read();
  }
  slider.addEventListener('input', choose);

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
  byId('random').addEventListener('click', () => {
    clear();
    image = imageOf(run.images[Math.floor(Math.random() * run.images.length)]);
  });

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

  choose();
})();
