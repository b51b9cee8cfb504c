//! The layers (レイヤ, 层) of chapter 5, nodes of its computational graph (計算グラフ, 计算图): each
//! backward beside its forward.
//!
//! A layer computes its output from its input x, and keeps what its backward will need. Backward
//! takes ∂L/∂out, called `dout` as in the book, and returns ∂L/∂x: the chain rule, one link at a
//! time. [`Mul`] and [`Add`] are for single numbers, the others for a mini-batch, one sample a row.
//!
//! Here we leave the book in one thing: its layers share their parameters with a dictionary of the
//! net; here W and b live in the layer that uses them.

use super::functions::{Activation, softmax_rows};
use super::loss::softmax_cross_entropy;
use super::targets::Labels;
use crate::numeric::matrix::Matrix;

/// out = x y. Section 5.4.1.
///
/// Two apples at 100, and 10 % tax:
///
/// ```
/// use from_zero::learning::layers::Mul;
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
    /// x and y: the slope of either is the other
    kept: Option<(f64, f64)>,
}

impl Mul {
    /// x y.
    pub fn forward(&mut self, x: f64, y: f64) -> f64 {
        self.kept = Some((x, y));
        x * y
    }

    /// (∂L/∂x, ∂L/∂y) = (dout · y, dout · x).
    ///
    /// # Panics
    /// If there was no forward.
    #[track_caller]
    pub fn backward(&self, dout: f64) -> (f64, f64) {
        let (x, y) = self.kept.expect("Mul: backward before forward");
        (dout * y, dout * x)
    }
}

/// out = x + y. Section 5.4.2.
#[derive(Clone, Debug, Default)]
pub struct Add; // its slopes are 1 everywhere: there is nothing to keep

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

/// What a mini-batch passes through on its way to the scores.
pub trait Layer {
    /// From the input, one sample a row, to the output with as many rows.
    ///
    /// # Panics
    /// If the input has not the number of columns that the layer takes.
    #[track_caller]
    fn forward(&mut self, x: Matrix) -> Matrix;

    /// From ∂L/∂out, of the shape of the last output, to ∂L/∂x. What it finds on the way for the
    /// layer's own parameters stays in the layer.
    ///
    /// # Panics
    /// If there was no forward of at least one sample, or `dout` has another shape than its output.
    #[track_caller]
    fn backward(&mut self, dout: Matrix) -> Matrix;

    /// What the layer learns, each with the gradient that the last backward left; most learn
    /// nothing.
    fn parameters(&mut self) -> Vec<Parameter<'_>> {
        Vec::new()
    }

    /// Where the layer has kinks: on which side of them the numbers of the last forward were. The
    /// gradient check asks.
    fn sides(&self) -> &[bool] {
        &[]
    }
}

/// A layer's W or b.
pub struct Parameter<'a> {
    /// Its letter in the book
    pub name: &'static str,
    /// Its numbers, row after row
    pub values: &'a mut [f64],
    /// ∂L/∂values, by the last backward; 0 before it
    pub gradient: &'a [f64],
}

/// out = x where x > 0, else 0. Section 5.5.1.
#[derive(Clone, Debug, Default)]
pub struct Relu {
    /// Where x ≤ 0 was, for backward: nothing comes back from there.
    mask: Vec<bool>,
    /// The shape of x and of the mask
    shape: (usize, usize),
}

impl Layer for Relu {
    fn forward(&mut self, mut x: Matrix) -> Matrix {
        self.mask = x.as_slice().iter().map(|&v| v <= 0.0).collect();
        self.shape = x.shape();
        self.block(x.as_mut_slice());
        x
    }

    #[track_caller]
    fn backward(&mut self, mut dout: Matrix) -> Matrix {
        assert_kept("Relu", self.shape, dout.shape());
        self.block(dout.as_mut_slice());
        dout
    }

    fn sides(&self) -> &[bool] {
        &self.mask
    }
}

