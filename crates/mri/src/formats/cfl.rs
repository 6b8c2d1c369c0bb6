//! BART's `.hdr`/`.cfl` pair: sizes as text, then complex single-precision values, little endian, first axis fastest.
//! <https://mrirecon.github.io/bart/> (the format is described in BART's `doc/` folder).

use super::FormatError;
use crate::grid::{C32, Grid, Stack};
use std::io::{Read, Write};

/// Bytes read or written at once.
const PIECE: usize = 1 << 16;

/// BART's number of axes; headers may hold fewer.
const AXES: usize = 16;

/// The contents of a pair of files.
#[derive(Debug, Clone, PartialEq)]
pub struct Cfl {
    /// Sizes: readout, phase 1, phase 2, coils, maps, echoes, …
    pub sizes: Vec<usize>,
    /// Values, first axis fastest.
    pub values: Vec<C32>,
}

/// Reads a pair; at most `limit` values. The body is read in pieces, so that nothing is held twice.
pub fn read(header: &str, mut body: impl Read, limit: usize) -> Result<Cfl, FormatError> {
    let sizes = read_sizes(header)?;
    let count = sizes.iter().try_fold(1usize, |product, size| product.checked_mul(*size));
    let count =
        count.filter(|count| *count <= limit).ok_or(FormatError::TooLarge("more values than allowed"))?;
    let float = |bytes: &[u8]| bytes.try_into().map(f32::from_le_bytes).unwrap_or_default();
    let value = |pair: &[u8]| {
        let (re, im) = pair.split_at(4);
        C32::new(float(re), float(im))
    };
    let mut values = Vec::new();
    let mut piece = [0; PIECE];
    while values.len() < count {
        let wanted = (8 * (count - values.len())).min(PIECE);
        let piece = piece.split_at_mut(wanted).0;
        body.read_exact(piece).map_err(|_| FormatError::Truncated("fewer values than the header says"))?;
        if values.is_empty() {
            values.reserve_exact(count);
        }
        values.extend(piece.chunks_exact(8).map(value));
    }
    match body.read(&mut piece) {
        Ok(0) => Ok(Cfl { sizes, values }),
        _ => Err(FormatError::Malformed("more values than the header says".into())),
    }
}

fn read_sizes(header: &str) -> Result<Vec<usize>, FormatError> {
    let mut lines = header.lines().map(str::trim).skip_while(|line| *line != "# Dimensions");
    lines.next().ok_or(FormatError::NotThisFormat("BART header"))?;
    let line = lines.next().ok_or(FormatError::Truncated("no sizes after # Dimensions"))?;
    let sizes: Vec<usize> = line
        .split_ascii_whitespace()
        .map(|word| word.parse().ok().filter(|size| *size > 0))
        .collect::<Option<_>>()
        .ok_or_else(|| FormatError::Malformed("a size is not a positive number".into()))?;
    if sizes.is_empty() || sizes.len() > AXES {
        return Err(FormatError::Malformed(format!("{} axes; 1 to {AXES} expected", sizes.len())));
    }
    Ok(sizes)
}

impl Cfl {
    /// The `.hdr` text.
    pub fn header(&self) -> String {
        let mut sizes = self.sizes.clone();
        sizes.resize(AXES.max(sizes.len()), 1);
        let words: Vec<String> = sizes.iter().map(usize::to_string).collect();
        format!("# Dimensions\n{} \n", words.join(" "))
    }

    /// Writes the `.cfl` bytes.
    pub fn write_body(&self, out: &mut dyn Write) -> std::io::Result<()> {
        for piece in self.values.chunks(PIECE / 8) {
            let bytes: Vec<u8> =
                piece.iter().flat_map(|v| [v.re.to_le_bytes(), v.im.to_le_bytes()]).flatten().collect();
            out.write_all(&bytes)?;
        }
        Ok(())
    }

    /// Planes of readout × phase 1, or phase 1 × phase 2 when the readout has length 1; all other axes are stacked.
    pub fn into_stack(self) -> Stack {
        let size = |axis: usize| self.sizes.get(axis).copied().unwrap_or(1);
        let grid = if size(0) == 1 && size(2) > 1 {
            Grid::new(size(1), size(2))
        } else {
            Grid::new(size(0), size(1))
        };
        let count = self.values.len() / grid.pixels().max(1);
        Stack { grid: grid.transposed(), count, values: self.values }.into_transposed()
    }

    /// A stack as readout × phase × 1 × planes (`axis` 3, coils, or 4, maps, …).
    pub fn from_stack(stack: Stack, axis: usize) -> Self {
        let mut sizes = vec![1; AXES];
        sizes.splice(0..2, [stack.grid.rows, stack.grid.cols]);
        if let Some(size) = sizes.get_mut(axis.max(2)) {
            *size = stack.count;
        }
        Self { sizes, values: stack.into_transposed().values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_stack_survives_the_round_trip_with_its_axes() {
        let grid = Grid::new(3, 5);
        let values: Vec<C32> = (0..30).map(|i| C32::new(i as f32, -1.5)).collect();
        let stack = Stack::from_values(grid, values).unwrap();
        let cfl = Cfl::from_stack(stack.clone(), 3);
        assert_eq!(cfl.sizes[..4], [3, 5, 1, 2]);
        // The readout runs fastest in the file.
        assert_eq!(cfl.values[1], stack.values[5]);
        let mut body = Vec::new();
        cfl.write_body(&mut body).unwrap();
        let back = read(&cfl.header(), &body[..], 1000).unwrap();
        assert_eq!(back.into_stack(), stack);
    }

    #[test]
    fn broken_pairs_are_named() {
        let zeros = [0u8; 8 * 6];
        let body = || &zeros[..];
        assert_eq!(read("", body(), 99), Err(FormatError::NotThisFormat("BART header")));
        assert!(matches!(read("# Dimensions\n", body(), 99), Err(FormatError::Truncated(_))));
        assert!(matches!(read("# Dimensions\n2 x\n", body(), 99), Err(FormatError::Malformed(_))));
        assert!(matches!(read("# Dimensions\n2 0\n", body(), 99), Err(FormatError::Malformed(_))));
        assert!(matches!(read("# Dimensions\n2 4\n", body(), 99), Err(FormatError::Truncated(_))));
        assert!(matches!(read("# Dimensions\n2 2\n", body(), 99), Err(FormatError::Malformed(_))));
        let huge = format!("# Dimensions\n{} 8 8\n", usize::MAX);
        assert!(matches!(read(&huge, body(), 99), Err(FormatError::TooLarge(_))));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(header in "(# Dimensions\n)?[0-9 \n#-]{0,40}", body in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(cfl) = read(&header, &body[..], 1 << 16) {
                let count = cfl.values.len();
                prop_assert_eq!(cfl.into_stack().values.len(), count);
            }
        }
    }
}
