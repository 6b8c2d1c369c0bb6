//! `bevan mri phantom` and `bevan mri serve`: scans without a scanner, and a port that scanners stream raw data to.
//!
//! The port keeps to the MRD streaming protocol: a scan comes, its images go back on the same connection. The same scan
//! sent twice lands in the same folder with the same bytes: the folder is named by the hash of what arrived. A peer that
//! sends nothing or does not read is given up after a while, and never holds others: each connection has its own thread,
//! and there are few.

use crate::cli;
use crate::exit::Exit;
use crate::mri_images::Images;
use crate::mri_send::{self, Peer};
use crate::mri_watch;
use crate::mri_weights::Network;
use crate::reconstruct::{sha256, write};
use anyhow::{Context, Result};
use mri::Grid;
use mri::formats::mrd::{self, stream};
use mri::phantom::{Measurement, measured, measured_along};
use mri::sampling::{radial_spokes, spiral_arms};
use mri::series::Request;
use std::io::{BufReader, BufWriter, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Peers at once; more are turned away.
const MOST_PEERS: usize = 4;
/// Silence after which a peer is given up.
const SILENCE: Duration = Duration::from_secs(120);
/// Wait after a connection could not be taken.
const BREATH: Duration = Duration::from_millis(200);
/// Samples of a stream, 1 GiB.
const MOST_SAMPLES: usize = 1 << 27;
const DEFAULT_ADDRESS: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), stream::PORT);
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
    let scan = scanned(arguments, size);
    let bytes = mrd::write(&scan)?;
    write(out, &bytes).with_context(|| format!("cannot write {}", out.display()))?;
    let readouts = scan.acquisitions.iter().filter(|a| a.is_image()).count();
    tell!("{readouts} readouts, {} slices of {size} × {size}: {}", arguments.slices, out.display());
    Ok(Exit::Done)
}

fn scanned(arguments: &cli::Phantom, size: usize) -> mrd::Scan {
    let total = (size as f64 / arguments.acceleration).round() as usize;
    let centre = ((total as f64 * CENTRE_SHARE) as usize).clamp(16.min(total), 32);
    let plan = Measurement {
        grid: Grid::new(size, size),
        coils: usize::from(arguments.coils),
        slices: arguments.slices,
        repetitions: 1,
        lines: mri::sampling::random_lines(size, total, centre, arguments.seed),
        noise: arguments.noise,
        noise_readouts: if arguments.noise > 0.0 { 16 } else { 0 },
        seed: arguments.seed,
    };
    match arguments.trajectory {
        cli::Trajectory::Lines => measured(&plan),
        cli::Trajectory::Radial => {
            // Full sampling takes π/2 spokes for each line.
            let spokes = (std::f64::consts::FRAC_PI_2 * total as f64).round().max(1.0) as usize;
            measured_along(&plan, &radial_spokes(size, 2 * size, spokes), "radial")
        }
        cli::Trajectory::Spiral => {
            let arms = spiral_arms(size, (size / 8).max(4), 2.0 * arguments.acceleration - 1.0);
            measured_along(&plan, &arms, "spiral")
        }
    }
}

/// Takes scans until it is stopped.
pub fn serve(arguments: &cli::MriServe) -> Result<Exit> {
    let method = crate::reconstruct::method(&arguments.method)?;
    let network = Network::of(method, arguments.weights.as_deref())?;
    let peer = arguments.send.as_deref().map(|to| Peer::of(to, &arguments.title)).transpose()?;
    if let Some(folder) = &arguments.watch {
        anyhow::ensure!(folder.is_dir(), "{} is not a folder", folder.display());
    }
    std::fs::create_dir_all(&arguments.out)
        .with_context(|| format!("cannot make {}", arguments.out.display()))?;
    let address = arguments.listen.or(arguments.watch.is_none().then_some(DEFAULT_ADDRESS));
    let listener = address
        .map(|address| TcpListener::bind(address).with_context(|| format!("cannot listen on {address}")));
    let listener = listener.transpose()?;
    if let Some(listener) = &listener {
        tell!("listening for MRD streams on {}", listener.local_addr()?);
    }
    let weights = network.as_ref().map(Network::weights);
    let request = Request { method, weights, ..Request::default() };
    let images = Images::new(&arguments.out, request, arguments.enhanced);
    std::thread::scope(|scope| {
        let images = &images;
        if let Some(folder) = &arguments.watch {
            tell!("watching {}", folder.display());
            scope.spawn(move || mri_watch::watch(folder, u32::from(arguments.settle), images));
        }
        if let Some(peer) = &peer {
            tell!("sending to {peer}");
            scope.spawn(move || mri_send::send(peer, &arguments.out));
        }
        if let Some(listener) = &listener {
            listen(listener, images);
        }
    });
    Ok(Exit::Done)
}

fn listen(listener: &TcpListener, images: &Images) {
    let peers = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for connection in listener.incoming() {
            let Ok(connection) = connection else {
                // Out of descriptors, most likely: others must end first.
                std::thread::sleep(BREATH);
                continue;
            };
            if peers.fetch_add(1, Ordering::Relaxed) >= MOST_PEERS {
                peers.fetch_sub(1, Ordering::Relaxed);
                eprintln!("a connection was turned away: {MOST_PEERS} are open");
                continue;
            }
            let open = Open(&peers);
            scope.spawn(move || {
                let _open = open;
                if let Err(error) = answered(&connection, images) {
                    eprintln!("a stream gave no images: {error:#}");
                }
            });
        }
    });
}

/// Counts a peer for as long as it is there, however its thread ends.
struct Open<'a>(&'a AtomicUsize);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// One scan in, its images out.
fn answered(connection: &TcpStream, images: &Images) -> Result<()> {
    connection.set_read_timeout(Some(SILENCE))?;
    connection.set_write_timeout(Some(SILENCE))?;
    let limits = mrd::Limits { samples: MOST_SAMPLES, ..mrd::Limits::default() };
    let scan = stream::read_stream(&mut BufReader::new(connection), limits)?;
    let bytes = mrd::write(&scan)?;
    let series = images.made(&scan, &sha256(&bytes), Some(&bytes))?;
    drop(bytes);
    let mut back = BufWriter::new(connection);
    stream::write_images(&series, &mut back)?;
    back.flush()?;
    Ok(())
}
