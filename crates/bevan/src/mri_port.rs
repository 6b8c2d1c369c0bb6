//! `bevan mri phantom` and `bevan mri serve`: scans without a scanner, and a port that scanners stream raw data to.
//!
//! The port keeps to the MRD streaming protocol: a scan comes, its images go back on the same connection. The same scan
//! sent twice lands in the same folder with the same bytes: the folder is named by the hash of what arrived. A peer that
//! sends nothing or does not read is given up after a while, and never holds others: each connection has its own thread,
//! and there are few.

use crate::cli;
use crate::exit::Exit;
use crate::reconstruct::{Work, sha256, write};
use anyhow::{Context, Result};
use mri::Grid;
use mri::export::Kinds;
use mri::formats::mrd::{self, stream};
use mri::phantom::{Measurement, measured};
use mri::series::{Method, Request};
use std::io::{BufReader, BufWriter, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Peers at once; more are turned away.
const MOST_PEERS: usize = 4;
/// Silence after which a peer is given up.
const SILENCE: Duration = Duration::from_secs(120);
/// Share of the measured lines that lie together in the middle.
const CENTRE_SHARE: f64 = 0.3;

/// Writes a phantom's scan.
pub fn phantom(arguments: &cli::Phantom) -> Result<Exit> {
    let out = &arguments.out;
    anyhow::ensure!(!out.exists(), "{} exists already", out.display());
    anyhow::ensure!(
        (1.0..=16.0).contains(&arguments.acceleration),
        "--acceleration must lie between 1 and 16"
    );
    anyhow::ensure!((0.0..=1.0).contains(&arguments.noise), "--noise must lie between 0 and 1");
    let size = usize::from(arguments.size);
    let total = (size as f64 / arguments.acceleration).round() as usize;
    let centre = ((total as f64 * CENTRE_SHARE) as usize).clamp(16.min(total), 32);
    let lines = mri::sampling::random_lines(size, total, centre, arguments.seed);
    let measured_lines = lines.iter().filter(|on| **on).count();
    let scan = measured(&Measurement {
        grid: Grid::new(size, size),
        coils: usize::from(arguments.coils),
        slices: arguments.slices,
        repetitions: 1,
        lines,
        noise: arguments.noise,
        noise_readouts: if arguments.noise > 0.0 { 16 } else { 0 },
        seed: arguments.seed,
    });
    let bytes = mrd::write(&scan)?;
    write(out, &bytes).with_context(|| format!("cannot write {}", out.display()))?;
    println!("{measured_lines} of {size} lines, {} slices: {}", arguments.slices, out.display());
    Ok(Exit::Done)
}

/// Takes scans until it is stopped.
pub fn serve(arguments: &cli::MriServe) -> Result<Exit> {
    let method = match arguments.method.as_str() {
        "auto" => None,
        name => Some(name.parse::<Method>().map_err(anyhow::Error::msg)?),
    };
    std::fs::create_dir_all(&arguments.out)
        .with_context(|| format!("cannot make {}", arguments.out.display()))?;
    let listener = TcpListener::bind(arguments.listen)
        .with_context(|| format!("cannot listen on {}", arguments.listen))?;
    println!("listening for MRD streams on {}", listener.local_addr()?);
    let request = Request { method, ..Request::default() };
    let peers = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for connection in listener.incoming() {
            let Ok(connection) = connection else { continue };
            if peers.fetch_add(1, Ordering::Relaxed) >= MOST_PEERS {
                peers.fetch_sub(1, Ordering::Relaxed);
                eprintln!("a connection was turned away: {MOST_PEERS} are open");
                continue;
            }
            let (request, peers, out) = (&request, &peers, &arguments.out);
            scope.spawn(move || {
                if let Err(error) = answered(&connection, request, out) {
                    eprintln!("a stream gave no images: {error:#}");
                }
                peers.fetch_sub(1, Ordering::Relaxed);
            });
        }
    });
    Ok(Exit::Done)
}

/// One scan in, its images out.
fn answered(connection: &TcpStream, request: &Request, out: &Path) -> Result<()> {
    connection.set_read_timeout(Some(SILENCE))?;
    connection.set_write_timeout(Some(SILENCE))?;
    let scan = stream::read_stream(&mut BufReader::new(connection), mrd::Limits::default())?;
    let bytes = mrd::write(&scan)?;
    let input_sha256 = sha256(&bytes);
    let folder = out.join(input_sha256.get(..16).unwrap_or(&input_sha256));
    write(&folder.join("scan.h5"), &bytes)?;
    drop(bytes);
    let kinds = Kinds { dicom: true, nifti: true, png: true };
    let work = Work { scan: &scan, input_sha256: &input_sha256, request, kinds };
    let made = work.images(&folder)?;
    let mut back = BufWriter::new(connection);
    stream::write_images(&made.series, &mut back)?;
    back.flush()?;
    Ok(())
}