impl Relu {
    fn block(&self, numbers: &mut [f64]) {
        for (v, &masked) in numbers.iter_mut().zip(&self.mask) {
            if masked {
                *v = 0.0;
            }
        }
    }
}

/// out = 1 / (1 + e⁻ˣ). Section 5.5.2.
#[derive(Clone, Debug, Default)]
pub struct Sigmoid {
    /// The output, for backward: σ′ = (1 − out) out. The input would not do.
    out: Matrix,
}

impl Layer for Sigmoid {
    fn forward(&mut self, x: Matrix) -> Matrix {
        self.out = Activation::Sigmoid.forward(x);
        self.out.clone()
    }

    #[track_caller]
    fn backward(&mut self, dout: Matrix) -> Matrix {
        assert_kept("Sigmoid", self.out.shape(), dout.shape());
        self.out.zip_map(&dout, |out, dout| (1.0 - out) * out * dout)
    }
}

/// out = x W + b, with x: (N, k), W: (k, m), b: (m), out: (N, m). Section 5.6.2.
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
    /// The input, for backward: the slope of W
    x: Matrix,
}

impl Affine {
    /// A layer with these weights and biases.
    ///
    /// # Panics
    /// If there is not one bias a column of W.
    #[track_caller]
    pub fn new(w: Matrix, b: Vec<f64>) -> Self {
        assert!(w.columns() == b.len(), "Affine: W {:?} and b ({},)", w.shape(), b.len());
        let (dw, db) = (Matrix::zeros(w.rows(), w.columns()), vec![0.0; b.len()]);
        Self { w, b, dw, db, x: Matrix::default() }
    }
}

impl Layer for Affine {
    #[track_caller]
    fn forward(&mut self, x: Matrix) -> Matrix {
        let out = x.dot(&self.w).add_row(&self.b);
        self.x = x;
        out
    }

    /// ∂L/∂x = dout Wᵀ, ∂L/∂W = xᵀ dout, and ∂L/∂b the sum of dout over the mini-batch: b was added
    /// to every row.
    #[track_caller]
    fn backward(&mut self, dout: Matrix) -> Matrix {
        assert_kept("Affine", (self.x.rows(), self.w.columns()), dout.shape());
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

/// L = the mean of −ln softmax(a)ₜ over a mini-batch. Section 5.6.3. The last layer: it takes the
/// right answers too, and gives one number.
///
/// The book's forward adds 1e-7 inside the logarithm and its backward leaves it out, so there the
/// two do not belong to the same function, and no gradient check can come closer than about 1e-7.
/// This forward is the exact loss: with it the check gives the 1e-10 that the book prints.
#[derive(Clone, Debug, Default)]
pub struct SoftmaxWithLoss {
    /// y − t, with y = softmax(a) and t one-hot: (N, classes), for backward
    y_minus_t: Matrix,
}

impl SoftmaxWithLoss {
    /// The loss of the scores a: (N, classes) with the right answers t: (N).
    ///
    /// # Panics
    /// If there is not one label a row of a, or one is no column of it, or there are no rows.
    #[track_caller]
    pub fn forward(&mut self, a: Matrix, t: &Labels) -> f64 {
        let loss = softmax_cross_entropy(&a, t);
        self.y_minus_t = softmax_rows(a);
        for (n, &label) in t.as_slice().iter().enumerate() {
            self.y_minus_t[(n, label)] -= 1.0;
        }
        loss
    }

    /// ∂L/∂a = (y − t) / N: the 1/N because L is the mean.
    ///
    /// # Panics
    /// If there was no forward.
    #[track_caller]
    pub fn backward(&self) -> Matrix {
        let n = self.y_minus_t.rows();
        assert!(n > 0, "SoftmaxWithLoss: backward before forward");
        &self.y_minus_t * (1.0 / n as f64)
    }
}

#[track_caller]
fn assert_kept(layer: &str, out: (usize, usize), dout: (usize, usize)) {
    assert!(out == dout && out.0 > 0, "{layer}: backward of {dout:?} after a forward to {out:?}");
}
