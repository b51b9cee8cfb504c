// What the chosen net reads: the answer, the bars, and the slider over the nets that the run kept.

let x = null, result = null; // the picture that the net sees, and its forward pass

// The net is sure if its largest probability is at least SURE, as in the command `predict --index`, and there is
// more ink than a dot. Of the answers to the test images after the book's run, 98 in 100 are right above
// SURE, and 57 in 100 below.
const SURE = 0.7;

function answer(y) {
  if (!areNumbers(y)) return t('no_numbers');
  const [best, second] = [...y.keys()].sort((a, b) => y[b] - y[a]);
  const values = { best, second, p: percent(y[best], 1), q: percent(y[second], 1) };
  if (!image && extent().longer <= DOT) return t('dot', values);
  return t(y[best] >= SURE ? 'sure' : 'unsure', values);
}

let speaking = 0;
function say(text) {
  byId('answer').textContent = text;
  // A screen reader is told when the pen rests, and not at every move.
  clearTimeout(speaking);
  speaking = setTimeout(() => { byId('spoken').textContent = text; }, 500);
}

const bars = barsIn(byId('bars'), (k) => { asked = k; showWhy(); });
const slider = byId('epoch');
slider.max = slider.value = end;
const chosenNet = () => nets[slider.value];

// Everything that depends on the drawing and on the chosen net.
function read() {
  x = image ? image.x : strokes.length > 0 ? prepare(redrawn(), SHEET) : null;
  result = x && forward(chosenNet(), x);
  const y = result && areNumbers(result.y) ? result.y : null;
  paintInk(byId('seen'), x || new Float64Array(PIXELS));
  showBars(bars, y, image ? image.label : -1);
  const label = image ? ` ${t('label', { index: readable(image.index), label: image.label })}` : '';
  byId('digit').textContent = y ? bestOf(y) : '–';
  say(result ? answer(result.y) + label : t('nothing'));
  asked = null;
  showAnswers();
  showWhy();
  showLearnerAnswer();
}

// ---- The slider

function when(k) {
  const { iteration, test } = run.nets[k];
  const values = { n: readable(iteration), percent: percent(test, 2) };
  const name = t(Number(k) === end ? 'when_end' : 'when', values);
  return test === 'NaN' ? name : `${name}: ${t('reads', values)}`;
}

// What each net reads.
const cells = nets.map((_, k) => {
  const cell = add(byId('answers'), 'span');
  cell.append(document.createElement('i'), '');
  cell.addEventListener('click', () => choose(k));
  return cell;
});
byId('epochs').hidden = end === 0;
function showAnswers() {
  cells.forEach((cell, k) => {
    const y = x && forward(nets[k], x).y;
    const best = y && areNumbers(y) ? bestOf(y) : null;
    cell.lastChild.data = best === null ? '–' : best;
    cell.firstChild.style.opacity = best === null ? 0 : 0.6 * y[best];
    cell.classList.toggle('chosen', k === Number(slider.value));
    cell.title = best === null ? when(k) : `${when(k)} | ${best}: ${y[best].toFixed(3)}`;
  });
}

// Takes another net for the whole page.
function choose(k) {
  slider.value = k;
  byId('when').textContent = when(k);
  slider.setAttribute('aria-valuetext', when(k));
  showUnitPictures();
  markCurves();
  read();
}
slider.addEventListener('input', () => choose(Number(slider.value)));

// ---- The curves of the run: a line at the chosen net, and a click takes the nearest net

// The program wrote where the axis is: data-ends has its two numbers, data-frame the pixels from left
// to right and from top to bottom, and data-unit the iterations of one unit.
const curves = [...document.querySelectorAll('.curve')].map((curve) => {
  const [low, high] = curve.dataset.ends.split(' ').map(Number);
  const [left, right, top, bottom] = curve.dataset.frame.split(' ').map(Number);
  const svg = curve.querySelector('svg');
  const line = svg.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'path'));
  line.setAttribute('class', 'mark');
  // The end of the run may be after the last epoch.
  const place = (iteration) => Math.min(left + ((right - left) * (iteration / curve.dataset.unit - low)) / (high - low), right);
  svg.addEventListener('click', (event) => {
    const box = svg.getBoundingClientRect();
    const at = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
    const off = run.nets.map(({ iteration }) => Math.abs(place(iteration) - at));
    choose(off.indexOf(Math.min(...off)));
  });
  return { line, place, top, bottom };
});
function markCurves() {
  for (const { line, place, top, bottom } of curves) {
    line.setAttribute('d', `M${place(run.nets[slider.value].iteration).toFixed(1)} ${top}V${bottom}`);
  }
}
