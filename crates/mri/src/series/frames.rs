//! All frames of a scan, plane by plane.

use super::fit::{Axis, axes};
use super::place::{Placed, Stand, partitions, slices};
use super::plane::{Input, Plane};
use super::prepared::{pooled, prepared, samples, whitening};
use super::scattered::scattered;
use super::together::planes;
use super::{Doubt, Facts, Method, Request, Residual, Series, SeriesError, Volume};
use crate::formats::FormatError;
use crate::formats::mrd::{
    Finding, Scan, Selection, TrajectoryUnit, has_trajectory, trajectory_unit, unstacked,
};
use crate::grid::{Grid, Stack};
use crate::prepare::Whitening;
use crate::recon::{by_slice, readout_slices};
use crate::sampling::Mask;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Lines that a frame must have for its own sensitivities.
const OWN_CALIBRATION: usize = 16;

/// Every frame by the method asked for, plane by plane.
pub(super) fn made(
    scan: &Scan,
    request: &Request,
    done: &(dyn Fn(usize, usize) + Sync),
) -> Result<Series, SeriesError> {
    let [_, _, depth] = scan.header.encoded.matrix;
    if depth > 1 && scan.header.trajectory != "cartesian" && has_trajectory(scan) {
        let slices = made(&unstacked(scan)?, request, done)?;
        return Ok(Series { is_volume_scan: true, ..slices });
    }
    let axes = axes(&scan.header)?;
    let mut notes = Notes::default();
    let whitening = whitening(scan).map_err(|reason| notes.add(reason.into())).ok();
    let unit = unit(scan, request.two_sets, &mut notes)?;
    let work = Work { scan, request, whitening: whitening.as_ref(), axes, unit, done };
    let selections: Vec<Selection> = scan
        .acquisitions
        .iter()
        .filter(|a| a.is_image() && a.encoding == 0)
        .map(selection_of)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    if selections.is_empty() {
        return Err(SeriesError::NoImage);
    }
    if scan.acquisitions.iter().any(|a| a.encoding != 0) {
        notes.add("readouts of a second encoding are left out".into());
    }
    notes.findings(&scan.findings);
    let volumes = if depth > 1 {
        let mut volumes = Vec::new();
        for group in work.groups(&selections) {
            volumes.extend(work.volumes(&group, selections.len(), &mut notes)?);
        }
        volumes.sort_by_key(|volume: &Volume| volume.frame);
        volumes
    } else {
        work.slices(&selections, &mut notes)?
    };
    Ok(Series { volumes, notes: notes.0, is_volume_scan: depth > 1 })
}

/// The units of the trajectory, where the scan is not made of lines.
fn unit(scan: &Scan, two_sets: bool, notes: &mut Notes) -> Result<Option<TrajectoryUnit>, SeriesError> {
    let name = &scan.header.trajectory;
    if name == "cartesian" || !has_trajectory(scan) {
        return Ok(None);
    }
    let unit = trajectory_unit(scan)?;
    if two_sets {
        notes.add("along a trajectory one set of sensitivities is used, not two".into());
    }
    notes.add(format!("the {name} trajectory is taken for {}", unit.name()));
    Ok(Some(unit))
}

/// What a reader must know, each thing once.
#[derive(Default)]
struct Notes(Vec<String>);

impl Notes {
    fn add(&mut self, note: String) {
        if !self.0.contains(&note) {
            self.0.push(note);
        }
    }

    /// Readouts left out, by reason.
    fn findings(&mut self, findings: &[Finding]) {
        let mut counted: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for finding in findings {
            counted.entry(&finding.reason).or_insert((0, finding.acquisition)).0 += 1;
        }
        for (reason, (count, first)) in counted {
            self.add(format!("left out: {count} readouts from number {first} on ({reason})"));
        }
    }

    fn placed(&mut self, placed: &Placed, stands: &[Stand]) {
        if stands.iter().any(|stand| stand.assumed) {
            self.add("the scan names no directions: axial orientation is assumed".into());
        }
        if placed.uneven {
            self.add(
                "slices are not evenly spaced or not parallel: NIfTI cannot say where they lie, DICOM does"
                    .into(),
            );
        }
    }
}

fn selection_of(acquisition: &crate::formats::mrd::Acquisition) -> Selection {
    let index = acquisition.index;
    Selection {
        slice: index.slice,
        contrast: index.contrast,
        phase: index.phase,
        repetition: index.repetition,
        set: index.set,
        ..Selection::default()
    }
}

struct Work<'a> {
    scan: &'a Scan,
    request: &'a Request<'a>,
    whitening: Option<&'a Whitening>,
    axes: [Axis; 3],
    unit: Option<TrajectoryUnit>,
    done: &'a (dyn Fn(usize, usize) + Sync),
}

/// What is measured, what to calibrate from, whether both are white, and what was noticed.
type Inputs = (Vec<Stack>, Vec<Stack>, bool, Vec<Finding>);

