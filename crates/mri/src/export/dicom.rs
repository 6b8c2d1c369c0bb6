//! A DICOM series of an image, numbered beside the scanner's own and never in place of them.

use super::pictures::window;
use super::{ExportError, Filed, Provenance, Which};
use crate::formats::dicom::{
    Description, ENHANCED_MR_IMAGE_STORAGE, MR_IMAGE_STORAGE, Pixels, Scale, Slice, Uids, is_uid, write,
    write_enhanced,
};
use crate::series::{Method, Request, Series, Volume};

/// Numbers of our series: high, so that they stand after the scanner's.
const FIRST_NUMBER: u32 = 9001;
const RESEARCH: &str = "Research use, not for diagnosis.";

/// Every slice as a classic file, or every volume as an enhanced one.
pub fn files(
    series: &Series,
    provenance: &Provenance,
    (which, enhanced): (Which, bool),
    give: &mut dyn FnMut(String, Vec<u8>) -> Result<(), ExportError>,
) -> Result<Filed, ExportError> {
    let made = made_from(provenance) + if enhanced { "|enhanced" } else { "" };
    let unique = |name: &str| (provenance.uid)(&format!("{made}|{}|{name}", which.name()));
    let scan = |given: &Option<String>, name: &str| {
        let own = (provenance.uid)(&format!("{}|{name}", provenance.input_sha256));
        given.clone().filter(|uid| is_uid(uid)).unwrap_or(own)
    };
    let about = provenance.about;
    let uids = Uids {
        study: scan(&about.study.uid, "study"),
        series: unique("series"),
        frame_of_reference: scan(&about.measurement.frame_of_reference_uid, "frame of reference"),
    };
    let description = description(series, provenance, which);
    let everything = series.volumes.iter().map(|volume| Scale::of(which.values(volume)).slope);
    let scale = Scale { slope: everything.fold(f32::MIN_POSITIVE, f32::max) };
    let window = window(series, which, provenance.request.window);
    let mut give = |number: u32, bytes| give(format!("dicom/{}/{number:05}.dcm", which.name()), bytes);
    let (mut number, mut images) = (0, Vec::new());
    for (moment, volume) in series.volumes.iter().enumerate() {
        let [columns, rows, _] = volume.geometry.sizes;
        let moment = (moment as u32 + 1, series.volumes.len() as u32);
        if enhanced {
            let uid = unique(&format!("volume {}", moment.0));
            let slice = |origin: &[f32; 3]| Slice {
                uid: uid.clone(),
                number: moment.0,
                moment,
                ..place(volume, *origin)
            };
            let slices: Vec<Slice> = volume.origins_mm.iter().map(slice).collect();
            let order = unique(&format!("frames {}", moment.0));
            let pixels = Pixels { rows, columns, values: which.values(volume), scale, window };
            let parts = (slices.as_slice(), order.as_str());
            let bytes = write_enhanced((about, &uids), (provenance.software, &description), parts, &pixels)?;
            give(moment.0, bytes)?;
            images.push((moment.0, uid));
            continue;
        }
        let slices = which.values(volume).chunks_exact(volume.slice_pixels().max(1));
        for (values, origin) in slices.zip(&volume.origins_mm) {
            number += 1;
            let uid = unique(&number.to_string());
            let slice = Slice { uid: uid.clone(), number, moment, ..place(volume, *origin) };
            let pixels = Pixels { rows, columns, values, scale, window };
            let bytes = write((about, &uids), (provenance.software, &description), &slice, &pixels)?;
            give(number, bytes)?;
            images.push((number, uid));
        }
    }
    let class = if enhanced { ENHANCED_MR_IMAGE_STORAGE } else { MR_IMAGE_STORAGE };
    let Description { number, title, derivation, .. } = description;
    Ok(Filed { study: uids.study, uid: uids.series, number, title, derivation, class, images })
}

/// Everything that a reconstruction depends on.
fn made_from(provenance: &Provenance) -> String {
    let software = provenance.software;
    // Maps of doubt are made beside the image and do not change it.
    let request = Request { replicas: 0, intervals: false, ..*provenance.request };
    format!("{}|{} {}|{request:?}", provenance.input_sha256, software.product, software.version)
}

fn place(volume: &Volume, origin_mm: [f32; 3]) -> Slice {
    let [along, down, _] = volume.geometry.directions;
    let [column_mm, row_mm, between] = volume.geometry.spacing_mm;
    Slice {
        uid: String::new(),
        number: 0,
        contrast: usize::from(volume.frame.contrast),
        moment: (1, 1),
        origin_mm,
        directions: [along, down],
        spacing_mm: [column_mm, row_mm],
        thickness_mm: [volume.thickness_mm, between],
    }
}

fn description(series: &Series, provenance: &Provenance, which: Which) -> Description {
    let (method, acceleration) = series.summary().unwrap_or((Method::ZeroFilled, 1.0));
    let method = if which == Which::Image { method } else { Method::ZeroFilled };
    let product = &provenance.software.product;
    let fallbacks = if which == Which::Image { series.fallbacks() } else { Vec::new() };
    let mark = if fallbacks.is_empty() { "" } else { " fallback" };
    let request = provenance.request;
    let lambda = request.lambda.or(method.default_lambda()).map_or("none".into(), |l| l.to_string());
    let network =
        request.weights.filter(|_| which == Which::Image && request.method == Some(Method::Learned));
    let network = network.map(|weights| match method {
        Method::Learned => format!(", network {weights}"),
        _ => format!(", in place of network {weights}"),
    });
    let derivation = format!(
        "{method} by {product} {} from raw data {}; weight {lambda}, seed {}, mean acceleration {acceleration:.2}{}",
        provenance.software.version,
        provenance.input_sha256,
        request.seed,
        network.unwrap_or_default()
    );
    let notes = fallbacks.iter().chain(&series.notes);
    let comments: Vec<&str> = std::iter::once(RESEARCH).chain(notes.map(String::as_str)).collect();
    Description {
        number: FIRST_NUMBER + u32::from(which == Which::ZeroFilled),
        title: format!("{product} {} R{acceleration:.1}{mark}", method.short()),
        derivation,
        comments: comments.join(" | "),
        volume: series.is_volume_scan,
    }
}
