//! Pictures of trials with a network that nobody trained.

#[path = "support/weights.rs"]
mod weights;

use mri::Grid;
use mri::anatomy::{Family, Plan, Sampling};
use mri::learned::{Network, Tensors};
use mri::trial::picture::{Why, case, strip};
use mri::trial::{Asked, Contestant, run};

#[test]
fn a_case_is_drawn_again_with_its_errors() {
    let file = weights::file("{}", 1);
    let network = Network::new(&Tensors::read(&file).unwrap()).unwrap();
    let plan = Plan {
        grid: Grid::new(72, 64),
        coils: 4,
        family: Family::Vessels,
        sampling: Sampling::Poisson,
        acceleration: 3.0,
        noise: 0.01,
    };
    let methods = [Contestant::CgSense, Contestant::Learned];
    let asked = Asked { methods: &methods, network: Some(&network), lesion: false };
    let trial = run(&plan, 3, &asked, &[]).unwrap();
    let trials = [trial];
    assert_eq!(case(&trials, Why::Lesion), None, "without features none is lost");
    let shown = case(&trials, Why::Behind).unwrap();
    let bytes = strip(shown, &asked).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
    let mut grey = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut grey).unwrap();
    let (width, height) = (info.width as usize, info.height as usize);
    assert_eq!((width, height), (3 * 64 + 8, 2 * 72 + 4));
    // The network's error is what its image and the reference differ by.
    let at = |picture: (usize, usize), row: usize, col: usize| {
        i32::from(grey[(picture.0 * 76 + row) * width + picture.1 * 68 + col])
    };
    let mut wrong = 0;
    for row in 0..72 {
        for col in 0..64 {
            let (reference, image) = (at((0, 0), row, col), at((0, 2), row, col));
            let (error, clipped) = (at((1, 2), row, col), image == 255 || reference == 255);
            let off = ((image - reference).abs() * 5).min(255) - error;
            wrong += i32::from(!clipped && off.abs() > 8);
        }
    }
    assert_eq!(wrong, 0);
    assert_eq!(strip(shown, &Asked { network: None, ..asked }), None, "no network, no picture of its image");
}
