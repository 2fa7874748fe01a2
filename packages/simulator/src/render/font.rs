//! A tiny font for labels: capitals, digits, a point; 3 x 5 pixels a letter.
//!
//! In -> out: text -> lit pixels. Deliberately absent: small letters (drawn as capitals), accents, anything beyond labels of the contact sheet.

/// Pixels from letter to letter.
pub(crate) const ADVANCE: usize = 4;
/// Pixels of a letter from top to bottom.
pub(crate) const HEIGHT: usize = 5;

/// Rows of a letter from the top, three bits each, the left one highest.
fn rows(letter: char) -> [u8; HEIGHT] {
    match letter.to_ascii_uppercase() {
        'A' => [2, 5, 7, 5, 5],
        'B' => [6, 5, 6, 5, 6],
        'C' => [3, 4, 4, 4, 3],
        'D' => [6, 5, 5, 5, 6],
        'E' => [7, 4, 6, 4, 7],
        'F' => [7, 4, 6, 4, 4],
        'G' => [3, 4, 5, 5, 3],
        'H' => [5, 5, 7, 5, 5],
        'I' => [7, 2, 2, 2, 7],
        'J' => [1, 1, 1, 5, 2],
        'K' => [5, 5, 6, 5, 5],
        'L' => [4, 4, 4, 4, 7],
        'M' => [5, 7, 7, 5, 5],
        'N' => [6, 5, 5, 5, 5],
        'O' => [2, 5, 5, 5, 2],
        'P' => [6, 5, 6, 4, 4],
        'Q' => [2, 5, 5, 6, 3],
        'R' => [6, 5, 6, 5, 5],
        'S' => [3, 4, 2, 1, 6],
        'T' => [7, 2, 2, 2, 2],
        'U' => [5, 5, 5, 5, 7],
        'V' => [5, 5, 5, 5, 2],
        'W' => [5, 5, 7, 7, 5],
        'X' => [5, 5, 2, 5, 5],
        'Y' => [5, 5, 2, 2, 2],
        'Z' => [7, 1, 2, 4, 7],
        '0' => [7, 5, 5, 5, 7],
        '1' => [2, 6, 2, 2, 7],
        '2' => [6, 1, 2, 4, 7],
        '3' => [6, 1, 2, 1, 6],
        '4' => [5, 5, 7, 1, 1],
        '5' => [7, 4, 6, 1, 6],
        '6' => [3, 4, 6, 5, 2],
        '7' => [7, 1, 2, 2, 2],
        '8' => [2, 5, 2, 5, 2],
        '9' => [2, 5, 3, 1, 6],
        '.' => [0, 0, 0, 0, 2],
        '-' => [0, 0, 7, 0, 0],
        _ => [0; HEIGHT],
    }
}

/// Lit pixels of `text`, from its upper left corner.
pub(crate) fn pixels(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    text.chars().enumerate().flat_map(|(number, letter)| {
        let bits = rows(letter);
        let at = move |place: usize| (place % 3, place / 3);
        (0..3 * HEIGHT).map(at).filter(move |(x, y)| bits[*y] & (4 >> x) != 0).map(move |(x, y)| (number * ADVANCE + x, y))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_stay_in_their_place() {
        let all: Vec<_> = pixels("Fire 0.2").collect();
        assert!(!all.is_empty());
        assert!(all.iter().all(|(x, y)| *x < 8 * ADVANCE && *y < HEIGHT && x % ADVANCE < 3));
        assert_eq!(pixels("  ").count(), 0);
    }
}
