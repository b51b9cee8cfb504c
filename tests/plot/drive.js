// Uses the page as a hand would, and writes what it shows into the document, one line each.
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

  const { nets, run, forward, prepare, redrawn, imageOf, showImage } = window.fromZero;
  const byId = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const board = byId('board');
  board.setPointerCapture = () => {}; // a pointer that a script made can't be captured
  const shown = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const lines = [];
  const write = (name, value) => lines.push(`${name}: ${value}`);
  const text = (id) => byId(id).textContent;
  const answer = () => text('answer');
  // The grey or the colour of the pixels of a picture.
  const colours = (canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, 28, 28);
    return Array.from({ length: 784 }, (_, i) => data.slice(4 * i, 4 * i + 3).join(','));
  };

  function point(type, x, y, pointerId = 1) {
    const box = board.getBoundingClientRect();
    const init = { pointerId, bubbles: true, cancelable: true, clientX: box.left + x * box.width, clientY: box.top + y * box.height };
    board.dispatchEvent(new PointerEvent(type, init));
  }
  async function draw(strokes, size, secondFinger = false) {
    byId('clear').click();
    const place = ([x, y]) => [0.5 + size * (x / 100 - 0.5), 0.5 + size * (y / 100 - 0.5)];
    for (const stroke of strokes) {
      point('pointerdown', ...place(stroke[0]));
      for (const next of stroke.slice(1)) {
        point('pointermove', ...place(next));
        if (!secondFinger) continue;
        point('pointerdown', 0.95, 0.95, 2);
        point('pointermove', 0.05, 0.95, 2);
        point('pointerup', 0.05, 0.95, 2);
      }
      point('pointerup', ...place(stroke[stroke.length - 1]));
    }
    await shown();
  }
  const change = (id, value, kind = 'input') => {
    byId(id).value = value;
    byId(id).dispatchEvent(new Event(kind, { bubbles: true }));
  };
  const cards = all('.card'), units = all('#units .unit'), cells = [...byId('answers').children];

  // ---- The start, drawing, and the keyboard

  write('at first', answer());
  write('buttons', `${text('undo')} ${text('clear')}`);
  write('activation', byId('activation').value);
  for (const [name, size] of Object.entries(SIZES)) {
    const read = [];
    for (let digit = 0; digit < 10; digit++) {
      await draw(DIGITS[digit], size);
      read.push(text('digit'));
    }
    write(`drawn ${name}`, read.join(' '));
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
  await draw(DIGITS[5].slice(0, 1), 0.6, true);
  write('second finger draws', seen() !== before);

  const key = (name, shiftKey = false, target = board) => target.dispatchEvent(new KeyboardEvent('keydown', { key: name, shiftKey, bubbles: true, cancelable: true }));
  key('Escape');
  await shown();
  write('escape', answer());
  for (let k = 0; k < 3; k++) key('ArrowRight', true);
  await shown();
  write('shift', `${answer()} ${byId('pen').style.left}`);
  key('Escape');
  for (let k = 0; k < 10; k++) key('ArrowDown');
  await shown();
  write('keys', text('digit'));
  key('Backspace'); // all of the line is one stroke
  await shown();
  write('backspace', answer());
  key('ArrowUp', true);
  key('ArrowUp', true);
  key('ArrowLeft', true);
  write('pen', `${byId('pen').style.left} ${byId('pen').style.top}`);
  // Of two strokes, the last one is taken back.
  await draw(DIGITS[5], 0.6);
  key('Backspace');
  await shown();
  write('backspace takes one stroke', seen() === before);

  // What the square shows: a stroke where it was drawn, a test image as the small picture has it.
  const inkAt = (canvas, x, y) => {
    const { width, height } = canvas;
    const [r, , , a] = canvas.getContext('2d').getImageData(Math.floor(x * width), Math.floor(y * height), 1, 1).data;
    return a > 128 && r < 128;
  };
  await draw([[[10, 20], [90, 20]]], 1);
  write('square', `${inkAt(board, 0.5, 0.2)} ${inkAt(board, 0.2, 0.5)} ${inkAt(board, 0.5, 0.8)}`);
  const { random } = Math;
  if (run.images.length > 0) {
    Math.random = () => 0.35;
    byId('random').click();
    Math.random = random;
    await shown();
  }
  write('random', answer());
  const middles = Array.from({ length: 784 }, (_, i) => [(i % 28 + 0.5) / 28, (Math.floor(i / 28) + 0.5) / 28]);
  const inks = (canvas) => middles.map(([x, y]) => (inkAt(canvas, x, y) ? 1 : 0)).join('');
  write('square is the image', inks(board) === inks(byId('seen')) && inks(board).includes('1'));
  byId('clear').click();

  // ---- Every test image of the page: the answer, the bars, the mark of the right digit

  for (const [n, entry] of run.images.entries()) {
    // Every fifth, and those that tell a threshold of 0.5 from one of 0.7.
    const largest = Math.max(...forward(nets[nets.length - 1], imageOf(entry).x).y);
    if (n % 5 !== 0 && (largest < 0.5 || largest > 0.7)) continue;
    showImage(imageOf(entry));
    await shown();
    write(`image ${n}`, `${text('digit')} | ${answer()}`);
    if (n % 20 !== 0) continue;
    const rows = all('#bars .bar');
    write(`widths ${n}`, rows.map((row) => parseFloat(row.querySelector('i').style.width)).join(' '));
    write(`values ${n}`, rows.map((row) => row.children[2].textContent).join(' '));
    write(`marked ${n}`, rows.filter((row) => row.textContent.includes('✓') && row.classList.contains('right')).map((row) => rows.indexOf(row)));
    write(`best ${n}`, rows.filter((row) => row.classList.contains('best')).map((row) => rows.indexOf(row)));
    write(`y ${n}`, forward(nets[nets.length - 1], imageOf(entry).x).y.join(' '));
    if (n === 0) write('seen', colours(byId('seen')).map((colour) => colour.split(',')[0]).join(' '));
  }

  // ---- Why: the units for and against, their bars, another digit, another unit

  if (run.images.length > 0) {
    showImage(imageOf(run.images[0]));
    await shown();
    write('why', text('why-title'));
    for (const side of ['for', 'against']) {
      const buttons = all(`#${side} .unit`).filter((button) => !button.hidden);
      write(side, buttons.map((button) => button.getAttribute('aria-label')).join(' | '));
      write(`picture ${side}`, buttons.length > 0 ? colours(buttons[0].querySelector('canvas')).join(' ') : '');
    }
    const pressed = () => all('#bars .bar').findIndex((row) => row.getAttribute('aria-pressed') === 'true');
    write('sides', all('.sides h3').map((title) => `${title.textContent}: ${title.nextElementSibling.id}`).join(', '));
    write('pressed bar', pressed());
    write('units title', text('units-title'));
    write('score', text('score'));
    write('z1', units.map((unit) => parseFloat(unit.querySelector('i').style.width)).join(' '));
    all('#bars .bar')[5].click();
    write('why other', text('why-title'));
    write('pressed bar other', pressed());
    write('score other', text('score'));
    units[units.length - 1].click();
    write('unit', text('unit-text'));
    // The weight under the mouse, in row 14 and column 10.
    const large = byId('unit'), box = large.getBoundingClientRect();
    const [clientX, clientY] = [box.left + (10.5 / 28) * box.width, box.top + (14.5 / 28) * box.height];
    large.dispatchEvent(new PointerEvent('pointermove', { clientX, clientY, bubbles: true }));
    write('weight under the mouse', large.title);
    write('pressed units', units.filter((unit) => unit.getAttribute('aria-pressed') === 'true').map((unit) => units.indexOf(unit)));
    const most = all('#for .unit')[0];
    most.click();
    write('most', `${most.getAttribute('aria-label')} | ${text('unit-text')}`);
    units[units.length - 1].click();
  }

  // ---- The slider, its cells, and the curves

  const slider = byId('epoch');
  await draw(DIGITS[0], 0.6);
  const wide = byId('epochs').hidden ? [] : nets;
  for (const k of wide.keys()) {
    change('epoch', k);
    write(`net ${k}`, `${text('when')} | ${text('digit')}`);
    write(`spoken value ${k}`, byId('epoch').getAttribute('aria-valuetext'));
    write(`chosen ${k}`, cells.filter((cell) => cell.classList.contains('chosen')).map((cell) => cells.indexOf(cell)));
    write(`weights ${k}`, colours(byId('unit')).join(' '));
    write(`gallery ${k}`, colours(units[1].querySelector('canvas')).join(' '));
    const ends = all('.curve').map((curve) => {
      const [, , top, bottom] = curve.dataset.frame.split(' ').map(Number);
      return curve.querySelector('.mark').getAttribute('d').endsWith(` ${top}V${bottom}`) && bottom > top + 100;
    });
    write(`mark ends ${k}`, ends.join(' '));
    write(`marks ${k}`, all('.mark').map((mark) => mark.getAttribute('d').match(/^M([\d.]+)/)[1]).join(' '));
  }
  write('cells', cells.map((cell) => cell.textContent).join(' '));
  cells.forEach((cell, k) => write(`title ${k}`, cell.title));
  write('shades', cells.map((cell) => cell.firstChild.style.opacity).join(' '));
  await wait(700); // the pen rests
  write('spoken', text('spoken') === answer() && answer() !== '');
  if (wide.length > 2) {
    cells[1].click();
    write('clicked cell', slider.value);
    for (const [n, svg] of all('.curve svg').entries()) {
      const box = svg.getBoundingClientRect();
      svg.dispatchEvent(new MouseEvent('click', { clientX: box.left + 2, clientY: box.top + 5 }));
      write(`clicked curve ${n} left`, slider.value);
      svg.dispatchEvent(new MouseEvent('click', { clientX: box.right - 2, clientY: box.top + 5 }));
      write(`clicked curve ${n} right`, slider.value);
    }
  }
  change('epoch', nets.length - 1);

  // ---- The confusion matrix and the mistakes

  const table = all('#confusion tr').slice(1).map((row) => [...row.querySelectorAll('td')]);
  write('table', table.map((row) => row.map((cell) => cell.textContent.replaceAll(',', '') || 0).join(' ')).join(' '));
  write('alphas', table.flat().map((cell) => cell.style.getPropertyValue('--alpha')).join(' '));
  const filled = table.flat().findIndex((cell, k) => cell.querySelector('button') && k % 11 !== 0);
  if (filled >= 0) {
    table.flat()[filled].querySelector('button').click();
    await shown();
    write('cell', `${Math.floor(filled / 10)} ${filled % 10} | ${text('digit')} | ${answer()}`);
    write('cell label', table.flat()[filled].querySelector('button').getAttribute('aria-label'));
  }
  write('heads', all('#confusion th').map((head) => head.textContent).join(' '));
  write('diagonal', table.flat().every((cell, k) => cell.className === (k % 11 === 0 ? 'right' : 'wrong')));
  write('counts in the text', [text('learn-text'), text('batch-all'), text('weight-text')].map((s) => (s.match(/[\d,]{2,}/) || ['0'])[0].replaceAll(',', '')).join(' '));
  write('card bars', cards.map((card) => [...card.querySelectorAll('.bar')].map((row) => row.children[2].textContent).join(' ')).join(' '));
  write('card pictures', cards.map((card) => colours(card.querySelector('canvas')).map((colour) => colour.split(',')[0]).join(' ')).join(' '));
  write('captions', cards.map((card) => card.querySelector('.caption').textContent).join(' | '));
  write('ticks', cards.map((card) => [...card.querySelectorAll('.bar')].findIndex((row) => row.textContent.includes('✓'))).join(' '));
  if (cards.length > 0) {
    cards[0].click();
    await shown();
    write('mistake', `${text('digit')} | ${answer()}`);
  }

  // ---- Let it learn

  const learner = () => `${text('learner-step')} ${text('learner-loss')} ${text('learner-right').split(' ')[0]}`;
  if (!byId('learn').hidden) {
    byId('restart').click();
    write('learner at first', learner());
    const reading = text('learner-answer');
    change('batch', 'all', 'change');
    byId('one-step').click();
    write('learner after one step', learner());
    byId('ten-steps').click();
    write('learner after eleven steps', learner());
    write('spoken counters', text('spoken'));
    write('shown counters', document.querySelector('.counters').textContent);
    write('rate and batch', `${byId('rate').selectedOptions[0].textContent} ${byId('batch').selectedOptions[0].textContent}`);
    write('rows of numbers', all('.numbers tr').map((row) => `${row.querySelector('th').textContent}: ${row.querySelector('td').id}`).join(', '));
    write('learner picture', colours(all('#learner-units .unit')[1].querySelector('canvas')).join(' '));
    write('loss chart', all('#loss-chart text').map((label) => label.textContent).join(' '));
    write('loss chart dot', byId('loss-chart').querySelector('circle').getAttribute('cx'));
    change('batch', '100', 'change');
    byId('restart').click();
    byId('one-step').click();
    const first = learner();
    byId('restart').click();
    byId('one-step').click();
    write('learner repeats', learner() === first && first.startsWith('1 '));
    change('batch', '10', 'change');
    byId('restart').click();
    byId('one-step').click();
    write('fewer images', learner() !== first);
    change('batch', 'all', 'change');
    change('rate', '0.1', 'change');
    byId('restart').click();
    byId('one-step').click();
    write('learner at another rate', learner());
    change('batch', '100', 'change');
    change('rate', '0.5', 'change');
    byId('restart').click();
    byId('one-step').click();
    byId('run-learner').click();
    write('run button', text('run-learner'));
    for (let k = 0; k < 400 && parseInt(text('learner-step').replace(',', ''), 10) < 100; k++) await wait(5);
    byId('run-learner').click();
    const after = learner();
    await wait(50);
    write('learner after a run', `${after} | ${learner() === after} | ${text('run-learner')}`);
    write('learner reads', text('learner-answer') !== reading);
    write('loss curve', byId('loss-chart').querySelectorAll('polyline')[0].getAttribute('points').split(' ').length);
    change('activation', 'relu', 'change');
    write('learner with relu', learner());
    change('activation', 'sigmoid', 'change');
    byId('rate').add(new Option('1e300'));
    change('rate', '1e300', 'change');
    byId('ten-steps').click();
    write('diverged', byId('diverged').hidden);
    change('rate', '0.5', 'change');

    // ---- One weight, both ways: of the net that has learned nothing

    byId('restart').click();
    const numbers = () => ['value', 'above', 'below', 'quotient', 'backprop', 'difference'].map((name) => text(`weight-${name}`).replaceAll('−', '-')).join(' ');
    write('weight', `${text('weight-name')} | ${numbers()}`);
    write('weight ticks', all('#weight-chart text').slice(-4, -1).map((label) => label.textContent.replace('−', '-')).join(' '));
    await wait(200);
    write('h dot of 1e-4', byId('h-chart').querySelector('circle').getAttribute('cx'));
    change('weight-h', 0);
    write('weight h', text('weight-h-text'));
    write('weight with h = 1', `${text('weight-name')} | ${numbers()}`);
    write('dots with h = 1', [...byId('weight-chart').querySelectorAll('circle')].map((dot) => dot.getAttribute('cx')).join(' '));
    write('weight lines', [...byId('weight-chart').querySelectorAll('polyline')].map((line) => `${line.getAttribute('class')} ${line.getAttribute('points').split(' ').length}`).join(', '));
    const points = (chart, n) => byId(chart).querySelectorAll('polyline')[n].getAttribute('points').replaceAll(',', ' ');
    for (const n of [0, 1, 2]) write(`weight line ${n}`, points('weight-chart', n));
    write('weight dots', [...byId('weight-chart').querySelectorAll('circle')].map((dot) => dot.getAttribute('cy')).join(' '));
    await wait(200);
    write('h line', points('h-chart', 0));
    write('h dot', byId('h-chart').querySelector('circle').getAttribute('cx'));
    write('h curve', byId('h-chart').querySelectorAll('polyline')[0].getAttribute('points').split(' ').length);
    change('weight-h', 8);
    change('weight-part', 'W2');
    change('weight-unit', 1);
    change('weight-digit', 7);
    write('weight of W2', `${text('weight-name')} | ${numbers()}`);
    const picture = byId('weight-picture'), box = picture.getBoundingClientRect();
    const at = (pixel) => ((pixel + 0.5) * box.width) / 28;
    picture.dispatchEvent(new MouseEvent('click', { bubbles: true, clientX: box.left + 1 + at(9), clientY: box.top + 1 + at(20) }));
    write('weight of a pixel', text('weight-name'));
    write('frame', colours(picture).flatMap((colour, i) => (colour === '27,27,31' ? [i] : [])).join(' '));
    all('#learner-units .unit')[2].click();
    write('weight of a unit', text('weight-name'));
    change('weight-unit', 1e6);
    write('weight beyond', text('weight-name'));
  }

  // ---- The projector and the languages

  const visible = (selector) => all(selector).filter((element) => element.checkVisibility()).map((element) => element.id).join(' ');
  key('f', false, document.body);
  write('projector', visible('section'));
  document.querySelector('[data-panel=weight]').click();
  write('projector other', visible('section'));
  key('F', false, document.body);
  for (const language of ['ja', 'zh', 'ko', 'en']) {
    document.querySelector(`#languages [lang=${language}]`).click();
    write(`marked ${language}`, all('#languages [aria-pressed=true]').map((button) => button.lang).join(' '));
    write(`language ${language}`, `${document.documentElement.lang} | ${document.title} | ${answer()} | ${text('accuracy')} | ${all('.curve text')[0].textContent}`);
    write(`empty ${language}`, all('[data-t], h2, h3').filter((e) => e.textContent.trim() === '' && e.checkVisibility()).map((e) => e.id || e.dataset.t).join(' '));
  }

  // Digits as large pictures, and as they are prepared for the net.
  for (const digit of [0, 1, 4, 7]) {
    await draw(DIGITS[digit], 0.3);
    const data = redrawn(), side = Math.sqrt(data.length / 4);
    write(`picture of ${digit}`, data.filter((_, i) => i % 4 === 3).join(' '));
    write(`prepared ${digit}`, prepare(data, side).join(' '));
  }
  write('settings', all('.settings th').map((head) => head.textContent).join(' '));
  write('hidden', all('[hidden]').map((element) => element.id).filter((id) => id).join(' '));
  write('errors', window.errors.join(' '));
  const result = document.createElement('pre');
  result.id = 'result';
  result.textContent = `${lines.join('\n')}\n`;
  document.body.append(result);
})().catch((error) => {
  const result = document.createElement('pre');
  result.id = 'result';
  result.textContent = `failed: ${error.stack}`.replaceAll('\n', ' ');
  document.body.append(result);
});
