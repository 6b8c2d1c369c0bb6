//! The planes of one place: each by itself, or all together where the method sees what they share.

use super::fit::Axis;
use super::plane::{Begun, Input, Made, Plane, plane};
use super::{Method, Request};
use crate::grid::Stack;
use crate::recon::{Image, LocallyLowRank, Problem, locally_low_rank};

/// Makes the planes of one place, in order.
pub fn planes(mut inputs: Vec<Input>, request: &Request, axes: (Axis, Axis)) -> Vec<Plane> {
    let shared = inputs.first().map(|first| first.calibration.clone());
    if let Some(shared) =
        shared.filter(|_| request.method == Some(Method::LocallyLowRank) && inputs.len() > 1)
    {
        // One set of sensitivities: what they leave to the images must not differ between frames.
        inputs.iter_mut().for_each(|input| input.calibration.clone_from(&shared));
        let mut begun: Vec<Begun> = inputs.into_iter().map(|input| Begun::of(input, request, axes)).collect();
        let made = low_rank(&mut begun, request);
        return begun
            .into_iter()
            .zip(made)
            .map(|(begun, made)| begun.finished(made, request, axes))
            .collect();
    }
    inputs.into_iter().map(|input| plane(input, request, axes)).collect()
}

/// All frames, or for each of them why not.
fn low_rank(begun: &mut [Begun], request: &Request) -> Vec<Result<Made, String>> {
    let problems: Result<Vec<Problem>, String> = begun.iter().map(|plane| plane.problem(request)).collect();
    let solved = problems.and_then(|problems| {
        let settings = LocallyLowRank { seed: request.seed, ..LocallyLowRank::default() };
        let lambda = request.lambda.unwrap_or(settings.lambda);
        let image = locally_low_rank(&problems, &LocallyLowRank { lambda, ..settings });
        image.map(|image| (problems, image)).map_err(|error| error.to_string())
    });
    let (problems, image) = match solved {
        Ok(solved) => solved,
        Err(reason) => return begun.iter().map(|_| Err(reason.clone())).collect(),
    };
    let (grid, iterations) = (image.sets.grid, image.iterations);
    let frames = image
        .sets
        .planes()
        .map(|frame| Image { sets: Stack { grid, count: 1, values: frame.to_vec() }, iterations });
    let each = begun.iter_mut().zip(problems.iter().zip(frames));
    each.map(|(plane, (problem, frame))| plane.checked(problem, frame, Method::LocallyLowRank)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Grid;
    use crate::metrics::{ellipse_mask, score};
    use crate::phantom::{Phantom, add_noise};
    use crate::recon::zero_filled;
    use crate::sampling::{Mask, random_lines};

    const SIDE: usize = 64;

    /// Frames of one head whose middle changes, each with other lines.
    fn inputs(count: u64, centre: usize) -> (Vec<Input>, Vec<Vec<f32>>) {
        let grid = Grid::new(SIDE, SIDE);
        let (head, other) = (Phantom::head(grid, 5, 1).kspace(), Phantom::random(grid, 5, 1).kspace());
        let frame = |number: u64| {
            let weight = 0.6 * (number as f32).sin();
            let values = head.values.iter().zip(&other.values).map(|(a, b)| a + b * weight).collect();
            let mut kspace = Stack { grid, count: 5, values };
            let reference = zero_filled(&kspace);
            add_noise(&mut kspace.values, 0.002, number);
            Mask::from_lines(SIDE, &random_lines(SIDE, 20, centre, number)).apply(&mut kspace);
            (Input { calibration: kspace.clone(), image: kspace, white: false }, reference)
        };
        (0..count).map(frame).unzip()
    }

    fn errors(planes: &[Plane], references: &[Vec<f32>]) -> f64 {
        let inside = ellipse_mask(Grid::new(SIDE, SIDE), 0.92, 0.69);
        let each = planes.iter().zip(references);
        let error = |(plane, truth): (&Plane, &Vec<f32>)| {
            score(Grid::new(SIDE, SIDE), &plane.image, truth, &inside).nrmse
        };
        each.map(error).sum::<f64>() / planes.len() as f64
    }

    fn asked(method: Method) -> Request<'static> {
        Request { method: Some(method), ..Request::default() }
    }

    #[test]
    fn frames_of_one_place_help_one_another_and_one_alone_says_so() {
        let axis = Axis { keep: SIDE, make: SIDE };
        let run = |count, method| {
            let (inputs, references) = inputs(count, 12);
            let planes = planes(inputs, &asked(method), (axis, axis));
            let error = errors(&planes, &references);
            (planes, error)
        };
        let (together, error) = run(8, Method::LocallyLowRank);
        let (_, alone) = run(8, Method::CgSense);
        assert!(error < 0.7 * alone, "{error} {alone}");
        assert!(
            together.iter().all(|p| p.facts.method == Method::LocallyLowRank && p.facts.fallback.is_none())
        );
        assert!(together.iter().all(|p| p.facts.residual.is_some() && p.residual.is_some()));
        let (single, _) = run(1, Method::LocallyLowRank);
        let facts = &single[0].facts;
        assert_eq!(facts.method, Method::CgSense);
        assert!(facts.fallback.as_ref().unwrap().contains("several images of one place"), "{facts:?}");
    }

    #[test]
    fn without_a_centre_every_frame_falls_back_and_says_why() {
        let axis = Axis { keep: SIDE, make: SIDE };
        let (inputs, _) = inputs(3, 2);
        let planes = planes(inputs, &asked(Method::LocallyLowRank), (axis, axis));
        for plane in &planes {
            assert_eq!(plane.facts.method, Method::ZeroFilled);
            assert!(plane.facts.fallback.as_ref().unwrap().contains("fully measured centre"));
        }
    }
}
