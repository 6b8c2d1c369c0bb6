//! Any bytes as a file of weights: refused by name, or tensors whose values fill their shapes, and a network or none.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mri::learned::{Network, Tensors};

fuzz_target!(|bytes: &[u8]| {
    let Ok(tensors) = Tensors::read(bytes) else { return };
    let mut held = 0;
    for tensor in tensors.tensors.values() {
        assert_eq!(tensor.values.len(), tensor.shape.iter().product::<usize>());
        held += tensor.values.len();
    }
    assert!(2 * held <= bytes.len(), "no byte is two values");
    let _ = Network::new(&tensors);
});
