//! `report.html`: one self-contained page a series, for a person: pictures, what was done, what was left out, what is known
//! of the doubt. Nothing is fetched from elsewhere, nothing runs, and nothing says who was scanned.

use super::{Provenance, Which, pictures};
use crate::formats::png::{Window, Windowing, write};
use crate::grid::Grid;
use crate::series::{Residual, Series, Volume};
use std::fmt::Write;

/// Volumes and slices shown; the files hold all.
const MOST_VOLUMES: usize = 4;
const MOST_SLICES: usize = 3;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#212b32}\
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}.pictures{display:flex;flex-wrap:wrap;gap:1rem}\
figure{margin:0;flex:1 1 14rem;max-width:20rem}img{width:100%;background:#000;image-rendering:auto}\
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #d8dde0;vertical-align:top}\
.warning{border-left:6px solid #ffb81c;padding:.5rem 1rem;background:#fff9e6}.wide{overflow-x:auto}";

/// The page.
pub fn page(series: &Series, provenance: &Provenance) -> String {
    let mut out = String::new();
    let (method, acceleration) = series.summary().map_or(("none", 1.0), |(m, r)| (m.name(), r));
    let software = provenance.software;
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line("<!doctype html><html lang=\"en-GB\"><head><meta charset=\"utf-8\">");
    line("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
    line(&format!("<title>Reconstruction report</title><style>{STYLE}</style></head><body><main>"));
    line(&format!("<h1>Reconstruction: {method}, acceleration {acceleration:.2}</h1>"));
    line("<p class=\"warning\">Research use, not for diagnosis.</p>");
    for reason in series.fallbacks() {
        line(&format!("<p class=\"warning\">A simpler method was used: {}.</p>", escaped(&reason)));
    }
    if !series.notes.is_empty() {
        let notes: String = series.notes.iter().map(|note| format!("<li>{}</li>", escaped(note))).collect();
        line(&format!("<h2>What to know</h2><ul>{notes}</ul>"));
    }
    for volume in series.volumes.iter().take(MOST_VOLUMES) {
        line(&volume_part(series, volume, provenance.request.window));
    }
    if series.volumes.len() > MOST_VOLUMES {
        line(&format!("<p>{} more volumes are in the files.</p>", series.volumes.len() - MOST_VOLUMES));
    }
    let request = provenance.request;
    let rows = [
        ("Raw data, SHA-256", provenance.input_sha256.to_owned()),
        ("Software", format!("{} {}", software.product, software.version)),
        ("Method asked for", request.method.map_or("auto", |m| m.name()).to_owned()),
        ("Weight", request.lambda.map_or("the method's own".into(), |l| l.to_string())),
        ("Virtual receivers", request.coils.map_or("all".into(), |n| n.to_string())),
        ("Seed", request.seed.to_string()),
        ("Network", request.weights.map_or("none".into(), |weights| weights.to_string())),
    ];
    let rows: String = rows
        .iter()
        .map(|(name, value)| format!("<tr><th>{name}</th><td>{}</td></tr>", escaped(value)))
        .collect();
    line(&format!("<h2>Provenance</h2><div class=\"wide\"><table>{rows}</table></div>"));
    line("</main></body></html>");
    out
}

fn volume_part(series: &Series, volume: &Volume, asked: Option<Windowing>) -> String {
    let frame = volume.frame;
    let mut out = format!(
        "<h2>Contrast {}, phase {}, repetition {}, set {}</h2>",
        frame.contrast, frame.phase, frame.repetition, frame.set
    );
    let slices = volume.origins_mm.len();
    let shown = slices.min(MOST_SLICES);
    for at in 0..shown {
        // Evenly over the slices, the middle one when there is one.
        let slice = (2 * at + 1) * slices / (2 * shown);
        let cells = [
            (Which::Image, "image", pictures::window(series, Which::Image, asked)),
            (Which::ZeroFilled, "zero-filled", pictures::window(series, Which::ZeroFilled, asked)),
        ];
        let mut figures: String = cells
            .iter()
            .filter_map(|(which, name, window)| figure(volume, (which.values(volume), slice), name, *window))
            .collect();
        for (doubt, values) in &volume.doubt {
            let window = Window::of(values);
            let name = format!("{}, 0 to {:.3}", doubt.caption(), window.high);
            figures.extend(figure(volume, (values, slice), &name, window));
        }
        if let Some(Some(residual)) = volume.residuals.get(slice).or(volume.residuals.first()) {
            figures.extend(residual_figure(residual, slice));
        }
        let _ =
            write!(out, "<h3>Slice {} of {slices}</h3><div class=\"pictures\">{figures}</div>", slice + 1);
    }
    out + &facts_table(volume)
}

fn figure(volume: &Volume, (values, slice): (&[f32], usize), name: &str, window: Window) -> Option<String> {
    let [columns, rows, _] = volume.geometry.sizes;
    let pixels = values.chunks_exact(volume.slice_pixels().max(1)).nth(slice)?;
    let bytes = write(Grid::new(rows, columns), pixels, window)?;
    Some(picture(&bytes, name, slice))
}

fn picture(bytes: &[u8], name: &str, slice: usize) -> String {
    format!(
        "<figure><img alt=\"{name} of slice {}\" src=\"data:image/png;base64,{}\"><figcaption>{name}</figcaption></figure>",
        slice + 1,
        base64(bytes)
    )
}

/// k-space, so that a spoilt readout is a line and a spike a point.
fn residual_figure(residual: &Residual, slice: usize) -> Option<String> {
    let name = "measured data that the image does not explain, k-space";
    Some(picture(&pictures::residual_picture(residual)?, name, slice))
}

/// One row for each way in which planes were made.
fn facts_table(volume: &Volume) -> String {
    let mut kinds: Vec<(String, usize, [Option<f64>; 2])> = Vec::new();
    for facts in &volume.facts {
        let (rows, columns) = facts.calibration;
        let filled = if facts.partial_fourier { ", a side of k-space filled" } else { "" };
        let name = format!(
            "<td>{}{filled}</td><td>{:.2}</td><td>{}</td><td>{rows} × {columns}</td>",
            facts.method, facts.acceleration, facts.coils
        );
        let worse = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        };
        match kinds.iter_mut().find(|kind| kind.0 == name) {
            Some((_, count, [residual, expected])) => {
                *count += 1;
                *residual = worse(*residual, facts.residual);
                *expected = worse(*expected, facts.expected_residual);
            }
            None => kinds.push((name, 1, [facts.residual, facts.expected_residual])),
        }
    }
    let share = |value: Option<f64>| value.map_or("not known".into(), |v| format!("{:.2} %", 100.0 * v));
    let rows: String = kinds
        .iter()
        .map(|(name, count, [residual, expected])| {
            format!(
                "<tr><td>{count}</td>{name}<td>{}</td><td>{}</td></tr>",
                share(*residual),
                share(*expected)
            )
        })
        .collect();
    format!(
        "<div class=\"wide\"><table><tr><th>Planes</th><th>Method</th><th>Acceleration</th><th>Receivers</th>\
         <th>Calibration</th><th>Measured data not explained</th><th>Expected of noise alone</th></tr>{rows}</table></div>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |six: u32| DIGITS.get(six as usize & 63).map_or('=', |digit| char::from(*digit));
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let sum = chunk.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            out.push(if place <= chunk.len() { digit(sum >> (18 - 6 * place)) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_in_the_rfc() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn texts_cannot_become_markup() {
        assert_eq!(escaped("<b a=\"&\">"), "&lt;b a=&quot;&amp;&quot;&gt;");
    }
}
