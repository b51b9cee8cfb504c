//! `simpleNet`, the net of one layer of section 4.4.2, and the gradient of its loss with respect to W.

use super::differentiation::{H, numerical_gradient_of};
use super::functions::softmax_rows;
use super::loss::{cross_entropy_one_hot, softmax_cross_entropy};
use super::targets::OneHot;
use crate::numeric::matrix::Matrix;
use crate::numeric::random::Rng;

/// p = x W, with x: (n, 2), W: (2, 3), p: (n, 3) in the book; here of any size.
#[derive(Clone, Debug, PartialEq)]
pub struct SimpleNet {
    /// W: (inputs, classes)
    pub w: Matrix,
}

impl SimpleNet {
    /// W from N(0, 1), 2 × 3 as in the book.
    pub fn new(rng: &mut impl Rng) -> Self {
        let w = Matrix::from_fn(2, 3, |_, _| rng.normal());
        Self { w }
    }

    /// The scores p = x W, before the softmax, with x: (n, inputs), p: (n, classes).
    ///
    /// # Panics
    /// If x has not as many columns as W has rows.
    #[track_caller]
    pub fn predict(&self, x: &Matrix) -> Matrix {
        x.dot(&self.w)
    }

    /// The cross-entropy of softmax(p), with the book's 1e-7 inside the logarithm; x: (n, inputs),
    /// t: (n, classes).
    ///
    /// # Panics
    /// If x has not as many columns as W has rows, t has another shape than p, or there are no rows.
    #[track_caller]
    pub fn loss(&self, x: &Matrix, t: &OneHot) -> f64 {
        let y = softmax_rows(self.predict(x));
        cross_entropy_one_hot(&y, t)
    }

    /// The cross-entropy without the 1e-7: it gives the digits that the book prints, which are
    /// older.
    ///
    /// # Panics
    /// As [`loss`](Self::loss).
    #[track_caller]
    pub fn exact_loss(&self, x: &Matrix, t: &OneHot) -> f64 {
        let p = self.predict(x);
        let t_shape = t.matrix().shape();
        assert!(p.shape() == t_shape, "exact_loss: p {:?} and t {t_shape:?}", p.shape());
        softmax_cross_entropy(&p, &t.labels())
    }

    /// ∂L/∂W: (inputs, classes), of any loss of this net.
    ///
    /// ```
    /// use from_zero::learning::simple_net::SimpleNet;
    /// use from_zero::learning::targets::OneHot;
    /// use from_zero::numeric::matrix::Matrix;
    /// use from_zero::numeric::random::Xorshift64Star;
    ///
    /// let net = SimpleNet::new(&mut Xorshift64Star::new(0));
    /// let (x, t) = (Matrix::from_rows(&[[0.6, 0.9]]), OneHot::from_rows(&[[0.0, 0.0, 1.0]]));
    /// let dw = net.numerical_gradient_of(|net| net.loss(&x, &t));
    /// assert_eq!(dw.shape(), (2, 3));
    /// ```
    pub fn numerical_gradient_of(&self, f: impl FnMut(&SimpleNet) -> f64) -> Matrix {
        let mut net = self.clone();
        let dw = numerical_gradient_of(f, &mut net, |net| net.w.as_mut_slice(), H);
        Matrix::from_vec(self.w.rows(), self.w.columns(), dw)
    }
}
