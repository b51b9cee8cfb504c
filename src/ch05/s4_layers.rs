//! 5.4 to 5.6: layers (レイヤ, 层, 계층), the nodes of a computational graph (計算グラフ, 计算图, 계산 그래프). Each
//! has its backward next to its forward.
//!
//! `forward` computes the output from the input x, and keeps what `backward` will need. `backward`
//! receives ∂L/∂out, called `dout` as in the book, and returns ∂L/∂x. This is one step of the chain
//! rule. It panics if `forward` was not called before. [`Mul`], [`Add`], [`Exp`] and [`Reciprocal`]
//! work on single numbers. The other layers work on a mini-batch with one sample per row. Exercises
//! e12 to e15. Tests: `cargo test chapter_5`.
//!
//! Three things differ from the book. `MulLayer` and `AddLayer` are called [`Mul`] and [`Add`]. W
//! and b belong to the layer that uses them; in the book the net's dictionary holds the same arrays.
//! And the loss has no 1e-7, see [`SoftmaxWithLoss`].

use std::fmt::Debug;

use crate::ch03::functions::{sigmoid, softmax_rows};
use crate::ch04::s2_4_batch_cross_entropy::softmax_cross_entropy;
use crate::ch04::s2_4_targets::Labels;
use crate::numeric::elementary::exp;
use crate::numeric::matrix::Matrix;

/// out = x y. Section 5.4.1.
#[cfg_attr(doc, doc = "", doc = include_str!("../../fixtures/figures/graph-apples.svg"))]
///
/// Two apples cost 100 each, and the tax is 10 %:
///
/// ```
/// use from_zero::ch05::s4_layers::Mul;
/// let (mut apples, mut tax) = (Mul::default(), Mul::default());
/// let price = apples.forward(100.0, 2.0);
/// assert_eq!(tax.forward(price, 1.1), 220.00000000000003);
///
/// let (dprice, dtax) = tax.backward(1.0);
/// let (dapple, dnumber) = apples.backward(dprice);
/// assert_eq!((dapple, dnumber, dtax), (2.2, 110.00000000000001, 200.0));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Mul {
    /// x and y, which backward needs
    kept: Option<(f64, f64)>,
}

impl Mul {
    /// x y.
    pub fn forward(&mut self, x: f64, y: f64) -> f64 {
        self.kept = Some((x, y));
        x * y
    }

    /// (∂L/∂x, ∂L/∂y) = (dout · y, dout · x).
    pub fn backward(&self, dout: f64) -> (f64, f64) {
        let (x, y) = self.kept.expect("Mul: backward before forward");
        (dout * y, dout * x)
    }
}

/// out = x + y. Section 5.4.2.
#[cfg_attr(doc, doc = "", doc = include_str!("../../fixtures/figures/graph-apples-and-oranges.svg"))]
#[derive(Clone, Debug, Default)]
pub struct Add; // both derivatives are 1, so there is nothing to keep

impl Add {
    /// x + y.
    pub fn forward(&mut self, x: f64, y: f64) -> f64 {
        x + y
    }

    /// (∂L/∂x, ∂L/∂y) = (dout, dout).
    pub fn backward(&self, dout: f64) -> (f64, f64) {
        (dout, dout)
    }
}

/// out = eˣ, a node of the sigmoid. Section 5.5.2.
#[derive(Clone, Debug, Default)]
pub struct Exp {
    /// The output, which backward needs
    out: Option<f64>,
}

impl Exp {
    /// eˣ.
    pub fn forward(&mut self, x: f64) -> f64 {
        let out = exp(x);
        self.out = Some(out);
        out
    }

    /// ∂L/∂x = dout · out, because the derivative of eˣ is eˣ.
    pub fn backward(&self, dout: f64) -> f64 {
        dout * self.out.expect("Exp: backward before forward")
    }
}

/// out = 1 / x, the last node of the sigmoid. Section 5.5.2.
#[derive(Clone, Debug, Default)]
pub struct Reciprocal {
    /// The output, which backward needs
    out: Option<f64>,
}

impl Reciprocal {
    /// 1 / x.
    pub fn forward(&mut self, x: f64) -> f64 {
        let out = 1.0 / x;
        self.out = Some(out);
        out
    }

    /// ∂L/∂x = −dout · out², because the derivative of 1 / x is −1 / x².
    pub fn backward(&self, dout: f64) -> f64 {
        let out = self.out.expect("Reciprocal: backward before forward");
        -dout * out * out
    }
}

/// A layer for mini-batches.
pub trait Layer: Debug + Send {
    /// Computes the output from the input. Both have one sample per row.
    fn forward(&mut self, x: Matrix) -> Matrix;

    /// Computes ∂L/∂x from ∂L/∂out. Also computes the gradients of the layer's own parameters,
    /// which stay in the layer.
    fn backward(&mut self, dout: Matrix) -> Matrix;

    /// The parameters of the layer. Most layers have none.
    fn parameters(&mut self) -> Vec<Parameter<'_>> {
        Vec::new()
    }
}

/// W or b of a layer, lent by the layer: `<'a>` says that it can't be kept longer than the layer
/// lives.
#[derive(Debug)]
pub struct Parameter<'a> {
    /// The book's name
    pub name: &'static str,
    /// The numbers, row after row
    pub values: &'a mut [f64],
    /// ∂L/∂values from the last call of backward. It is 0 before the first call
    pub gradient: &'a [f64],
}

/// out = x where x > 0, else 0. Section 5.5.1.
#[derive(Clone, Debug, Default)]
pub struct Relu {
    /// The book's `mask`, for backward: true where x ≤ 0
    mask: Vec<bool>,
    /// The shape of x
    shape: (usize, usize),
}

