//! The weights that are shipped, on scans of families that they were never trained on.

use mri::Grid;
use mri::anatomy::{Family, Plan, Sampling};
use mri::learned::{Learned, SHIPPED};
use mri::trial::picture::both;
use mri::trial::{Asked, Contestant, run};

/// The whole comparison is `bevan mri evaluate`; its table stands in docs/imaging.md.
#[test]
fn the_network_is_nearer_to_the_truth_than_the_best_classic_image_at_its_best_weight() {
    let learned = Learned::read(SHIPPED).unwrap();
    let methods = [Contestant::L1Wavelet, Contestant::TotalVariation, Contestant::Learned];
    let asked = Asked { methods: &methods, network: Some(&learned.network), lesion: false };
    let (mut own, mut best) = (0.0, 0.0);
    for (number, family) in Family::HELD_OUT.into_iter().enumerate() {
        for sampling in [Sampling::RandomLines, Sampling::Poisson] {
            let grid = Grid::new(96, 104);
            let plan = Plan { grid, coils: 6, family, sampling, acceleration: 6.0, noise: 0.01 };
            let trial = run(&plan, (1 << 61) + number as u64, &asked, &[]).unwrap();
            let (network, classic) = both(&trial).unwrap();
            own += network.nrmse;
            best += classic.nrmse;
        }
    }
    assert!(own < 0.97 * best, "{own} {best}");
}
