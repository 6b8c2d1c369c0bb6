//! `bevan reconstruct`: a raw MR scan becomes DICOM, NIfTI and PNG, with what was assumed or left out on stderr.
//!
//! The same scan, settings and version give the same bytes: identifiers are hashes of them, and no file says when it was
//! made. The folder must be empty, so that no image of another scan lies beside.

use crate::cli;
use crate::exit::Exit;
use crate::imaging_study::{self, Link, Said};
use crate::mri_weights::Network;
use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use mri::export::{Filed, Kinds, Provenance, export};
use mri::formats::FormatError;
use mri::formats::cfl;
use mri::formats::dicom::Software;
use mri::formats::mrd::{self, About, bart};
use mri::series::{Method, Request, Series, reconstruct};
use sha2::{Digest, Sha256};
use std::path::Path;
use uuid::Uuid;

/// Of names that image identifiers are made from; random, made once.
const NAMESPACE: Uuid = Uuid::from_u128(0x5b1d_98a0_6c5e_4d0f_a7b3_2f4c_9e61_d7a4);

/// Most values of a BART file: 8 GiB.
const MOST_VALUES: usize = 1 << 30;

/// Runs the command.
pub fn run(arguments: &cli::Reconstruct) -> Result<Exit> {
    let method = method(&arguments.method)?;
    let network = Network::of(method, arguments.weights.as_deref())?;
    let request = Request { weights: network.as_ref().map(Network::weights), ..request(method, arguments)? };
    vacant(&arguments.out)?;
    let Raw { scan, input_sha256, notes } = raw(&arguments.scan)?;
    let kinds = Kinds {
        dicom: !arguments.no_dicom,
        enhanced: arguments.enhanced,
        nifti: !arguments.no_nifti,
        png: !arguments.no_png,
    };
    let work = Work { scan: &scan, input_sha256: &input_sha256, notes: &notes, request: &request, kinds };
    let about = About::read(&scan.xml);
    let said = Said {
        patient: arguments.patient.as_deref(),
        accession: arguments.accession.as_deref(),
        other_number: arguments.other_number,
    };
    let link = Link::of(said, &about)?;
    std::fs::create_dir_all(&arguments.out)
        .with_context(|| format!("cannot make {}", arguments.out.display()))?;
    let made = with_threads(arguments.threads, || work.images(&arguments.out))??;
    if let Some(link) = link {
        if let Some(note) = link.note {
            eprintln!("note: {note}");
        }
        let study = imaging_study::bundle(&link, &about, &made.filed);
        write(&arguments.out.join(imaging_study::FILE), format!("{study:#}\n").as_bytes())?;
    }
    Ok(made.exit)
}

/// What to make of a scan.
pub struct Work<'a> {
    /// The scan.
    pub scan: &'a mrd::Scan,
    /// Hash of its file.
    pub input_sha256: &'a str,
    /// What its file does not say.
    pub notes: &'a [String],
    /// How.
    pub request: &'a Request<'a>,
    /// Which files.
    pub kinds: Kinds,
}

/// What was made.
pub struct Made {
    /// The images.
    pub series: Series,
    /// The DICOM series.
    pub filed: Vec<Filed>,
    /// How it ended.
    pub exit: Exit,
}

impl Work<'_> {
    /// Reconstructs, writes everything into a folder, and says what a reader must know.
    pub fn images(&self, out: &Path) -> Result<Made> {
        let mut series = reconstructed(self.scan, self.request)?;
        series.notes.extend_from_slice(self.notes);
        let software = Software { product: "Bevan".into(), version: env!("CARGO_PKG_VERSION").into() };
        let provenance = Provenance {
            about: &About::read(&self.scan.xml),
            input_sha256: self.input_sha256,
            software: &software,
            request: self.request,
            uid: &|name| format!("2.25.{}", Uuid::new_v5(&NAMESPACE, name.as_bytes()).as_u128()),
        };
        let mut files = 0;
        let filed = export(&series, &provenance, self.kinds, &mut |path, bytes| {
            files += 1;
            write(&out.join(path), &bytes)
        })?;
        let exit = told(&series, files, out);
        Ok(Made { series, filed, exit })
    }
}

/// By name; `auto` leaves it to what was measured.
pub fn method(name: &str) -> Result<Option<Method>> {
    match name {
        "auto" => Ok(None),
        name => name.parse().map(Some).map_err(anyhow::Error::msg),
    }
}

