// Why this digit? What each hidden unit adds to the score of a digit: z1 · W2.

const EACH = 6; // so many units speak for the digit, and so many against it

let asked = null; // the digit that somebody chose in the bars, in place of the answer
let unit = 0; // the hidden unit that is shown large

const units = unitButtons(byId('units'), SHOWN, chooseUnit);
const most = ['for', 'against'].map((id) => unitButtons(byId(id), Math.min(EACH, run.hidden), chooseUnit));

function chooseUnit(j) {
  unit = j;
  showUnitPictures();
  showWhy();
}

// The weights of the chosen net.
function showUnitPictures() {
  for (const { j, canvas } of units) paintWeights(canvas, chosenNet(), j);
  paintWeights(byId('unit'), chosenNet(), unit);
}

function showWhy() {
  const ready = result !== null && areNumbers(result.y);
  const k = !ready ? null : asked ?? bestOf(result.y);
  byId('why-title').textContent = ready ? t('why', { k }) : t('why_nothing');
  byId('units-title').textContent = t(SHOWN < run.hidden ? 'units_first' : 'units', { n: SHOWN, all: run.hidden });
  bars.forEach(({ row }, digit) => row.setAttribute('aria-pressed', digit === k));

  const { hidden, W2, b2 } = chosenNet();
  const share = (j) => result.z1[j] * W2[j * CLASSES + k];
  showZ1();
  document.querySelector('.sides').hidden = !ready;
  if (!ready) {
    byId('unit-text').textContent = t('unit', { j: unit });
    return;
  }
  const shares = Array.from({ length: hidden }, (_, j) => share(j));
  const order = [...shares.keys()].sort((a, b) => shares[b] - shares[a]);
  byId('for-title').textContent = t('for', { k });
  byId('against-title').textContent = t('against', { k });
  [order.filter((j) => shares[j] > 0), order.reverse().filter((j) => shares[j] < 0)].forEach((list, side) => {
    most[side].forEach((place, n) => {
      place.button.hidden = n >= list.length;
      if (place.button.hidden) return;
      place.j = list[n];
      paintWeights(place.canvas, chosenNet(), place.j);
      place.text.textContent = signed(shares[place.j], 2);
      place.button.setAttribute('aria-label', `${t('unit', { j: place.j })}: ${signed(shares[place.j], 2)}`);
      place.button.setAttribute('aria-pressed', place.j === unit);
    });
  });
  const sum = (of) => shares.filter(of).reduce((s, v) => s + v, 0);
  const [plus, minus] = [sum((v) => v > 0), sum((v) => v < 0)];
  const values = { b: b2[k], plus, minus: -minus, a: result.a2[k] };
  for (const name in values) values[name] = values[name].toFixed(2).replace('-', '−');
  byId('score').textContent = t('score', { k, ...values });
  byId('unit-text').textContent = t('unit_numbers', {
    j: unit, k, z: result.z1[unit].toFixed(3), w: W2[unit * CLASSES + k].toFixed(2), p: signed(shares[unit], 2),
  }).replace('= -', '= −');
}

// Below each picture, how strongly the unit answers. A sigmoid's output is at most 1. Other outputs are
// shown as shares of the largest.
function showZ1() {
  const largest = result && run.activation !== 'sigmoid' ? Math.max(...result.z1) || 1 : 1;
  for (const { j, button, bar, text } of units) {
    const z = result ? result.z1[j] : 0;
    bar.style.width = `${(100 * z) / largest}%`;
    text.textContent = j;
    button.setAttribute('aria-pressed', j === unit);
    button.setAttribute('aria-label', `${t('unit', { j })}${result ? `: z1 = ${z.toFixed(3)}` : ''}`);
  }
}

showValues(byId('seen'), (i) => (x ? x[i] : 0));
showValues(byId('unit'), (i) => chosenNet().W1[i * run.hidden + unit]);
