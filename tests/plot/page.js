// Draws on the page as a hand would, and writes what the page shows into the document, one line each.
(async () => {
  // Ten digits as strokes of points [x, y], in a square from 0 to 100, y downwards.
  const DIGITS = [
    [[[50, 2], [30, 10], [18, 30], [15, 50], [18, 70], [30, 92], [50, 98], [68, 90], [80, 70], [84, 50], [80, 28], [68, 8], [50, 2]]],
    [[[56, 0], [53, 35], [50, 70], [48, 100]]],
    [[[18, 24], [24, 10], [40, 1], [58, 2], [72, 12], [74, 28], [66, 45], [48, 66], [28, 86], [14, 98], [40, 96], [88, 97]]],
    [[[18, 10], [36, 1], [56, 2], [72, 14], [72, 28], [60, 42], [40, 47], [62, 52], [78, 64], [80, 80], [68, 94], [48, 100], [28, 97], [14, 88]]],
    [[[36, 0], [26, 22], [14, 46], [10, 60], [40, 60], [90, 58]], [[68, 12], [66, 50], [64, 100]]],
    [[[30, 4], [26, 22], [22, 42], [40, 38], [60, 42], [76, 56], [78, 76], [66, 92], [46, 99], [28, 97], [14, 90]], [[30, 4], [56, 4], [84, 2]]],
    [[[64, 0], [46, 14], [30, 38], [22, 64], [26, 88], [44, 99], [64, 94], [76, 78], [70, 62], [54, 56], [36, 62], [24, 76]]],
    [[[12, 8], [46, 7], [86, 4], [70, 32], [54, 62], [42, 100]]],
    [[[70, 14], [54, 2], [36, 4], [28, 18], [36, 34], [56, 48], [72, 66], [72, 86], [56, 99], [36, 96], [26, 80], [34, 62], [52, 48], [70, 32], [70, 14]]],
    [[[74, 14], [58, 2], [38, 4], [24, 20], [28, 38], [46, 46], [64, 38], [74, 14], [74, 50], [70, 76], [66, 100]]],
  ];
  const SIZES = { normal: 0.6, small: 0.18, tiny: 0.07, large: 0.92 };

  const byId = (id) => document.getElementById(id);
  const board = byId('board');
  board.setPointerCapture = () => {}; // a pointer that a script made can't be captured
  const shown = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const lines = [];
  const write = (name, value) => lines.push(`${name}: ${value}`);
  const answer = () => byId('answer').textContent;

  function point(type, x, y) {
    const box = board.getBoundingClientRect();
    const init = { pointerId: 1, bubbles: true, cancelable: true, clientX: box.left + x * box.width, clientY: box.top + y * box.height };
    board.dispatchEvent(new PointerEvent(type, init));
  }
  async function draw(strokes, size) {
    byId('clear').click();
    const place = ([x, y]) => [0.5 + size * (x / 100 - 0.5), 0.5 + size * (y / 100 - 0.5)];
    for (const stroke of strokes) {
      point('pointerdown', ...place(stroke[0]));
      for (const next of stroke.slice(1)) point('pointermove', ...place(next));
      point('pointerup', ...place(stroke[stroke.length - 1]));
    }
    await shown();
  }

  write('at first', answer());
  for (const [name, size] of Object.entries(SIZES)) {
    for (let digit = 0; digit < 10; digit++) {
      await draw(DIGITS[digit], size);
      write(`${name} ${digit}`, answer());
    }
  }

  await draw([[[50, 50]]], 0.6);
  write('dot', answer());

  // The last stroke is taken back: the roof of the 5. The drawing without it has another picture.
  const seen = () => byId('seen').toDataURL();
  await draw(DIGITS[5].slice(0, 1), 0.6);
  const before = seen();
  await draw(DIGITS[5], 0.6);
  const changed = seen() !== before;
  byId('undo').click();
  await shown();
  write('undo', changed && seen() === before);

  byId('clear').click();
  const key = (name, shiftKey = false) => board.dispatchEvent(new KeyboardEvent('keydown', { key: name, shiftKey, bubbles: true, cancelable: true }));
  key('ArrowDown');
  await shown();
  write('one key', answer());
  for (let k = 0; k < 9; k++) key('ArrowDown');
  await shown();
  write('keys', answer());
  key('Backspace'); // all of the line is one stroke
  await shown();
  write('backspace', answer());

  // The slider: the net before and after learning.
  await draw(DIGITS[0], 0.6);
  const slider = byId('epoch');
  for (const k of [0, Number(slider.max)]) {
    slider.value = k;
    slider.dispatchEvent(new Event('input'));
    write(`net ${k}`, `${byId('when').textContent} | ${answer()}`);
  }
  write('answers', [...byId('answers').children].map((cell) => cell.textContent).join(' '));
  write('hidden units', byId('unit').textContent);

  if (!byId('random').hidden) byId('random').click();
  await shown();
  write('test image', `${answer()} | ${[...document.querySelectorAll('#bars .right')].map((row) => row.textContent)}`);

  // The net of the page, as numbers.
  const { nets, predict, prepare, redrawn } = window.fromZero;
  const run = JSON.parse(byId('run').textContent);
  for (const [index, , pixels] of run.images.slice(0, 20)) {
    const x = Float64Array.from(atob(pixels), (c) => c.charCodeAt(0) / 255);
    write(`y of ${index}`, predict(nets[nets.length - 1], x).y.join(' '));
  }
  // Digits as large pictures, and as they are prepared for the net.
  for (const digit of [0, 1, 4, 7]) {
    await draw(DIGITS[digit], 0.3);
    const data = redrawn(), side = Math.sqrt(data.length / 4);
    write(`picture of ${digit}`, data.filter((_, i) => i % 4 === 3).join(' '));
    write(`prepared ${digit}`, prepare(data, side).join(' '));
  }
  write('hidden', [...document.querySelectorAll('[hidden]')].map((element) => element.id).join(' '));
  write('errors', window.errors.join(' '));
  const result = document.createElement('pre');
  result.id = 'result';
  result.textContent = lines.join('\n');
  document.body.append(result);
})();
