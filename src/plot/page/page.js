// The results of the run, the language, the projector, and the start of everything.

// ---- The cells of the confusion matrix, and the mistakes: each image goes into the square

function intoTheSquare(next) {
  showImage(next);
  byId('draw').scrollIntoView({ block: 'nearest' });
}

// A row for each label, a column for each answer. The colour shows the share of a count in the sum of
// its row, and mistakes are ten times stronger, so that they are visible.
const confusion = [];
function makeConfusion() {
  const head = add(byId('confusion'), 'tr');
  add(head, 'td');
  for (let answer = 0; answer < CLASSES; answer++) add(head, 'th', { scope: 'col', textContent: answer });
  run.counts.forEach((counts, label) => {
    const row = add(byId('confusion'), 'tr'), sum = counts.reduce((a, b) => a + b, 0);
    add(row, 'th', { scope: 'row', textContent: label });
    counts.forEach((count, answer) => {
      const share = count / (sum || 1);
      const cell = add(row, 'td', { className: label === answer ? 'right' : 'wrong' });
      cell.style.setProperty('--alpha', label === answer ? 0.5 * share : 0.6 * Math.min(10 * share, 1));
      // The page has the image of each cell of which the net was most certain.
      const example = run.examples.find((image) => image[1] === label && image[2] === answer);
      if (!example) return;
      const button = add(cell, 'button', { type: 'button' });
      button.addEventListener('click', () => intoTheSquare(imageOf(example)));
      confusion.push({ button, label, answer, count });
    });
  });
}
makeConfusion();

const cards = run.mistakes.map(imageOf).map((mistake) => {
  const card = add(byId('mistakes'), 'button', { type: 'button', className: 'card' });
  const canvas = add(card, 'canvas', { className: 'digit', width: SIDE, height: SIDE });
  const rows = barsIn(add(card, 'span', { className: 'bars' })), text = add(card, 'span', { className: 'caption' });
  paintInk(canvas, mistake.x);
  const { y } = forward(nets[end], mistake.x);
  showBars(rows, areNumbers(y) ? y : null, mistake.label);
  card.addEventListener('click', () => intoTheSquare(mistake));
  return { mistake, text };
});

// ---- The language

function speak(next) {
  language = next;
  document.documentElement.lang = language;
  for (const button of document.querySelectorAll('#languages button')) {
    button.setAttribute('aria-pressed', button.lang === language);
  }
  for (const element of document.querySelectorAll('[data-t]')) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll('[data-label]')) element.setAttribute('aria-label', t(element.dataset.label));
  document.title = t('title');
  for (const text of document.querySelectorAll('.curve text, .curve title')) {
    text.dataset.english ??= text.textContent;
    text.textContent = figureWord(language, text.dataset.english);
  }
  for (const svg of document.querySelectorAll('.curve svg')) svg.setAttribute('aria-label', svg.querySelector('title').textContent);
  showSentencesWithNumbers();
  choose(Number(slider.value));
  setRunning(running);
}

function showSentencesWithNumbers() {
  const images = run.counts.flat().reduce((a, b) => a + b, 0);
  const right = run.counts.reduce((sum, counts, digit) => sum + counts[digit], 0);
  const values = { percent: percent(right / images, 2), right: readable(right), all: readable(images) };
  const last = run.nets[end].iteration;
  byId('accuracy').textContent = images === 0 ? t('no_test') : t(last === 0 ? 'at_start' : 'at_end', values);
  byId('learn-text').textContent = t('learn_text', { n: readable(training.length) });
  byId('batch-all').textContent = readable(training.length);
  const { W1, b1, W2, b2 } = nets[end];
  byId('weight-text').textContent = t('weight_text', { n: readable(2 * (W1.length + b1.length + W2.length + b2.length)) });
  for (const { button, label, answer, count } of confusion) {
    button.textContent = readable(count);
    button.setAttribute('aria-label', t('cell', { n: readable(count), label, answer }));
  }
  for (const { mistake, text } of cards) {
    text.textContent = `${t('taken', mistake)} (${t('test_image', { index: readable(mistake.index) })})`;
  }
  if (cards.length === 0) byId('mistakes').textContent = t('none');
}

for (const button of document.querySelectorAll('#languages button')) {
  button.addEventListener('click', () => speak(button.lang));
}

// ---- The projector: the square, the answer, and one panel

const panels = [...document.querySelectorAll('[data-panel]')];
function showPanel(name) {
  for (const button of panels) button.setAttribute('aria-pressed', button.dataset.panel === name);
  for (const panel of document.querySelectorAll('.panel')) panel.classList.toggle('shown', panel.id === name);
}
function project() {
  const on = document.documentElement.classList.toggle('projector');
  byId('projector').setAttribute('aria-pressed', on);
}
for (const button of panels) button.addEventListener('click', () => showPanel(button.dataset.panel));
byId('projector').addEventListener('click', project);
document.addEventListener('keydown', (event) => {
  const isTyping = event.target.matches('input[type=number], select') || event.ctrlKey || event.altKey || event.metaKey;
  if (event.key.toLowerCase() === 'f' && !isTyping) project();
});

// ---- The start

showPanel('why');
byId('learn').hidden = byId('weight').hidden = training.length === 0;
byId('activation').value = run.activation === 'relu' ? 'relu' : 'sigmoid';
startAgain();
// A 3 of the test images, or any other image.
if (testing.length > 0) image = testing.find(({ label }) => label === 3) || testing[0];
speak(languageOf(navigator.languages || ['en']));
redraw();

// For tests, and for the browser's console.
window.fromZero = { nets, run, forward, prepare, redrawn, imageOf, showImage };
