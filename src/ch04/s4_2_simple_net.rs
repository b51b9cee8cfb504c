//! 4.4.2: the gradient of a neural network. The net is the book's `simpleNet`: one layer, p = x W.
//! Exercise e08. Tests: `cargo test section_4_4`.

use super::s2_4_batch_cross_entropy::{cross_entropy_one_hot, softmax_cross_entropy};
use super::s2_4_targets::OneHot;
use super::s4_1_gradient::numerical_gradient;
use crate::ch03::functions::softmax_rows;
use crate::numeric::matrix::Matrix;
use crate::numeric::random::Rng;

/// p = x W, with x: (N, inputs), W: (inputs, classes), p: (N, classes). In the book W is (2, 3).
#[derive(Clone, Debug, PartialEq)]
pub struct SimpleNet {
    /// W: (inputs, classes)
    pub w: Matrix,
}

impl SimpleNet {
    /// W: (2, 3) from N(0, 1), as in the book.
    pub fn new(rng: &mut impl Rng) -> Self {
        let w = Matrix::from_fn(2, 3, |_, _| rng.normal());
        Self { w }
    }

    /// The scores p = x W, before the softmax.
    #[track_caller]
    pub fn predict(&self, x: &Matrix) -> Matrix {
        x.dot(&self.w)
    }

    /// The cross-entropy of softmax(p), with the book's 1e-7 inside the logarithm.
    #[track_caller]
    pub fn loss(&self, x: &Matrix, t: &OneHot) -> f64 {
        let y = softmax_rows(&self.predict(x));
        cross_entropy_one_hot(&y, t)
    }

    /// The cross-entropy without the 1e-7. The numbers that the book prints were computed with this
    /// loss.
    #[track_caller]
    pub fn exact_loss(&self, x: &Matrix, t: &OneHot) -> f64 {
        let p = self.predict(x);
        let t_shape = t.matrix().shape();
        assert!(p.shape() == t_shape, "exact_loss: p {:?} and t {t_shape:?}", p.shape());
        softmax_cross_entropy(&p, &t.labels())
    }

    /// The gradient of the loss with respect to W, formula 4.8: (inputs, classes).
    ///
    /// `loss` is a function of a net: [`loss`](Self::loss) or [`exact_loss`](Self::exact_loss) with
    /// some x and t. It is called with this net, one number of W moved by ±h.
    ///
    /// ```
    /// use from_zero::ch04::s2_4_targets::OneHot;
    /// use from_zero::ch04::s4_2_simple_net::SimpleNet;
    /// use from_zero::numeric::matrix::Matrix;
    ///
    /// let net = SimpleNet { w: Matrix::from_rows(&[
    ///     [0.47355232, 0.9977393, 0.84668094],
    ///     [0.85557411, 0.03563661, 0.69422093],
    /// ]) };
    /// let x = Matrix::from_rows(&[[0.6, 0.9]]);
    /// let t = OneHot::from_rows(&[[0.0, 0.0, 1.0]]);
    /// let dw = net.numerical_gradient(|net| net.exact_loss(&x, &t));
    /// assert_eq!(
    ///     dw.to_string(), // the numbers that the book prints
    ///     "[[0.21924763  0.14356247  -0.36281009]\n [0.32887144  0.21534370  -0.54421514]]"
    /// );
    /// ```
    ///
    /// The first number, 0.2, means: if w₁₁ grows by a small h, the loss grows by about 0.2 h. The
    /// last one, −0.5, means: if w₂₃ grows by h, the loss falls by about 0.5 h. So w₂₃ should grow,
    /// and it should change more than w₁₁.
    pub fn numerical_gradient(&self, loss: impl Fn(&SimpleNet) -> f64) -> Matrix {
        let f = |w: &[f64]| loss(&SimpleNet { w: self.w.with_data(w) });
        let dw = numerical_gradient(f, self.w.as_slice());
        self.w.with_data(&dw)
    }
}
