//! BART's k-space as a scan, so that a `.cfl`/`.hdr` pair goes the same way as a raw file.
//!
//! Axes are BART's: 0 readout, 1 and 2 phase encoding, 3 receivers, 5 echoes (contrasts), 10 time (repetitions), 11 second time
//! (cardiac phases), 13 slices; every other axis must have length 1, and a file that has more is refused by its axis. Where
//! axis 0 has length 1, as in BART's masks, axes 1 and 2 are the plane. Points that are zero in every receiver were not measured.
//! The pair says nothing of sizes, places, noise or who was scanned: a millimetre a pixel and an axial plane are taken, and said.

use super::{Acquisition, Extra, Header, Index, Scan};
use crate::formats::FormatError;
use crate::formats::cfl::Cfl;
use crate::grid::{C32, ZERO};

/// BART's axes by number.
const COILS: usize = 3;
const ECHOES: usize = 5;
const TIME: usize = 10;
const SECOND_TIME: usize = 11;
const SLICES: usize = 13;
/// Axes that a scan has.
const KNOWN: [usize; 8] = [0, 1, 2, COILS, ECHOES, TIME, SECOND_TIME, SLICES];

/// What a pair of files does not say.
pub const ASSUMED: &str = "BART's files name no sizes: a millimetre a pixel is assumed";

/// The scan of a pair's k-space.
pub fn scan(cfl: &Cfl) -> Result<Scan, FormatError> {
    let size = |axis: usize| cfl.sizes.get(axis).copied().unwrap_or(1);
    if let Some(axis) = (0..cfl.sizes.len()).find(|axis| !KNOWN.contains(axis) && size(*axis) > 1) {
        let length = size(axis);
        return Err(FormatError::Unsupported(format!("BART axis {axis} of length {length}")));
    }
    let plane = if size(0) == 1 && size(2) > 1 { [1, 2, 0] } else { [0, 1, 2] };
    let matrix = plane.map(size);
    let axes = [COILS, SLICES, TIME, SECOND_TIME, ECHOES].map(size);
    if matrix.iter().chain(&axes).any(|length| u16::try_from(*length).is_err()) {
        return Err(FormatError::TooLarge("an axis of a BART file"));
    }
    let xml = xml(matrix);
    let header = Header::read(&xml)?;
    let stride = |axis: usize| cfl.sizes.iter().take(axis).product::<usize>();
    let strides: Vec<usize> = (0..16).map(stride).collect();
    let step = |axis: usize| strides.get(axis).copied().unwrap_or_default();
    let [readout, first, second] = plane;
    let mut scan = Scan { header, xml, acquisitions: Vec::new(), findings: Vec::new() };
    for index in indices([size(SLICES), size(TIME), size(SECOND_TIME), size(ECHOES)]) {
        let [slice, time, second_time, echo] = index;
        let frame =
            slice * step(SLICES) + time * step(TIME) + second_time * step(SECOND_TIME) + echo * step(ECHOES);
        for (second_step, first_step) in (0..size(second)).flat_map(|b| (0..size(first)).map(move |a| (b, a)))
        {
            let line = frame + second_step * step(second) + first_step * step(first);
            let value = |coil: usize, sample: usize| {
                let at = line + coil * step(COILS) + sample * step(readout);
                cfl.values.get(at).copied().unwrap_or(ZERO)
            };
            let samples = size(readout);
            let values: Vec<C32> = (0..size(COILS))
                .flat_map(|coil| (0..samples).map(move |s| (coil, s)))
                .map(|(c, s)| value(c, s))
                .collect();
            if values.iter().all(|v| *v == ZERO) {
                continue;
            }
            let number = |n: usize| n as u16;
            let place = Index {
                step_1: number(first_step),
                step_2: number(second_step),
                slice: number(slice),
                contrast: number(echo),
                phase: number(second_time),
                repetition: number(time),
                ..Index::default()
            };
            scan.acquisitions.push(acquisition(place, (samples, size(COILS)), values));
        }
    }
    if scan.acquisitions.is_empty() {
        return Err(FormatError::Malformed("a BART file without a value other than zero".into()));
    }
    Ok(scan)
}

