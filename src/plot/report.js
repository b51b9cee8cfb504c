'use strict';
(() => {
  const byId = (id) => document.getElementById(id);
  const SIDE = 28, PIXELS = SIDE * SIDE, CLASSES = 10;

  // The trained net: W1 (784, hidden), b1, W2 (hidden, 10), b2, row after row.
  const bytesOf = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const floatsOf = (base64) => {
    const view = new DataView(bytesOf(base64).buffer);
    return Float64Array.from({ length: view.byteLength / 8 }, (_, i) => view.getFloat64(8 * i, true));
  };
  const net = JSON.parse(byId('net').textContent);
  const W1 = floatsOf(net.W1), b1 = floatsOf(net.b1), W2 = floatsOf(net.W2), b2 = floatsOf(net.b2);
  const h = { sigmoid: (a) => 1 / (1 + Math.exp(-a)), relu: (a) => Math.max(0, a), step: (a) => (a > 0 ? 1 : 0) }[net.activation];

  // The forward pass: 784 numbers from 0 to 1 to ten probabilities.
  function predict(x) {
    const a1 = Float64Array.from(b1);
    for (let i = 0; i < PIXELS; i++) {
      if (x[i] === 0) continue;
      for (let j = 0; j < net.hidden; j++) a1[j] += x[i] * W1[i * net.hidden + j];
    }
    const a2 = Float64Array.from(b2);
    for (let j = 0; j < net.hidden; j++) {
      const z = h(a1[j]);
      for (let k = 0; k < CLASSES; k++) a2[k] += z * W2[j * CLASSES + k];
    }
    const max = Math.max(...a2);
    const e = a2.map((a) => Math.exp(a - max));
    const sum = e.reduce((s, v) => s + v, 0);
    return e.map((v) => v / sum);
  }
  window.fromZero = { predict, prepare };

  // ---- Pictures of 28 × 28 pixels

  function paint(canvas, colourOf) {
    const context = canvas.getContext('2d');
    const image = context.createImageData(SIDE, SIDE);
    for (let i = 0; i < PIXELS; i++) image.data.set(colourOf(i), 4 * i);
    context.putImageData(image, 0, 0);
  }
  const grey = (value) => { const v = Math.round(255 * (1 - value)); return [v, v, v, 255]; };
  for (const canvas of document.querySelectorAll('canvas[data-pixels]')) {
    const pixels = bytesOf(canvas.dataset.pixels);
    paint(canvas, (i) => grey(pixels[i] / 255));
  }

  for (let j = 0; j < Math.min(net.hidden, 100); j++) {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = SIDE;
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', `weights of hidden unit ${j}`);
    canvas.title = `hidden unit ${j}`;
    let largest = 0;
    for (let i = 0; i < PIXELS; i++) largest = Math.max(largest, Math.abs(W1[i * net.hidden + j]));
    paint(canvas, (i) => {
      const w = W1[i * net.hidden + j] / (largest || 1);
      const rest = Math.round(255 * (1 - Math.abs(w)));
      return w > 0 ? [rest, Math.round(0.55 * rest + 115), 255 - Math.round(0.3 * (255 - rest)), 255]
                   : [255 - Math.round(0.16 * (255 - rest)), Math.round(0.63 * rest + 94), rest, 255];
    });
    byId('units').append(canvas);
  }

  // ---- The bars of ten probabilities

  const rows = Array.from({ length: CLASSES }, (_, digit) => {
    const row = document.createElement('div');
    row.className = 'bar';
    row.innerHTML = `<span>${digit}</span><i></i><span></span>`;
    byId('bars').append(row);
    return row;
  });
  let speaking = 0;
  function say(text) {
    byId('answer').textContent = text;
    // A screen reader is told when the pen rests, and not at every move.
    clearTimeout(speaking);
    speaking = setTimeout(() => { byId('spoken').textContent = text; }, 500);
  }
  const a = (digit) => (digit === 8 ? 'an 8' : `a ${digit}`);
  function show(y) {
    const broken = y && !y.every(Number.isFinite);
    if (broken) y = null;
    const best = y ? y.indexOf(Math.max(...y)) : -1;
    if (broken) say("The net's numbers are too large: its probabilities are no numbers.");
    else if (y) say(`The net reads ${a(best)}, with ${(100 * y[best]).toFixed(1)} %.`);
    else say('Nothing drawn yet.');
    rows.forEach((row, k) => {
      row.classList.toggle('best', k === best);
      row.children[1].style.width = `${y ? 9 * y[k] : 0}rem`;
      row.children[2].textContent = y ? y[k].toFixed(3) : '';
    });
  }

  // ---- The drawing, prepared as MNIST's images were

  const board = byId('board'), ink = board.getContext('2d', { willReadFrequently: true });
  const SIZE = board.width;

  // Its box scaled to 20 × 20, its centre of mass in the middle of 28 × 28. The ink is what is not
  // transparent; each small pixel is the mean over the rectangle of large ones that it covers.
  function prepare(data, size) {
    const alpha = (x, y) => (x < 0 || y < 0 || x >= size || y >= size ? 0 : data[4 * (y * size + x) + 3] / 255);
    let left = size, right = -1, top = size, bottom = -1, mass = 0, mx = 0, my = 0;
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const a = alpha(x, y);
        if (a < 0.1) continue;
        left = Math.min(left, x); right = Math.max(right, x);
        top = Math.min(top, y); bottom = Math.max(bottom, y);
        mass += a; mx += a * (x + 0.5); my += a * (y + 0.5);
      }
    }
    if (mass === 0) return null;
    const cell = Math.max(right - left + 1, bottom - top + 1) / 20;
    const x0 = mx / mass - 14 * cell, y0 = my / mass - 14 * cell;
    const pixels = new Float64Array(PIXELS);
    for (let row = 0; row < SIDE; row++) {
      for (let column = 0; column < SIDE; column++) {
        const xs = x0 + column * cell, ys = y0 + row * cell;
        let sum = 0, area = 0;
        for (let y = Math.floor(ys); y < ys + cell; y++) {
          const high = Math.min(y + 1, ys + cell) - Math.max(y, ys);
          for (let x = Math.floor(xs); x < xs + cell; x++) {
            const part = high * (Math.min(x + 1, xs + cell) - Math.max(x, xs));
            sum += part * alpha(x, y);
            area += part;
          }
        }
        pixels[row * SIDE + column] = sum / area;
      }
    }
    return pixels;
  }

  function read() {
    const pixels = prepare(ink.getImageData(0, 0, SIZE, SIZE).data, SIZE);
    paint(byId('seen'), (i) => grey(pixels ? pixels[i] : 0));
    show(pixels && predict(pixels));
  }

  const colour = () => getComputedStyle(board).color;
  function stroke(from, to) {
    ink.strokeStyle = colour();
    ink.lineWidth = SIZE / 13;
    ink.lineCap = ink.lineJoin = 'round';
    ink.beginPath();
    ink.moveTo(from.x, from.y);
    ink.lineTo(to.x, to.y);
    ink.stroke();
  }

  // What is drawn stays to be seen when the colour scheme changes.
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    ink.globalCompositeOperation = 'source-in';
    ink.fillStyle = colour();
    ink.fillRect(0, 0, SIZE, SIZE);
    ink.globalCompositeOperation = 'source-over';
  });

  let last = null, pointer = null, waiting = false;
  function readSoon() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; read(); });
  }
  const place = (event) => {
    const box = board.getBoundingClientRect();
    const at = (client, start, length) => ((client - start) / length) * SIZE;
    return { x: at(event.clientX, box.left, box.width), y: at(event.clientY, box.top, box.height) };
  };
  board.addEventListener('pointerdown', (event) => {
    // One pointer draws; a second finger or a resting hand does not.
    if (event.button !== 0 || pointer !== null) return;
    event.preventDefault();
    pointer = event.pointerId;
    board.setPointerCapture(pointer);
    byId('pen').hidden = true;
    last = place(event);
    stroke(last, { x: last.x + 0.01, y: last.y });
    readSoon();
  });
  board.addEventListener('pointermove', (event) => {
    if (event.pointerId !== pointer || !last) return;
    for (const point of event.getCoalescedEvents ? event.getCoalescedEvents() : [event]) {
      const next = place(point);
      stroke(last, next);
      last = next;
    }
    readSoon();
  });
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture']) {
    board.addEventListener(end, (event) => { if (event.pointerId === pointer) pointer = last = null; });
  }

  const FIRST_PLACE = { x: SIZE / 2, y: SIZE / 4 };
  let pen = FIRST_PLACE;
  function clear() {
    ink.clearRect(0, 0, SIZE, SIZE);
    last = null;
    pen = FIRST_PLACE;
    if (!byId('pen').hidden) showPen();
    read();
  }
  byId('clear').addEventListener('click', clear);

  // With the keyboard: arrow keys draw from the pen, with shift they move it.
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  function showPen() {
    byId('pen').hidden = false;
    byId('pen').style.left = `${(100 * pen.x) / SIZE}%`;
    byId('pen').style.top = `${(100 * pen.y) / SIZE}%`;
  }
  board.addEventListener('focus', () => { if (board.matches(':focus-visible')) showPen(); });
  board.addEventListener('blur', () => { byId('pen').hidden = true; });
  board.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'Escape') clear();
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const within = (v) => Math.min(Math.max(v, 0), SIZE);
    const next = { x: within(pen.x + (step[0] * SIZE) / 20), y: within(pen.y + (step[1] * SIZE) / 20) };
    if (!event.shiftKey) stroke(pen, next);
    pen = next;
    showPen();
    readSoon();
  });

  read();
})();