impl Layer for Relu {
    fn forward(&mut self, x: Matrix) -> Matrix {
        self.mask = x.as_slice().iter().map(|&x| x <= 0.0).collect();
        self.shape = x.shape();
        self.masked(x)
    }

    /// ∂L/∂x is `dout` where x > 0, else 0.
    fn backward(&mut self, dout: Matrix) -> Matrix {
        assert_same_shape("Relu", self.shape, dout.shape());
        self.masked(dout)
    }
}

impl Relu {
    /// Sets the numbers to 0 where the mask is true.
    fn masked(&self, mut numbers: Matrix) -> Matrix {
        for (number, &mask) in numbers.as_mut_slice().iter_mut().zip(&self.mask) {
            if mask {
                *number = 0.0;
            }
        }
        numbers
    }
}

/// out = 1 / (1 + e⁻ˣ). Section 5.5.2. One node in place of four: × −1, [`Exp`], + 1 and
/// [`Reciprocal`].
#[cfg_attr(doc, doc = "", doc = include_str!("../../fixtures/figures/graph-sigmoid.svg"))]
#[derive(Clone, Debug, Default)]
pub struct Sigmoid {
    /// The output. backward needs the output, not the input
    out: Matrix,
}

impl Layer for Sigmoid {
    fn forward(&mut self, x: Matrix) -> Matrix {
        self.out = x.map(sigmoid);
        self.out.clone()
    }

    /// ∂L/∂x = dout (1 − out) out, multiplied from left to right, as in the book's class `Sigmoid`.
    /// [`Activation::backward`](crate::ch03::activation::Activation::backward) begins with
    /// (1 − out) out, as the book's `sigmoid_grad`. So the last bits of the two may differ.
    fn backward(&mut self, dout: Matrix) -> Matrix {
        assert_same_shape("Sigmoid", self.out.shape(), dout.shape());
        self.out.zip_map(&dout, |out, dout| dout * (1.0 - out) * out)
    }
}

/// out = x W + b, with x: (N, k), W: (k, m), b: (m), out: (N, m). Section 5.6.2.
#[cfg_attr(doc, doc = "", doc = include_str!("../../fixtures/figures/graph-affine.svg"))]
#[derive(Clone, Debug)]
pub struct Affine {
    /// W: (k, m)
    pub w: Matrix,
    /// b: (m)
    pub b: Vec<f64>,
    /// ∂L/∂W: (k, m), written by backward
    pub dw: Matrix,
    /// ∂L/∂b: (m), written by backward
    pub db: Vec<f64>,
    /// The input, for backward
    x: Matrix,
}

impl Affine {
    /// A layer with these weights and biases.
    pub fn new(w: Matrix, b: Vec<f64>) -> Self {
        assert!(w.columns() == b.len(), "Affine: W {:?} and b ({},)", w.shape(), b.len());
        let (dw, db) = (Matrix::zeros(w.rows(), w.columns()), vec![0.0; b.len()]);
        Self { w, b, dw, db, x: Matrix::default() }
    }
}

impl Layer for Affine {
    fn forward(&mut self, x: Matrix) -> Matrix {
        let out = x.dot(&self.w).add_row(&self.b);
        self.x = x;
        out
    }

    /// ∂L/∂x = dout Wᵀ and ∂L/∂W = xᵀ dout. ∂L/∂b is the sum of dout over the mini-batch, because b
    /// was added to every row.
    fn backward(&mut self, dout: Matrix) -> Matrix {
        assert_same_shape("Affine", (self.x.rows(), self.w.columns()), dout.shape());
        self.dw = self.x.transpose_dot(&dout);
        self.db = dout.column_sums();
        dout.dot_transpose(&self.w)
    }

    fn parameters(&mut self) -> Vec<Parameter<'_>> {
        let Self { w, b, dw, db, .. } = self;
        vec![
            Parameter { name: "W", values: w.as_mut_slice(), gradient: dw.as_slice() },
            Parameter { name: "b", values: b, gradient: db },
        ]
    }
}

/// L = the mean of −ln softmax(a)ₜ over a mini-batch. Section 5.6.3. This is the last layer: it
/// also receives the labels t, and its output is one number.
///
/// In the book, forward adds 1e-7 inside the logarithm, but backward does not include it. So backward
/// is not exactly the derivative of forward, and a gradient check finds mean differences of about
/// 1e-7. Here forward computes the exact loss, and the check finds about 1e-10, as the book prints.
#[cfg_attr(doc, doc = "", doc = include_str!("../../fixtures/figures/graph-softmax-with-loss.svg"))]
#[derive(Clone, Debug, Default)]
pub struct SoftmaxWithLoss {
    /// y − t, with y = softmax(a) and t one-hot: (N, classes), for backward
    y_minus_t: Matrix,
}

impl SoftmaxWithLoss {
    /// The loss of the scores a: (N, classes) with the right answers t: (N).
    pub fn forward(&mut self, a: Matrix, t: &Labels) -> f64 {
        let loss = softmax_cross_entropy(&a, t);
        self.y_minus_t = softmax_rows(&a);
        for (n, &label) in t.as_slice().iter().enumerate() {
            self.y_minus_t[(n, label)] -= 1.0;
        }
        loss
    }

    /// ∂L/∂a = (y − t) / N. The division by N is there because L is a mean.
    pub fn backward(&self) -> Matrix {
        let n = self.y_minus_t.rows();
        assert!(n > 0, "SoftmaxWithLoss: backward before forward");
        &self.y_minus_t / n as f64
    }
}

fn assert_same_shape(layer: &str, out: (usize, usize), dout: (usize, usize)) {
    assert!(out == dout && out.0 > 0, "{layer}: backward of {dout:?} after a forward to {out:?}");
}