/// All combinations.
fn indices([slices, times, second_times, echoes]: [usize; 4]) -> impl Iterator<Item = [usize; 4]> {
    let whole = slices * times * second_times * echoes;
    (0..whole).map(move |n| {
        let (n, echo) = (n / echoes, n % echoes);
        let (n, second) = (n / second_times, n % second_times);
        [n / times, n % times, second, echo]
    })
}

fn acquisition(index: Index, (samples, channels): (usize, usize), values: Vec<C32>) -> Acquisition {
    Acquisition {
        flags: 0,
        index,
        samples,
        channels,
        discard_pre: 0,
        discard_post: 0,
        centre_sample: samples / 2,
        encoding: 0,
        sample_time_us: 0.0,
        position: [0.0, 0.0, f32::from(index.slice)],
        directions: [[0.0; 3]; 3],
        trajectory_dimensions: 0,
        trajectory: Vec::new(),
        values,
        extra: Extra::default(),
    }
}

fn xml([x, y, z]: [usize; 3]) -> String {
    let space = format!(
        "<matrixSize><x>{x}</x><y>{y}</y><z>{z}</z></matrixSize>\
         <fieldOfView_mm><x>{x}</x><y>{y}</y><z>{z}</z></fieldOfView_mm>"
    );
    format!(
        "<ismrmrdHeader xmlns=\"http://www.ismrm.org/ISMRMRD\"><encoding><encodedSpace>{space}</encodedSpace>\
         <reconSpace>{space}</reconSpace><trajectory>cartesian</trajectory></encoding></ismrmrdHeader>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::mrd::{Selection, assemble};
    use crate::grid::{Grid, Stack};

    fn cfl(sizes: &[(usize, usize)]) -> Cfl {
        let mut all = vec![1; 16];
        sizes.iter().for_each(|(axis, length)| all[*axis] = *length);
        let count: usize = all.iter().product();
        Cfl { sizes: all, values: (0..count).map(|i| C32::new(i as f32 + 1.0, -1.0)).collect() }
    }

    #[test]
    fn every_axis_ends_where_it_belongs_and_zeros_are_not_measured() {
        let mut file = cfl(&[(0, 4), (1, 3), (2, 2), (3, 2), (5, 2), (10, 3)]);
        // Line 1 of partition 0 was not measured in the first echo of the first time.
        let line = |coil: usize| (0..4).map(move |x| x + 4 + 24 * coil);
        line(0).chain(line(1)).for_each(|at| file.values[at] = ZERO);
        let scan = scan(&file).unwrap();
        assert_eq!(scan.acquisitions.len(), 3 * 2 * 2 * 3 - 1);
        assert_eq!(scan.header.encoded.matrix, [4, 3, 2]);
        let frame = Selection { contrast: 1, repetition: 2, ..Selection::default() };
        let (stacks, findings) = assemble(&scan, &frame).unwrap();
        assert!(findings.is_empty() && stacks.len() == 2);
        // x 3, y 1, z 1, coil 1, echo 1, time 2.
        let at = 3 + 4 * (1 + 3 * (1 + 2 * (1 + 2 * (1 + 2 * 2))));
        assert_eq!(stacks[1].values[12 + 3 * 3 + 1], file.values[at]);
    }

    #[test]
    fn a_plane_across_both_phase_encodings_is_the_stack_of_the_same_file() {
        let file = cfl(&[(1, 5), (2, 6), (3, 3)]);
        let scan = scan(&file).unwrap();
        let (stacks, _) = assemble(&scan, &Selection::default()).unwrap();
        let stack: &Stack = &stacks[0];
        assert_eq!((stack.grid, stacks.len()), (Grid::new(5, 6), 1));
        assert_eq!(*stack, file.into_stack());
    }

    #[test]
    fn what_is_no_scan_is_refused_by_its_axis() {
        let refused = |file: &Cfl| scan(file).unwrap_err().to_string();
        assert!(refused(&cfl(&[(0, 4), (1, 4), (4, 2)])).contains("axis 4 of length 2"));
        let mut silent = cfl(&[(0, 4), (1, 4)]);
        silent.values.fill(ZERO);
        assert!(refused(&silent).contains("other than zero"));
        assert!(refused(&cfl(&[(1, 70_000)])).contains("an axis of a BART file"));
    }
}
