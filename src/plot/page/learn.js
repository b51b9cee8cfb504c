// Let it learn: a second net that learns in the page, step by step.

const training = run.training.map(imageOf);
const testing = run.images.map(imageOf);
const SEED = 1; // each start draws the same mini-batches, so that two learning rates can be compared

let learner, losses, uniform, running = false;

function startAgain() {
  uniform = random(SEED);
  const activation = byId('activation').value;
  // A page of a large net has not kept its first weights.
  const kept = run.nets[0].iteration === 0;
  learner = kept ? copyOf(nets[0], activation) : randomNet(run.hidden, activation, uniform);
  losses = [];
}

// As in the book, the same image can be drawn twice. All images at once are all of them once.
function miniBatch() {
  if (byId('batch').value === 'all') return training;
  return Array.from({ length: byId('batch').value }, () => training[Math.floor(uniform() * training.length)]);
}

// One iteration of the training loop of section 4.5.2. The loss is that after the update.
function learn() {
  const batch = miniBatch();
  descend(learner, gradient(learner, batch), Number(byId('rate').value));
  losses.push(loss(learner, batch));
}

// A loss of a million, or none at all: the net answers with certainty, and wrongly.
const isBroken = () => losses.length > 0 && !(losses[losses.length - 1] < 1e6);

function learnSteps(count) {
  for (let k = 0; k < count && !isBroken(); k++) learn();
  showLearner();
}

// As many steps as fit in a frame, but at least one. The weight below is slower and shown less often.
function runOn() {
  if (!running) return;
  const start = performance.now();
  for (let k = 0; k === 0 || (k < 20 && performance.now() - start < 10); k++) if (!isBroken()) learn();
  if (isBroken()) setRunning(false);
  else {
    showLearner(losses.length % 8 === 0);
    requestAnimationFrame(runOn);
  }
}

function setRunning(on) {
  running = on;
  byId('run-learner').textContent = t(on ? 'stop' : 'run');
  if (on) requestAnimationFrame(runOn);
  else showLearner();
}

byId('one-step').addEventListener('click', () => { setRunning(false); learnSteps(1); tellCounters(); });
byId('ten-steps').addEventListener('click', () => { setRunning(false); learnSteps(10); tellCounters(); });
byId('run-learner').addEventListener('click', () => { setRunning(!running); if (!running) tellCounters(); });
for (const [id, kind] of [['restart', 'click'], ['activation', 'change']]) {
  byId(id).addEventListener(kind, () => { startAgain(); setRunning(false); });
}

// ---- What is shown

const learnerBars = barsIn(byId('learner-bars'));
const learnerUnits = unitButtons(byId('learner-units'), SHOWN, (j) => {
  byId('weight-part').value = 'W1';
  byId('weight-unit').value = j;
  showWeight();
});

function showLearner(withWeight = true) {
  byId('learner-step').textContent = readable(losses.length);
  byId('learner-loss').textContent = losses.length > 0 ? losses[losses.length - 1].toFixed(4) : '–';
  byId('learner-right').textContent =
    testing.length > 0 ? t('of', { n: countRight(learner, testing), all: testing.length }) : '–';
  byId('diverged').hidden = !isBroken();
  const steps = Math.max(100, losses.length), highest = Math.min(Math.max(2.5, losses.reduce((a, b) => (b > a ? b : a), 0)), 100);
  // A line needs no more points than there are pixels.
  const every = Math.ceil(losses.length / 700);
  const points = losses.map((v, i) => [i + 1, v]).filter(([i]) => i % every === 0 || i === losses.length);
  chart(byId('loss-chart'), {
    x: [0, steps], y: [0, highest], xTicks: roundNumbers(0, steps, 5), yTicks: roundNumbers(0, highest, 5),
    lines: [{ points, look: 'one' }], dots: points.slice(-1), name: t('step'),
  });
  for (const { j, button, canvas, text } of learnerUnits) {
    paintWeights(canvas, learner, j);
    text.textContent = j;
    button.setAttribute('aria-label', t('unit', { j }));
  }
  showLearnerAnswer();
  if (withWeight) showWeight();
}

// The drawing in the square is read by this net, too.
function showLearnerAnswer() {
  const y = x && forward(learner, x).y;
  const shown = y && areNumbers(y) ? y : null;
  const best = shown && bestOf(shown);
  showBars(learnerBars, shown, image ? image.label : -1);
  byId('learner-answer').textContent = shown ? t('learner_reads', { best, p: percent(shown[best], 1) }) : t('nothing');
}

function tellCounters() {
  byId('spoken').textContent =
    `${t('step')} ${readable(losses.length)}, ${t('loss')} ${byId('learner-loss').textContent}, ${t('right')} ${byId('learner-right').textContent}`;
}
