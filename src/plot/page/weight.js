// One weight, both ways: its derivative by a central difference, and by backpropagation.

const REACH = 4; // the chart shows the loss from w − 4 to w + 4
const compared = training.slice(0, 100); // the images whose loss it is

const stepH = (k) => 10 ** (-k / 2);
// 1, 1e-4, 3.2e-5
const scientific = (v) => v.toExponential(1).replace('.0e', 'e').replace('e+0', '').replace('e-', 'e−');

// A number that somebody typed, moved into its range.
function typed(id, most) {
  const value = Math.min(Math.max(Math.round(Number(byId(id).value)) || 0, 0), most);
  if (document.activeElement !== byId(id)) byId(id).value = value;
  return value;
}

// The weight that is chosen, with its name and its place.
function chosenWeight() {
  const unit = typed('weight-unit', run.hidden - 1), digit = typed('weight-digit', CLASSES - 1);
  const row = typed('weight-row', SIDE - 1), column = typed('weight-column', SIDE - 1);
  if (byId('weight-part').value === 'W2') {
    return { part: 'W2', index: unit * CLASSES + digit, name: `w = W2[${unit}][${digit}]`, unit };
  }
  const pixel = row * SIDE + column;
  return { part: 'W1', index: pixel * run.hidden + unit, name: `w = W1[${pixel}][${unit}]`, unit, row, column };
}

function showWeight() {
  const weight = chosenWeight();
  const isW1 = weight.part === 'W1';
  for (const label of document.querySelectorAll('.of-w1')) label.hidden = !isW1;
  for (const label of document.querySelectorAll('.of-w2')) label.hidden = isW1;
  paintWeights(byId('weight-picture'), learner, weight.unit);
  if (isW1) frame(byId('weight-picture'), weight);
  learnerUnits.forEach(({ button, j }) => button.setAttribute('aria-pressed', j === weight.unit));
  if (compared.length === 0) return;

  const h = stepH(Number(byId('weight-h').value));
  const w = learner[weight.part][weight.index];
  const { above, below, quotient } = centralDifference(learner, weight, h, compared);
  const derivative = gradient(learner, compared)[weight.part][weight.index];
  byId('weight-h-text').textContent = t('step_h', { h: scientific(h) });
  byId('weight-h').setAttribute('aria-valuetext', scientific(h));
  byId('weight-name').textContent = weight.name;
  const numbers = {
    value: w.toFixed(12), above: above.toFixed(12), below: below.toFixed(12), quotient: quotient.toExponential(9),
    backprop: derivative.toExponential(9), difference: Math.abs(quotient - derivative).toExponential(1),
  };
  for (const name in numbers) byId(`weight-${name}`).textContent = numbers[name].replaceAll('-', '−');
  showLossAlong(weight, { w, h, above, below, derivative });
  showStepsSoon(weight, derivative);
}

// A square around the chosen pixel.
function frame(canvas, { row, column }) {
  const context = canvas.getContext('2d');
  context.fillStyle = '#1b1b1f';
  for (const [left, top, width, height] of [[-1, -1, 3, 1], [-1, 1, 3, 1], [-1, 0, 1, 1], [1, 0, 1, 1]]) {
    context.fillRect(column + left, row + top, width, height);
  }
}

// The loss against this weight, with its tangent, both points, and the line through them.
function showLossAlong(weight, { w, h, above, below, derivative }) {
  const along = lossAlong(learner, weight, compared);
  const offsets = Array.from({ length: 65 }, (_, k) => REACH * (k / 32 - 1));
  const curve = offsets.map((by) => [by, along(by)]);
  const finite = curve.map(([, v]) => v).filter((v) => v < 1e6);
  if (finite.length === 0) return; // the page says that the numbers are too large
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  // A weight that changes almost nothing gets an axis that shows so.
  const room = Math.max(0.15 * (high - low), 1e-3);
  const y = [low - room, high + room];
  const middle = along(0);
  const slope = (above - below) / (2 * h);
  const line = (at, slope) => [-REACH, REACH].map((by) => [by, at + slope * by]);
  byId('weight-chart-text').textContent = t('weight_chart', { n: readable(compared.length) });
  chart(byId('weight-chart'), {
    x: [-REACH, REACH], y, name: weight.part,
    xTicks: [-REACH, 0, REACH].map((by) => [by, (w + by).toFixed(2).replace('-', '−')]), yTicks: roundNumbers(y[0], y[1], 4),
    lines: [
      { points: curve, look: 'one' },
      { points: line(middle, derivative), look: 'three' },
      { points: line((above + below) / 2, slope), look: 'two' },
    ],
    dots: [[h, above], [-h, below]],
  });
}

// The difference of both derivatives for all h takes 50 losses, so it waits until nothing changes.
let waitingForSteps = 0;
function showStepsSoon(weight, derivative) {
  clearTimeout(waitingForSteps);
  if (!running) waitingForSteps = setTimeout(() => showSteps(weight, derivative), 60);
}
function showSteps(weight, derivative) {
  const chosen = Number(byId('weight-h').value);
  const points = Array.from({ length: 25 }, (_, k) => {
    const { quotient } = centralDifference(learner, weight, stepH(k), compared);
    // An exact zero has no logarithm.
    return [-k / 2, Math.log10(Math.max(Math.abs(quotient - derivative), 1e-17))];
  });
  const powers = (from, to, by) => Array.from({ length: (to - from) / by + 1 }, (_, k) => [from + k * by, `1e${from + k * by}`.replace('-', '−')]);
  chart(byId('h-chart'), {
    x: [-12, 0], y: [-17, 1], xTicks: powers(-12, 0, 2), yTicks: powers(-16, 0, 4),
    lines: [{ points, look: 'one' }], dots: [points[chosen]], name: 'h',
  });
}

byId('weight-unit').max = run.hidden - 1;
for (const id of ['weight-part', 'weight-unit', 'weight-row', 'weight-column', 'weight-digit', 'weight-h']) {
  byId(id).addEventListener('input', showWeight);
  byId(id).addEventListener('change', showWeight);
}
byId('weight-picture').addEventListener('click', (event) => {
  const { row, column } = pixelAt(byId('weight-picture'), event);
  [byId('weight-row').value, byId('weight-column').value] = [row, column];
  byId('weight-part').value = 'W1';
  showWeight();
});
