//! The nearest matrix whose directions all have the same strength. In -> out: a matrix -> `U V^T` of its singular value decomposition, roughly.
//!
//! Five Newton-Schulz steps with the coefficients of Jordan et al. 2024 ("Muon: an optimizer for hidden layers in neural networks"): the singular values of
//! the result lie between about 0.7 and 1.2, which is near enough for an update. Deliberately absent: momentum and rates (`optimizer`).

use vedette_matmul::{Into, Precision, View, multiply};

const STEPS: usize = 5;
/// Of the polynomial `a x + b x^3 + c x^5`, which lifts small singular values fastest.
const POLYNOMIAL: [f32; 3] = [3.4445, -4.7750, 2.0315];

/// Replaces the `rows` x `columns` matrix by its orthogonal part; a matrix of zeros stays.
pub(crate) fn orthogonalize(matrix: &mut [f32], rows: usize, columns: usize, precision: Precision) {
    let length = matrix.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt() as f32;
    if length <= 0.0 || !length.is_finite() {
        return;
    }
    matrix.iter_mut().for_each(|value| *value /= length);
    let is_tall = rows > columns;
    let side = rows.min(columns);
    let [a, b, c] = POLYNOMIAL;
    let (mut gram, mut polynomial, mut next) = (vec![0.0; side * side], vec![0.0; side * side], vec![0.0; matrix.len()]);
    for _ in 0..STEPS {
        let x = View::dense(matrix, rows, columns);
        // The smaller of both Gram matrices: the polynomial of either gives the same result.
        if is_tall {
            multiply(&mut gram, side, Into::Set, x.t(), x, 1.0, precision);
        } else {
            multiply(&mut gram, side, Into::Set, x, x.t(), 1.0, precision);
        }
        polynomial.iter_mut().zip(&gram).for_each(|(p, g)| *p = b * g);
        let g = View::dense(&gram, side, side);
        multiply(&mut polynomial, side, Into::Add, g, g, c, precision);
        next.iter_mut().zip(&*matrix).for_each(|(n, x)| *n = a * x);
        let (p, x) = (View::dense(&polynomial, side, side), View::dense(matrix, rows, columns));
        if is_tall {
            multiply(&mut next, columns, Into::Add, x, p, 1.0, precision);
        } else {
            multiply(&mut next, columns, Into::Add, p, x, 1.0, precision);
        }
        matrix.copy_from_slice(&next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;

    #[test]
    fn all_directions_come_out_about_equally_strong() {
        for (rows, columns) in [(16, 40), (40, 16), (24, 24)] {
            let mut random = Random::new(7);
            // Directions of very different strength.
            let mut matrix: Vec<f32> =
                (0..rows * columns).map(|index| random.normal() / (1 + index / columns + index % columns) as f32).collect();
            orthogonalize(&mut matrix, rows, columns, Precision::Single);
            let side = rows.min(columns);
            let at =
                |row: usize, column: usize| if rows > columns { matrix[column * columns + row] } else { matrix[row * columns + column] };
            // Along random directions of the smaller side: lengths that no direction can stretch or shrink by much.
            for _ in 0..20 {
                let along: Vec<f32> = (0..side).map(|_| random.normal()).collect();
                let before = along.iter().map(|value| value * value).sum::<f32>().sqrt();
                let after = (0..rows.max(columns)).map(|j| (0..side).map(|i| along[i] * at(i, j)).sum::<f32>().powi(2)).sum::<f32>().sqrt();
                assert!((0.5..1.35).contains(&(after / before)), "{rows} x {columns}: {}", after / before);
            }
        }
    }

    #[test]
    fn zeros_stay_zeros() {
        let mut matrix = vec![0.0; 12];
        orthogonalize(&mut matrix, 3, 4, Precision::Single);
        assert_eq!(matrix, vec![0.0; 12]);
    }
}
