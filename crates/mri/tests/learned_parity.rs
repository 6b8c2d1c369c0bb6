//! The Rust inference equals the training framework: the same weights and scan give the image of PyTorch within 1e-4, on
//! lines and on points. `training/fixture.py` makes the fixture.

use mri::grid::norm;
use mri::learned::{Network, Start, System, Tensors};
use mri::linop::{LinearOperator, Sense};
use mri::sampling::Mask;
use mri::{C32, Grid, Stack};

fn complex(values: &[f32]) -> Vec<C32> {
    values.as_chunks::<2>().0.iter().map(|[re, im]| C32::new(*re, *im)).collect()
}

#[test]
fn the_image_is_the_frameworks() {
    let tensors = Tensors::read(include_bytes!("fixtures/unrolled.safetensors")).unwrap();
    let network = Network::new(&tensors).unwrap();
    for case in ["lines", "points"] {
        let complex = |name: &str| complex(&tensors.get(&format!("{case}.{name}")).unwrap().values);
        let shape = &tensors.get(&format!("{case}.maps")).unwrap().shape;
        let grid = Grid::new(shape[1], shape[2]);
        let maps = Stack::from_values(grid, complex("maps")).unwrap();
        let sampled = tensors.get(&format!("{case}.mask")).unwrap().values.iter().map(|v| *v > 0.5).collect();
        let operator = Sense::new(vec![maps], &Mask::from_points(grid, sampled).unwrap()).unwrap();
        let right = complex("right");
        let normal = |x: &[C32], out: &mut [C32]| operator.normal(x, out);
        let system = System { grid, normal: &normal, right: &right };
        let [first, second] = [0, 1].map(|k| {
            let hints = complex("hints");
            hints.chunks_exact(grid.pixels()).nth(k).unwrap().to_vec()
        });
        let start = Start { image: complex("start"), hints: [first, second] };
        let expected = complex("image");
        let found = network.unroll(&system, &start);
        let apart = |a: &[C32], b: &[C32]| {
            let apart: Vec<C32> = a.iter().zip(b).map(|(a, b)| a - b).collect();
            norm(&apart) / norm(b)
        };
        let largest = found.iter().zip(&expected).map(|(a, b)| (a - b).norm()).fold(0f32, f32::max);
        let peak = expected.iter().map(|v| v.norm()).fold(0f32, f32::max);
        assert!(apart(&found, &expected) < 1e-5, "{case}: {}", apart(&found, &expected));
        assert!(largest < 1e-4 * peak, "{case}: {largest} of {peak}");
        assert!(apart(&start.image, &expected) > 0.05, "the network must have done something");
    }
}