impl Work<'_> {
    /// k-space of a frame, with sensitivities' data from all frames where its own are too few.
    fn inputs(&self, selection: &Selection) -> Result<Inputs, FormatError> {
        let [readout, ..] = self.axes;
        let tools = (self.whitening, readout);
        let ready = prepared(self.scan, selection, tools)?;
        let own = ready.calibration.iter().any(|stack| {
            let block = Mask::from_kspace(stack).calibration_block(Grid::new(24, 24));
            block.rows.min(block.cols) >= OWN_CALIBRATION
        });
        let calibration = if own { None } else { pooled(self.scan, selection, tools) };
        Ok((ready.image, calibration.unwrap_or(ready.calibration), ready.white, ready.findings))
    }

    fn stand(&self, selection: &Selection) -> Option<Stand> {
        self.scan.acquisitions.iter().find(|a| selection.holds(a)).map(Stand::of)
    }

    /// What is made at once: images of one place where the method makes them together, else each by itself.
    fn groups(&self, selections: &[Selection]) -> Vec<Vec<Selection>> {
        if self.request.method != Some(Method::LocallyLowRank) || self.unit.is_some() {
            return selections.iter().map(|selection| vec![*selection]).collect();
        }
        let mut places: BTreeMap<u16, Vec<Selection>> = BTreeMap::new();
        for selection in selections {
            places.entry(selection.slice).or_default().push(*selection);
        }
        places.into_values().collect()
    }

    /// Slices measured one by one, put together as frames.
    fn slices(&self, selections: &[Selection], notes: &mut Notes) -> Result<Vec<Volume>, SeriesError> {
        let count = AtomicUsize::new(0);
        let groups = self.groups(selections);
        let places = by_slice(&groups, |_, group| -> Result<_, FormatError> {
            let made = match self.unit {
                None => self.along_lines(group),
                Some(unit) => group.iter().map(|selection| self.along(selection, unit)).collect(),
            }?;
            group.iter().for_each(|_| (self.done)(1 + count.fetch_add(1, Relaxed), selections.len()));
            Ok(made)
        });
        let mut frames: BTreeMap<Selection, Vec<(Stand, Plane)>> = BTreeMap::new();
        for (group, made) in groups.iter().zip(places) {
            for (selection, (plane, findings)) in group.iter().zip(made?) {
                notes.findings(&findings);
                let frame = Selection { slice: 0, ..*selection };
                let stand = self.stand(selection).ok_or(SeriesError::NoImage)?;
                frames.entry(frame).or_default().push((stand, plane));
            }
        }
        frames.into_iter().map(|(frame, made)| self.stacked(frame, made, notes)).collect()
    }

    fn along_lines(&self, group: &[Selection]) -> Result<Vec<(Plane, Vec<Finding>)>, FormatError> {
        let [rows, cols, _] = self.axes;
        let (mut inputs, mut noticed) = (Vec::new(), Vec::new());
        for selection in group {
            let (image, calibration, white, findings) = self.inputs(selection)?;
            let (image, calibration) = (image.into_iter().next(), calibration.into_iter().next());
            let (Some(image), Some(calibration)) = (image, calibration) else {
                return Err(FormatError::Malformed("an encoded space without partitions".into()));
            };
            inputs.push(Input { image, calibration, white });
            noticed.push(findings);
        }
        Ok(planes(inputs, self.request, (rows, cols)).into_iter().zip(noticed).collect())
    }

    fn along(
        &self,
        selection: &Selection,
        unit: TrajectoryUnit,
    ) -> Result<(Plane, Vec<Finding>), FormatError> {
        let ([rows, cols, _], [readout, phase, _]) = (self.axes, self.scan.header.encoded.matrix);
        let (input, findings) = samples(self.scan, selection, (self.whitening, unit))?;
        Ok((scattered(input, self.request, Grid::new(readout, phase), (rows, cols)), findings))
    }

    fn stacked(
        &self,
        frame: Selection,
        mut made: Vec<(Stand, Plane)>,
        notes: &mut Notes,
    ) -> Result<Volume, SeriesError> {
        if let Some([_, _, along]) = made.first().map(|(stand, _)| stand.directions) {
            made.sort_by(|(a, _), (b, _)| a.height(along).total_cmp(&b.height(along)));
        }
        let stands: Vec<Stand> = made.iter().map(|(stand, _)| *stand).collect();
        let placed = slices(&self.scan.header, &stands).ok_or(SeriesError::NoImage)?;
        notes.placed(&placed, &stands);
        let grid = self.plane_grid();
        let picture = |values: &[f32]| turned(values, grid);
        let image = made.iter().flat_map(|(_, plane)| picture(&plane.image)).collect();
        let zero_filled = made.iter().flat_map(|(_, plane)| picture(&plane.zero_filled)).collect();
        let doubt = |kind| -> Option<Vec<f32>> {
            let each = made.iter().map(|(_, plane)| plane.doubt.get(&kind).map(|values| picture(values)));
            each.collect::<Option<Vec<_>>>().map(|slices| slices.concat())
        };
        let doubt = Doubt::ALL.into_iter().filter_map(|kind| Some((kind, doubt(kind)?))).collect();
        let (residuals, facts) = made.into_iter().map(|(_, plane)| (plane.residual, plane.facts)).unzip();
        Ok(volume((frame, placed), (image, zero_filled), (doubt, residuals), facts))
    }

    /// Readout along rows, phase along columns.
    fn plane_grid(&self) -> Grid {
        let [rows, cols, _] = self.axes;
        Grid::new(rows.make, cols.make)
    }

    /// Volume scans of one place: planes across the readout, then slices across the second phase encoding.
    fn volumes(
        &self,
        group: &[Selection],
        frames: usize,
        notes: &mut Notes,
    ) -> Result<Vec<Volume>, SeriesError> {
        let [readout, phase, partition] = self.axes;
        if readout.make != readout.keep {
            return Err(SeriesError::Impossible(format!(
                "a volume scan of {} readout points cannot be made {} yet",
                readout.keep, readout.make
            )));
        }
        let mut inputs: Vec<Vec<Input>> = Vec::new();
        for frame in group {
            let (image, calibration, white, findings) = self.inputs(frame)?;
            notes.findings(&findings);
            let planes = readout_slices(&image).into_iter().zip(readout_slices(&calibration));
            let planes = planes.map(|(image, calibration)| Input { image, calibration, white });
            planes.enumerate().for_each(|(at, input)| match inputs.get_mut(at) {
                Some(place) => place.push(input),
                None => inputs.push(vec![input]),
            });
        }
        let count = AtomicUsize::new(0);
        let of = inputs.len() * frames;
        let mut places = by_slice(&inputs, |_, place| {
            let made = planes(place.clone(), self.request, (partition, phase));
            made.iter().for_each(|_| (self.done)(1 + count.fetch_add(1, Relaxed), of));
            made.into_iter()
        });
        let one = |frame: &Selection| {
            let planes: Vec<Plane> = places.iter_mut().filter_map(Iterator::next).collect();
            self.across(*frame, planes, notes)
        };
        group.iter().map(one).collect()
    }

    /// Slice z, row y, column x is row z, column y of the plane at readout x.
    fn across(&self, frame: Selection, planes: Vec<Plane>, notes: &mut Notes) -> Result<Volume, SeriesError> {
        let [_, phase, partition] = self.axes;
        let stand = self.stand(&frame).ok_or(SeriesError::NoImage)?;
        let placed = partitions(&self.scan.header, &stand);
        notes.placed(&placed, &[stand]);
        let gather = |of: &dyn Fn(&Plane) -> &[f32]| -> Vec<f32> {
            let pixels = 0..partition.make * phase.make;
            pixels.flat_map(|at| planes.iter().map(move |p| of(p).get(at).copied().unwrap_or(0.0))).collect()
        };
        let (image, zero_filled) = (gather(&|p| &p.image), gather(&|p| &p.zero_filled));
        let known = |kind: &Doubt| planes.iter().all(|plane| plane.doubt.contains_key(kind));
        let doubt = Doubt::ALL
            .into_iter()
            .filter(known)
            .map(|kind| (kind, gather(&|p| p.doubt.get(&kind).map(Vec::as_slice).unwrap_or_default())));
        let doubt = doubt.collect();
        let residuals = vec![mean_residual(&planes)];
        let facts = planes.into_iter().map(|plane| plane.facts).collect();
        Ok(volume((frame, placed), (image, zero_filled), (doubt, residuals), facts))
    }
}

