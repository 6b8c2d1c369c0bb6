//! Weights that nobody trained, as a file: small random numbers and a card.

use mri::random::Random;

/// Layers of a cascade: name, outputs and inputs as the file has them, side.
const LAYERS: [(&str, [usize; 3]); 13] = [
    ("e0a", [16, 32, 3]),
    ("e0b", [16, 16, 3]),
    ("d1", [32, 16, 2]),
    ("e1a", [32, 32, 3]),
    ("e1b", [32, 32, 3]),
    ("d2", [32, 32, 2]),
    ("e2a", [32, 32, 3]),
    ("e2b", [32, 32, 3]),
    ("u1", [32, 32, 2]),
    ("f1", [32, 32, 3]),
    ("u0", [32, 16, 2]),
    ("f0", [16, 16, 3]),
    ("out", [8, 16, 3]),
];
const CASCADES: usize = 2;

/// The file; `card` is JSON.
pub fn file(card: &str, seed: u64) -> Vec<u8> {
    let mut random = Random::new(seed);
    let mut members = vec![format!("\"__metadata__\":{{\"card\":{}}}", quoted(card))];
    let mut data: Vec<u8> = Vec::new();
    let mut add = |name: &str, shape: &[usize], values: Vec<f32>| {
        let start = data.len();
        data.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        let shape: Vec<String> = shape.iter().map(usize::to_string).collect();
        members.push(format!(
            "\"{name}\":{{\"dtype\":\"F32\",\"shape\":[{}],\"data_offsets\":[{start},{}]}}",
            shape.join(","),
            data.len()
        ));
    };
    for cascade in 0..CASCADES {
        for (name, [first, second, side]) in LAYERS {
            let size = 0.6 / ((second * side * side) as f32).sqrt();
            let values = random.normals(first * second * side * side).iter().map(|v| v.re * size).collect();
            add(&format!("c{cascade}.{name}"), &[first, second, side, side], values);
        }
    }
    add("steps", &[CASCADES + 1], vec![0.9; CASCADES + 1]);
    let header = format!("{{{}}}", members.join(","));
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &data].concat()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\""))
}