fn request<'a>(method: Option<Method>, arguments: &cli::Reconstruct) -> Result<Request<'a>> {
    if arguments.lambda.is_some_and(|lambda| !(lambda >= 0.0 && lambda.is_finite())) {
        bail!("--lambda must be a number from 0 on");
    }
    Ok(Request {
        method,
        lambda: arguments.lambda,
        coils: arguments.coils,
        seed: arguments.seed,
        replicas: usize::from(arguments.noise_map),
        intervals: arguments.intervals,
        two_sets: arguments.map_sets == 2,
        window: arguments.window,
        weights: None,
    })
}

fn vacant(folder: &Path) -> Result<()> {
    let is_empty = match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    };
    anyhow::ensure!(
        is_empty,
        "{} is not empty: images of two scans must not lie in one folder",
        folder.display()
    );
    Ok(())
}

/// A scan as its file has it.
struct Raw {
    scan: mrd::Scan,
    input_sha256: String,
    notes: Vec<String>,
}

/// An MRD file, or BART's pair by the name of either file.
fn raw(path: &Path) -> Result<Raw> {
    let named = |path: &Path, error: &FormatError| anyhow::anyhow!("{}: {}", path.display(), advice(error));
    let bytes = |path: &Path| std::fs::read(path).with_context(|| format!("cannot read {}", path.display()));
    if path.extension().is_some_and(|ending| ending == "cfl" || ending == "hdr") {
        let (header, body) = (bytes(&path.with_extension("hdr"))?, bytes(&path.with_extension("cfl"))?);
        let text = String::from_utf8_lossy(&header);
        let scan = cfl::read(&text, &body[..], MOST_VALUES).and_then(|cfl| bart::scan(&cfl));
        let scan = scan.map_err(|error| named(path, &error))?;
        let input_sha256 = sha256(&[header, body].concat());
        return Ok(Raw { scan, input_sha256, notes: vec![bart::ASSUMED.into()] });
    }
    let bytes = bytes(path)?;
    let scan = mrd::read(&bytes, mrd::Limits::default()).map_err(|error| named(path, &error))?;
    Ok(Raw { scan, input_sha256: sha256(&bytes), notes: Vec::new() })
}

/// What a person can do about a file that is not read.
pub fn advice(error: &FormatError) -> String {
    let hint = match error {
        FormatError::NotThisFormat("HDF5") => {
            "; a scanner's own file is turned into MRD by siemens_to_ismrmrd, ge_to_ismrmrd or philips_to_ismrmrd"
        }
        FormatError::NotThisFormat("BART header") => {
            "; a .cfl and its .hdr lie beside each other under one name"
        }
        FormatError::NotThisFormat(_) => "; no group holds both `xml` and `data`",
        FormatError::Truncated(_) => "; was it copied whole?",
        FormatError::Unsupported(_) => "; `h5repack --low=0 --high=0 IN OUT` writes the layout that is read",
        _ => "",
    };
    format!("{error}{hint}")
}

fn with_threads<R: Send>(threads: Option<usize>, work: impl FnOnce() -> R + Send) -> Result<R> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).build()?;
    Ok(pool.install(work))
}

fn reconstructed(scan: &mrd::Scan, request: &Request) -> Result<Series> {
    let bar = ProgressBar::new(0);
    bar.set_style(
        ProgressStyle::with_template("{wide_bar} {pos} of {len} planes {eta} left")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let series = reconstruct(scan, request, &|_, of| {
        bar.set_length(of as u64);
        bar.inc(1);
    });
    bar.finish_and_clear();
    Ok(series?)
}

/// Written under another name first, so that a stopped run leaves no half image.
pub fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let partial = path.with_extension("partial");
    std::fs::write(&partial, bytes)?;
    std::fs::rename(&partial, path)
}

fn told(series: &Series, files: usize, out: &Path) -> Exit {
    for note in &series.notes {
        eprintln!("note: {note}");
    }
    let fallbacks = series.fallbacks();
    for reason in &fallbacks {
        eprintln!("fallback: {reason}");
    }
    if let Some((method, acceleration)) = series.summary() {
        let planes = series.facts().count();
        let out = out.display();
        tell!("{method}, {planes} planes, acceleration {acceleration:.2}: {files} files in {out}");
    }
    let left_out = series.notes.iter().any(|note| note.starts_with("left out"));
    if left_out || !fallbacks.is_empty() { Exit::Refused } else { Exit::Done }
}

/// In hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