/// Root mean square over the planes that have one.
fn mean_residual(planes: &[Plane]) -> Option<Residual> {
    let residuals: Vec<&Residual> = planes.iter().filter_map(|plane| plane.residual.as_ref()).collect();
    let grid = residuals.first()?.grid;
    let mut sum = vec![0f32; grid.pixels()];
    for residual in residuals.iter().filter(|residual| residual.grid == grid) {
        sum.iter_mut().zip(&residual.values).for_each(|(sum, v)| *sum += v * v);
    }
    let count = residuals.len() as f32;
    Some(Residual { grid, values: sum.into_iter().map(|sum| (sum / count).sqrt()).collect() })
}

/// Rows become columns.
fn turned(values: &[f32], grid: Grid) -> Vec<f32> {
    (0..grid.cols).flat_map(|col| values.iter().skip(col).step_by(grid.cols.max(1)).copied()).collect()
}

fn volume(
    (frame, placed): (Selection, Placed),
    (image, zero_filled): (Vec<f32>, Vec<f32>),
    (doubt, residuals): (BTreeMap<Doubt, Vec<f32>>, Vec<Option<Residual>>),
    facts: Vec<Facts>,
) -> Volume {
    let Placed { geometry, origins_mm, thickness_mm, .. } = placed;
    Volume { frame, geometry, origins_mm, thickness_mm, image, zero_filled, doubt, residuals, facts }
}
