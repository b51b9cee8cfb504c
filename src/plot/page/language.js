// Every sentence of the page in four languages: English, 日本語, 中文, 한국어. The terms are those of
// the book and of its translations, as in the glossary of README.md. `{name}` is replaced.

const LANGUAGES = ['en', 'ja', 'zh', 'ko'];

const SENTENCES = {
  title: ['A net that reads digits', '数字を読むニューラルネットワーク', '识别数字的神经网络', '숫자를 읽는 신경망'],
  language: ['Language', '言語', '语言', '언어'],
  projector: ['Projector (F)', '投影表示 (F)', '投影模式 (F)', '프로젝터 (F)'],
  panels: ['Shown beside the square', '右側に表示するもの', '右侧显示的内容', '오른쪽에 표시할 내용'],
  at_end: [
    'After the last update it reads {percent} % of the test images: {right} of {all}.',
    '最後の更新の後、テスト画像の {percent} % を正しく読みます（{all} 枚中 {right} 枚）。',
    '最后一次更新之后，正确识别测试图像的 {percent} %：{all} 张中的 {right} 张。',
    '마지막 갱신 후 시험 이미지의 {percent} %를 바르게 읽습니다: {all}장 중 {right}장.',
  ],
  at_start: [
    'Before any training it reads {percent} % of the test images: {right} of {all}.',
    '学習する前は、テスト画像の {percent} % を正しく読みます（{all} 枚中 {right} 枚）。',
    '学习之前，正确识别测试图像的 {percent} %：{all} 张中的 {right} 张。',
    '학습하기 전에는 시험 이미지의 {percent} %를 바르게 읽습니다: {all}장 중 {right}장.',
  ],
  no_test: ['There are no test images.', 'テスト画像がありません。', '没有测试图像。', '시험 이미지가 없습니다.'],

  draw: ['Draw a digit', '数字を描く', '画一个数字', '숫자를 그려 보세요'],
  board: ['Square to draw a digit in', '数字を描く枠', '画数字的方框', '숫자를 그리는 칸'],
  undo: ['Undo', '元に戻す', '撤销', '되돌리기'],
  clear: ['Clear', '消す', '清除', '지우기'],
  random: ['Test image', 'テスト画像', '测试图像', '시험 이미지'],
  keyboard: [
    'Draw with mouse, finger or pen. With the keyboard: arrow keys draw, with shift they only move the pen, backspace takes the last stroke back, escape clears.',
    'マウス、指、ペンで描きます。キーボードでは、矢印キーで描き、Shift を押しながらだとペンだけが動きます。Backspace で最後の線を取り消し、Esc で全部消します。',
    '用鼠标、手指或笔来画。用键盘时：方向键画线，按住 Shift 只移动笔，Backspace 撤销最后一笔，Esc 全部清除。',
    '마우스, 손가락, 펜으로 그립니다. 키보드에서는 화살표 키로 그리고, Shift를 누르면 펜만 움직입니다. Backspace는 마지막 획을 되돌리고, Esc는 모두 지웁니다.',
  ],
  nothing: ['Nothing drawn yet.', 'まだ何も描かれていません。', '还没有画任何东西。', '아직 아무것도 그리지 않았습니다.'],
  sure: ['The net reads {best} ({p} %).', '{best} と読みました（{p} %）。', '识别为 {best}（{p} %）。', '{best}(으)로 읽었습니다 ({p} %).'],
  unsure: [
    'Not sure: perhaps {best} ({p} %), or {second} ({q} %).',
    '確かではありません：{best}（{p} %）か {second}（{q} %）かもしれません。',
    '不确定：可能是 {best}（{p} %），也可能是 {second}（{q} %）。',
    '확실하지 않습니다: {best} ({p} %) 또는 {second} ({q} %)일 수 있습니다.',
  ],
  dot: [
    'Not sure, a dot is too little ink: perhaps {best} ({p} %), or {second} ({q} %).',
    '点だけでは確かではありません：{best}（{p} %）か {second}（{q} %）かもしれません。',
    '只有一个点，不确定：可能是 {best}（{p} %），也可能是 {second}（{q} %）。',
    '점 하나로는 확실하지 않습니다: {best} ({p} %) 또는 {second} ({q} %)일 수 있습니다.',
  ],
  no_numbers: [
    "The net's numbers are too large: its probabilities are no numbers.",
    'ネットワークの値が大きすぎて、確率が数値になりません。',
    '网络的数值太大，概率不再是数。',
    '신경망의 값이 너무 커서 확률이 수가 아닙니다.',
  ],
  label: ['Test image {index}, label {label}.', 'テスト画像 {index}、正解は {label}。', '测试图像 {index}，正确答案是 {label}。', '시험 이미지 {index}, 정답은 {label}.'],
  softmax: [
    'The net only knows digits: whatever is drawn, even a heart, softmax must answer with ten probabilities whose sum is 100 %.',
    'ネットワークは数字しか知りません。ハートを描いても、ソフトマックスは合計 100 % になる 10 個の確率を必ず答えます。',
    '网络只认识数字：无论画什么，哪怕是一颗心，softmax 都必须给出总和为 100 % 的十个概率。',
    '신경망은 숫자만 압니다. 하트를 그려도 소프트맥스는 합이 100 %인 확률 10개를 반드시 답합니다.',
  ],
  seen: [
    'What the net sees: the digit in 20 × 20 pixels, its centre of mass in the middle of 28 × 28, as in MNIST',
    'ネットワークが見るもの：MNIST と同じように、数字を 20 × 20 画素に収め、重心を 28 × 28 の中央に置いたもの',
    '网络看到的图像：与 MNIST 相同，数字缩放到 20 × 20 像素，重心在 28 × 28 的中央',
    '신경망이 보는 것: MNIST처럼 숫자를 20 × 20 픽셀에 맞추고 무게중심을 28 × 28의 가운데에 둔 것',
  ],
  epoch: ['The net at', 'ネットワーク：', '网络：', '신경망:'],
  when: ['iteration {n}', '{n} 回目の更新', '第 {n} 次迭代', '{n}번째 반복'],
  when_end: ['the end, after {n} updates', '最後（{n} 回の更新の後）', '最后（{n} 次更新之后）', '마지막 ({n}번 갱신한 뒤)'],
  reads: ['it reads {percent} % of the test images', 'テスト画像の {percent} % を正しく読む', '正确识别 {percent} % 的测试图像', '시험 이미지의 {percent} %를 바르게 읽음'],
  epochs: [
    'Move the slider: the net as it was at that time reads the same drawing. Above the slider is what each net reads; the stronger the colour, the higher the probability.',
    'スライダーを動かすと、その時点のネットワークが同じ絵を読みます。スライダーの上は、それぞれのネットワークの答えです。色が濃いほど確率が高くなります。',
    '移动滑块：由当时的网络来识别同一幅图。滑块上方是每个网络的答案，颜色越深，概率越高。',
    '슬라이더를 움직이면 그 시점의 신경망이 같은 그림을 읽습니다. 슬라이더 위는 각 신경망의 답이고, 색이 진할수록 확률이 높습니다.',
  ],

  why: ['Why {k}?', 'なぜ {k} なのか', '为什么是 {k}？', '왜 {k}인가?'],
  why_nothing: ['Why this digit?', 'なぜこの数字なのか', '为什么是这个数字？', '왜 이 숫자인가?'],
  why_short: ['Why?', 'なぜ', '为什么', '왜?'],
  why_text: [
    'Each hidden unit adds z1 · W2 to the score of a digit: z1 says how strongly it answers to the drawing, and W2 is its weight for this digit. Choose another digit in the bars to ask about that one.',
    '隠れ層の各ニューロンは、数字のスコアに z1 · W2 を加えます。z1 は絵に対する出力の強さ、W2 はその数字への重みです。棒を選ぶと、別の数字について見られます。',
    '每个隐藏层神经元给数字的得分加上 z1 · W2：z1 是它对这幅图的输出，W2 是它对这个数字的权重。选择别的条形可以查看别的数字。',
    '은닉층의 뉴런은 숫자의 점수에 z1 · W2를 더합니다. z1은 그림에 대한 출력의 세기이고, W2는 그 숫자에 대한 가중치입니다. 막대를 고르면 다른 숫자에 대해 볼 수 있습니다.',
  ],
  for: ['Most for {k}', '{k} に最も賛成', '最支持 {k}', '{k}에 가장 찬성'],
  against: ['Most against {k}', '{k} に最も反対', '最反对 {k}', '{k}에 가장 반대'],
  score: [
    'Score of {k}: a2 = b2 + the sum of z1 · W2 = {b} + {plus} − {minus} = {a}',
    '{k} のスコア：a2 = b2 + z1 · W2 の合計 = {b} + {plus} − {minus} = {a}',
    '{k} 的得分：a2 = b2 + z1 · W2 之和 = {b} + {plus} − {minus} = {a}',
    '{k}의 점수: a2 = b2 + z1 · W2의 합 = {b} + {plus} − {minus} = {a}',
  ],
  units: ['All {n} hidden units', '隠れ層の全 {n} ニューロン', '隐藏层的全部 {n} 个神经元', '은닉층의 뉴런 {n}개 전부'],
  units_first: ['The first {n} of {all} hidden units', '隠れ層の {all} ニューロンのうち最初の {n} 個', '隐藏层 {all} 个神经元中的前 {n} 个', '은닉층의 뉴런 {all}개 중 처음 {n}개'],
  units_text: [
    'The 784 weights of each unit at the places of their pixels. Blue: ink here excites it. Orange: ink here holds it back. The bar shows z1. Each picture is scaled to its own largest weight.',
    '各ニューロンの 784 個の重みを、画素の位置に並べたものです。青：そこにインクがあると出力が大きくなる。橙：小さくなる。棒は z1 です。色は画像ごとに最大の重みに合わせています。',
    '每个神经元的 784 个权重，排在对应像素的位置。蓝色：此处有墨会使输出变大；橙色：使输出变小。条形表示 z1。每幅图按自己最大的权重着色。',
    '각 뉴런의 가중치 784개를 픽셀의 위치에 놓은 것입니다. 파란색: 여기에 잉크가 있으면 출력이 커집니다. 주황색: 작아집니다. 막대는 z1입니다. 색은 그림마다 가장 큰 가중치에 맞춥니다.',
  ],
  unit: ['Hidden unit {j}', '隠れ層のニューロン {j}', '隐藏层神经元 {j}', '은닉층의 뉴런 {j}'],
  unit_numbers: ['Unit {j}: z1 = {z}, W2 for {k} = {w}, z1 · W2 = {p}', 'ニューロン {j}：z1 = {z}、{k} への W2 = {w}、z1 · W2 = {p}', '神经元 {j}：z1 = {z}，对 {k} 的 W2 = {w}，z1 · W2 = {p}', '뉴런 {j}: z1 = {z}, {k}에 대한 W2 = {w}, z1 · W2 = {p}'],
  pixel: ['row {row}, column {column}: {value}', '{row} 行 {column} 列：{value}', '第 {row} 行，第 {column} 列：{value}', '{row}행 {column}열: {value}'],

  learn: ['Let it learn', '学習させる', '让它学习', '학습시키기'],
  learn_text: [
    'A net starts from weights that have learned nothing, and learns in this page from {n} training images. Each step computes the gradient of the loss of a mini-batch by backpropagation, and moves each weight a little against it: W ← W − η ∂L/∂W.',
    'まだ何も学習していない重みから始めて、{n} 枚の訓練画像でこのページの中で学習します。1 ステップごとに、ミニバッチの損失の勾配を誤差逆伝播法で求め、各重みを勾配と逆の方向に少し動かします：W ← W − η ∂L/∂W。',
    '网络从尚未学习的权重开始，在本页中用 {n} 张训练图像学习。每一步用误差反向传播法求小批量损失的梯度，再把每个权重沿梯度的反方向移动一点：W ← W − η ∂L/∂W。',
    '아직 아무것도 학습하지 않은 가중치에서 시작해, 이 페이지 안에서 훈련 이미지 {n}장으로 학습합니다. 한 걸음마다 미니배치의 손실의 기울기를 오차역전파법으로 구하고, 각 가중치를 기울기의 반대 방향으로 조금 움직입니다: W ← W − η ∂L/∂W.',
  ],
  one_step: ['One step', '1 ステップ', '一步', '한 걸음'],
  ten_steps: ['Ten steps', '10 ステップ', '十步', '열 걸음'],
  run: ['Run', '実行', '运行', '실행'],
  stop: ['Stop', '停止', '停止', '정지'],
  restart: ['Start again', '最初から', '重新开始', '처음부터'],
  rate: ['Learning rate η', '学習率 η', '学习率 η', '학습률 η'],
  batch: ['Mini-batch', 'ミニバッチ', '小批量', '미니배치'],
  activation: ['Activation', '活性化関数', '激活函数', '활성화 함수'],
  step: ['step', 'ステップ', '步数', '걸음'],
  loss: ['loss', '損失', '损失', '손실'],
  right: ['read rightly', '正解', '识别正确', '바르게 읽음'],
  of: ['{n} of {all}', '{all} 枚中 {n} 枚', '{all} 张中 {n} 张', '{all}장 중 {n}장'],
  learner_reads: ['Your drawing, read by this net: {best} ({p} %)', 'このネットワークは、描いた絵を {best}（{p} %）と読む', '这个网络把你的图识别为 {best}（{p} %）', '이 신경망은 그림을 {best} ({p} %)로 읽음'],
  diverged: [
    'The numbers became too large: the learning rate is too large. Start again with a smaller one.',
    '値が大きくなりすぎました。学習率が大きすぎます。小さくして最初からやり直してください。',
    '数值变得太大：学习率过大。请减小后重新开始。',
    '값이 너무 커졌습니다. 학습률이 너무 큽니다. 더 작게 하여 처음부터 다시 하세요.',
  ],
  units_now: ['Its hidden units, now. Choose one to take a weight of it below.', '現在の隠れ層。選ぶと、その重みを下で調べられます。', '隐藏层的现状。选择一个，即可在下面查看它的权重。', '지금의 은닉층. 고르면 아래에서 그 가중치를 볼 수 있습니다.'],
  loss_chart: ['The loss of each mini-batch against the step', 'ステップごとのミニバッチの損失', '每一步的小批量损失', '걸음에 따른 미니배치의 손실'],

  weight: ['One weight, both ways', '1 つの重みを 2 つの方法で', '一个权重，两种方法', '가중치 하나를 두 가지 방법으로'],
  weight_short: ['One weight', '1 つの重み', '一个权重', '가중치 하나'],
  weight_text: [
    'Numerical differentiation needs two losses for each weight, so the gradient of this net would take {n} losses. Backpropagation finds all derivatives at once, and is trusted because both agree.',
    '数値微分は重み 1 つにつき損失を 2 回計算するので、このネットワークの勾配には {n} 回の計算が必要です。誤差逆伝播法はすべての微分を一度に求めます。両方の結果が一致するので、正しいと確かめられます。',
    '数值微分对每个权重要计算两次损失，因此这个网络的梯度需要 {n} 次损失计算。误差反向传播法一次求出所有导数；两者一致，所以可信。',
    '수치 미분은 가중치 하나마다 손실을 두 번 계산하므로 이 신경망의 기울기에는 손실 계산이 {n}번 필요합니다. 오차역전파법은 모든 미분을 한 번에 구하며, 두 결과가 일치하므로 믿을 수 있습니다.',
  ],
  weight_w1: ['W1: pixel → unit', 'W1：画素 → ニューロン', 'W1：像素 → 神经元', 'W1: 픽셀 → 뉴런'],
  weight_w2: ['W2: unit → digit', 'W2：ニューロン → 数字', 'W2：神经元 → 数字', 'W2: 뉴런 → 숫자'],
  weight_of: ['Weight', '重み', '权重', '가중치'],
  of_unit: ['Unit', 'ニューロン', '神经元', '뉴런'],
  row: ['Row', '行', '行', '행'],
  column: ['Column', '列', '列', '열'],
  of_digit: ['Digit', '数字', '数字', '숫자'],
  pick: ['The weights of the unit. Click a pixel to take its weight.', 'ニューロンの重み。画素をクリックすると、その重みを選びます。', '神经元的权重。点击一个像素即选择它的权重。', '뉴런의 가중치. 픽셀을 누르면 그 가중치를 고릅니다.'],
  backprop: ['backpropagation', '誤差逆伝播法', '误差反向传播法', '오차역전파법'],
  difference: ['difference', '差', '差', '차이'],
  step_h: ['h = {h}', 'h = {h}', 'h = {h}', 'h = {h}'],
  weight_chart: [
    'The loss of {n} images if only this weight changes. Green: the tangent, by backpropagation. Orange, dashed: the line through both points at w ± h.',
    'この重みだけを変えたときの {n} 枚の画像の損失。緑：誤差逆伝播法による接線。橙の破線：w ± h の 2 点を通る直線。',
    '只改变这个权重时 {n} 张图像的损失。绿色：误差反向传播法得到的切线。橙色虚线：过 w ± h 两点的直线。',
    '이 가중치만 바꿀 때 이미지 {n}장의 손실. 초록색: 오차역전파법으로 구한 접선. 주황색 점선: w ± h의 두 점을 지나는 직선.',
  ],
  h_chart: [
    'The difference of both derivatives against h. On the right the curve bends away from its tangent (truncation), on the left the losses are rounded (rounding).',
    '2 つの微分の差と h。右側では曲線が接線から離れ（打ち切り誤差）、左側では損失の丸めが効きます（丸め誤差）。',
    '两个导数之差与 h 的关系。右边：曲线偏离切线（截断误差）；左边：损失被舍入（舍入误差）。',
    '두 미분의 차이와 h. 오른쪽에서는 곡선이 접선에서 벗어나고(절단 오차), 왼쪽에서는 손실이 반올림됩니다(반올림 오차).',
  ],

  settings: ['What was asked for', '設定', '设置', '설정'],
  data: ['data', 'データ', '数据', '데이터'],
  net: ['net', 'ネットワーク', '网络', '신경망'],
  start: ['start', '初期値', '初始值', '초깃값'],
  training: ['training', '訓練', '训练', '훈련'],
  command: ['command', 'コマンド', '命令', '명령'],
  curves: ['How it learned', '学習の経過', '学习过程', '학습 과정'],
  curves_text: [
    'The accuracies are those that the run recorded, at iteration 0 and then once per epoch, as in the book. The vertical line is the net that the slider shows. Click on a curve to choose another.',
    '認識精度は、本と同じように、最初の繰り返しと 1 エポックごとに記録した値です。縦線はスライダーで選んだネットワークです。曲線をクリックすると、別のものを選べます。',
    '识别精度与书中一样，在第 0 次迭代和每个轮次记录。竖线是滑块所选的网络。点击曲线可以选择别的网络。',
    '정확도는 책처럼 처음 반복과 에폭마다 기록한 값입니다. 세로선은 슬라이더로 고른 신경망입니다. 곡선을 누르면 다른 것을 고를 수 있습니다.',
  ],
  confusion: ['Which digit was taken for which', 'どの数字をどの数字と読んだか（混同行列）', '哪个数字被识别成哪个（混淆矩阵）', '어떤 숫자를 무엇으로 읽었나 (혼동 행렬)'],
  confusion_text: [
    'A row is a digit of the test images, a column what the net reads after the last update. What is not on the diagonal is a mistake, and is coloured ten times as strongly. Choose a cell: the image of which the net was most certain goes into the square.',
    '行はテスト画像の数字、列は最後の更新の後にネットワークが読んだ数字です。対角線以外は誤りで、10 倍の濃さで塗っています。欄を選ぶと、最も確信していた画像が枠に入ります。',
    '行是测试图像的数字，列是最后一次更新之后的答案。对角线以外是错误，颜色加深十倍。选择一格，网络最有把握的那张图像就进入方框。',
    '행은 시험 이미지의 숫자, 열은 마지막 갱신 후 신경망이 읽은 숫자입니다. 대각선 밖은 틀린 것이며 10배 진하게 칠했습니다. 칸을 고르면 신경망이 가장 확신한 이미지가 그림 칸에 들어갑니다.',
  ],
  cell: ['{n} images of {label}, read as {answer}', '{label} の画像のうち {n} 枚を {answer} と読んだ', '{label} 的图像中有 {n} 张被识别为 {answer}', '{label}의 이미지 중 {n} 장을 {answer}(으)로 읽음'],
  mistakes: ['Wrong, and most certain of it', '最も自信のあった誤り', '最有把握的错误', '가장 확신한 오답'],
  mistakes_text: [
    'The ten probabilities for each image; ✓ marks the right digit. Choose one: it goes into the square.',
    '各画像の 10 個の確率です。✓ は正解の数字です。選ぶと枠に入ります。',
    '每张图像的十个概率，✓ 是正确的数字。选择一张，它就进入方框。',
    '이미지마다 확률 10개를 보여 줍니다. ✓는 정답입니다. 고르면 그림 칸에 들어갑니다.',
  ],
  taken: ['{label}, taken for {answer}', '{label} を {answer} と読んだ', '{label} 被识别成 {answer}', '{label}을(를) {answer}(으)로 읽음'],
  test_image: ['test image {index}', 'テスト画像 {index}', '测试图像 {index}', '시험 이미지 {index}'],
  none: ['None.', 'ありません。', '没有。', '없습니다.'],
  footer: [
    'Made by from-zero. This page loads nothing and sends nothing. Its weights are rounded to 16 bits, so its probabilities differ a little from those of the program, by less than 0.001.',
    'from-zero が作ったページです。何も読み込まず、何も送信しません。重みは 16 ビットに丸めてあるので、確率はプログラムの値と 0.001 未満だけ異なります。',
    '本页由 from-zero 生成，不加载也不发送任何内容。权重舍入为 16 位，因此概率与程序的结果相差不到 0.001。',
    'from-zero가 만든 페이지입니다. 아무것도 불러오거나 보내지 않습니다. 가중치를 16비트로 반올림했으므로 확률은 프로그램의 값과 0.001 미만의 차이가 있습니다.',
  ],
};

// The words in the two figures, which the program draws in English.
const FIGURE_WORDS = {
  'Figure 4-11: loss': ['Figure 4-11: loss', '図4-11：損失関数の推移', '图 4-11：损失函数的推移', '그림 4-11: 손실'],
  'Figure 4-12: accuracy': ['Figure 4-12: accuracy', '図4-12：認識精度の推移', '图 4-12：识别精度的推移', '그림 4-12: 정확도'],
  'of each mini-batch': ['of each mini-batch', 'ミニバッチごと', '每个小批量', '미니배치마다'],
  'mean of 100 around it': ['mean of 100 around it', '前後 100 回の平均', '前后 100 次的平均', '앞뒤 100번의 평균'],
  iteration: ['iteration', '繰り返し', '迭代', '반복'],
  epoch: ['epoch', 'エポック', '轮次', '에폭'],
  loss: ['loss', '損失', '损失', '손실'],
  accuracy: ['accuracy', '認識精度', '识别精度', '정확도'],
  training: ['training', '訓練', '训练', '훈련'],
  test: ['test', 'テスト', '测试', '시험'],
  'no data': ['no data', 'データなし', '没有数据', '데이터 없음'],
};

// The language that somebody's browser asks for, or English.
const languageOf = (names) =>
  names.map((name) => name.slice(0, 2).toLowerCase()).find((name) => LANGUAGES.includes(name)) || 'en';

// A sentence, with each {name} replaced.
function sentence(language, key, values = {}) {
  // A name that the command gives to a setting may be new here.
  const text = SENTENCES[key] ? SENTENCES[key][LANGUAGES.indexOf(language)] : key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// A text of a figure: "training 0.9476" begins with a word of the table.
function figureWord(language, text) {
  const [, word, number] = text.match(/^(.*?)( [\d.]+)?$/);
  const known = FIGURE_WORDS[word];
  return known ? known[LANGUAGES.indexOf(language)] + (number || '') : text;
}
