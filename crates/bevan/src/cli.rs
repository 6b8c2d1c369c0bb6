//! The command line: the contract other people's scripts rely on.

use clap::{Args, Parser, Subcommand};
use mri::formats::png::Windowing;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Where everything is kept when `--data` is not given.
pub const DEFAULT_DATA: &str = "bevan-data";

/// Bevan: an open digital-health platform. One process, one file.
#[derive(Debug, Parser)]
#[command(
    name = "bevan",
    version,
    max_term_width = 100,
    after_help = "Examples:\n  bevan demo\n  bevan serve --data /var/lib/bevan\n\nExit codes:\n  0  done\n  1  failed; the reason is on stderr\n  2  the command line could not be understood\n  3  the configuration is wrong\n  4  it went through, and some of the input was refused or a simpler method used\n  5  a check found a fault (doctor, audit verify, backup, restore)\n  6  another process uses the data directory"
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the platform: patient and staff pages, FHIR, and the HL7 v2 listener
    #[command(
        after_help = "Examples:\n  bevan serve --data /var/lib/bevan\n  bevan serve --data demo --demo --http 127.0.0.1:9000\n  bevan serve --config bevan.toml --check-config"
    )]
    Serve(Serve),
    /// Create a demo world, serve it, and play live hospital traffic into it
    #[command(
        after_help = "Examples:\n  bevan demo\n  bevan demo --people 2000 --speed 120 --http 127.0.0.1:9000\n  bevan demo --config bevan.toml"
    )]
    Demo(Demo),
    /// Import FHIR bundles, NDJSON (also .gz) and HL7 v2 files; goes on where it stopped
    #[command(
        after_help = "Examples:\n  bevan import --data demo export/*.ndjson.gz\n  bevan import --data demo messages/ --report refused.ndjson"
    )]
    Import(Import),
    /// Write a synthetic population as NDJSON, from one seed
    #[command(
        after_help = "Examples:\n  bevan synth --people 1000 --seed 7 --out people\n  bevan synth --people 1000000 --seed 7 --out people --lean --gzip --replace"
    )]
    Synth(Synth),
    /// Play the endless HL7 v2 stream of the synthetic hospitals into an MLLP listener
    #[command(
        after_help = "Examples:\n  bevan play --mllp 127.0.0.1:2575 --seed 7 --speed 60\n  bevan play --mllp 127.0.0.1:2575 --seed 7 --speed max --messages 10000"
    )]
    Play(Play),
    /// Copy the running database into a directory, then restore and compare the copy
    #[command(after_help = "Example:\n  bevan backup --data /var/lib/bevan --to /backup/2026-11-22")]
    Backup(Backup),
    /// Bring a backup back into an empty data directory
    #[command(after_help = "Example:\n  bevan restore --from /backup/2026-11-22 --data /var/lib/bevan")]
    Restore(Restore),
    /// Check the database: integrity, search index against the record, version hashes, audit trail
    #[command(after_help = "Example:\n  bevan doctor --data /var/lib/bevan")]
    Doctor(DataOnly),
    /// Bring the database to this version's schema
    #[command(after_help = "Example:\n  bevan migrate --data /var/lib/bevan")]
    Migrate(DataOnly),
    /// Print the addresses of the pages and who may open them
    #[command(after_help = "Example:\n  bevan routes | grep -w Patient")]
    Routes,
    /// Work on the audit trail
    #[command(subcommand)]
    Audit(Audit),
    /// Make images of a raw MR scan (MRD): DICOM, NIfTI and PNG. Research use, not for diagnosis
    #[command(
        after_help = "Examples:\n  bevan reconstruct scan.h5 --out images\n  bevan reconstruct scan.h5 --out images --method cg-sense --lambda 0.01 --coils 8\n\nMethods: auto, zero-filled, cg-sense, grappa, l1-wavelet, total-variation, llr\n(all images of a place together), learned. `auto` takes zero-filled where nothing is\nmissing and l1-wavelet otherwise. Exit code 4: an image was made, and readouts were left out or a simpler method used;\nstderr, series.json and the DICOM comments say why."
    )]
    Reconstruct(Reconstruct),
    /// Phantom and simulated scans, training, comparison of methods, and a port that scanners send raw data to
    #[command(subcommand)]
    Mri(Mri),
}

/// Options of `serve`.
#[derive(Args, Debug)]
pub struct Serve {
    /// Directory that holds everything
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Address of the pages and of FHIR [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    pub http: Option<SocketAddr>,
    /// Address of the HL7 v2 listener [default: 127.0.0.1:2575]
    #[arg(long, value_name = "ADDR")]
    pub mllp: Option<SocketAddr>,
    /// Configuration file (TOML); every key can also be set as BEVAN_SECTION_KEY
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Demo sign-in and demo tokens, on loopback addresses only
    #[arg(long)]
    pub demo: bool,
    /// Allow --demo on an address others can reach. Everyone there can read everything
    #[arg(long, requires = "demo")]
    pub demo_on_public_address: bool,
    /// Check the configuration, print what is in force, and stop
    #[arg(long)]
    pub check_config: bool,
}

/// A speed that time can be multiplied by.
fn speed(text: &str) -> Result<f64, String> {
    let speed = text.parse().ok().filter(|speed: &f64| speed.is_finite() && *speed > 0.0);
    speed.ok_or_else(|| String::from("a number above 0"))
}

/// Options of `demo`.
#[derive(Args, Debug)]
pub struct Demo {
    /// Directory that holds the demo world; made when it is not there
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    pub data: PathBuf,
    /// Address of the pages and of FHIR
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub http: SocketAddr,
    /// Address of the HL7 v2 listener
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:2575")]
    pub mllp: SocketAddr,
    /// Configuration file (TOML) for everything but the directory and the addresses, which are given here; every other
    /// key can also be set as BEVAN_SECTION_KEY
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// People in the demo world
    #[arg(long, default_value_t = 2000)]
    pub people: u64,
    /// Seed of the demo world
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// Hospital minutes played per minute
    #[arg(long, default_value_t = 60.0, value_parser = speed)]
    pub speed: f64,
    /// Allow addresses others can reach. Everyone there can read everything
    #[arg(long)]
    pub demo_on_public_address: bool,
}

/// Options of `import`.
#[derive(Args, Debug)]
pub struct Import {
    /// Directory that holds everything
    #[arg(long, value_name = "DIR", default_value = DEFAULT_DATA)]
    pub data: PathBuf,
    /// Files or directories: .json (bundles or resources), .ndjson, .ndjson.gz, .hl7
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Write what was refused and why to this file (NDJSON)
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// Options of `synth`.
#[derive(Args, Debug)]
pub struct Synth {
    /// How many people
    #[arg(long)]
    pub people: u64,
    /// The same seed gives the same bytes
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// Directory to write into; one that holds files of an earlier run is refused
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Take the place of an earlier run's files, which stay until all new ones are written; other files stay
    #[arg(long)]
    pub replace: bool,
    /// Compress the files
    #[arg(long)]
    pub gzip: bool,
    /// Demographics, problems, medicines, allergies and the last measurements only: about a fifth of the resources
    #[arg(long)]
    pub lean: bool,
    /// The moment the records end at
    #[arg(long, value_name = "TIME", default_value = "2026-11-01T00:00:00Z")]
    pub start: jiff::Timestamp,
}

/// Options of `play`.
#[derive(Args, Debug)]
pub struct Play {
    /// The listener to play into
    #[arg(long, value_name = "ADDR")]
    pub mllp: SocketAddr,
    /// Seed of the world and of its stream
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// Hospital minutes per minute, or `max`
    #[arg(long, default_value = "60")]
    pub speed: String,
    /// People in the world; must equal the number the world was made with
    #[arg(long, default_value_t = 2000)]
    pub people: u64,
    /// The moment the stream begins; must equal that of the world [default: a day ago]
    #[arg(long, value_name = "TIME")]
    pub start: Option<jiff::Timestamp>,
    /// Stop after so many messages
    #[arg(long)]
    pub messages: Option<u64>,
}

/// Options of `backup`.
#[derive(Args, Debug)]
pub struct Backup {
    /// Directory that holds everything
    #[arg(long, value_name = "DIR", default_value = DEFAULT_DATA)]
    pub data: PathBuf,
    /// Directory to write the backup into; must not exist or be empty
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,
}

/// Options of `restore`.
#[derive(Args, Debug)]
pub struct Restore {
    /// A directory that `bevan backup` wrote
    #[arg(long, value_name = "DIR")]
    pub from: PathBuf,
    /// The data directory to make; must not exist or be empty
    #[arg(long, value_name = "DIR", default_value = DEFAULT_DATA)]
    pub data: PathBuf,
}

/// Options of commands that need the data directory alone.
#[derive(Args, Debug)]
pub struct DataOnly {
    /// Directory that holds everything
    #[arg(long, value_name = "DIR", default_value = DEFAULT_DATA)]
    pub data: PathBuf,
}

/// Options of `reconstruct`.
#[derive(Args, Debug)]
pub struct Reconstruct {
    /// Raw data: an MRD (ISMRMRD) HDF5 file, or one of BART's .cfl and .hdr
    #[arg(value_name = "SCAN")]
    pub scan: PathBuf,
    /// Directory to write the images into; must not exist or be empty
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// How to reconstruct
    #[arg(long, default_value = "auto")]
    pub method: String,
    /// The network of the method learned (safetensors) [default: the one that is shipped]
    #[arg(long, value_name = "FILE")]
    pub weights: Option<PathBuf>,
    /// Weight of the regularisation, on data scaled to 1 [default: the method's own]
    #[arg(long)]
    pub lambda: Option<f32>,
    /// Compress the receivers to at most so many virtual ones
    #[arg(long)]
    pub coils: Option<usize>,
    /// Sets of sensitivities: 2 where the field of view is tighter than the object
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    pub map_sets: u8,
    /// Black and white of the pictures: LOW,HIGH in values or LOW%,HIGH% in percentiles [default: 0 to the 99.5th percentile]
    #[arg(long, value_name = "LOW,HIGH", allow_hyphen_values = true)]
    pub window: Option<Windowing>,
    /// Draws the shifts of l1-wavelet and llr; the same seed gives the same image
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Make noise and g-factor maps from so many images with fresh noise (linear methods, with noise readouts; 100 is usual)
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u16).range(..=1000))]
    pub noise_map: u16,
    /// Make a map of 90 % intervals from twelve more images with fresh noise and fewer lines (needs noise readouts)
    #[arg(long)]
    pub intervals: bool,
    /// Threads [default: one for each core]. The image does not depend on them
    #[arg(long)]
    pub threads: Option<usize>,
    /// Write DICOM as one Enhanced MR image a volume in place of one classic image a slice
    #[arg(long)]
    pub enhanced: bool,
    /// Write a FHIR ImagingStudy of the DICOM series, of this patient: an NHS number or SYSTEM|IDENTIFIER
    #[arg(long, value_name = "IDENTIFIER", conflicts_with = "no_dicom")]
    pub patient: Option<String>,
    /// The order's accession number, for the ImagingStudy
    #[arg(long, value_name = "NUMBER", requires = "patient")]
    pub accession: Option<String>,
    /// The scan names the patient by another number than --patient, and both are known to be theirs
    #[arg(long, requires = "patient")]
    pub other_number: bool,
    /// Leave DICOM out
    #[arg(long, conflicts_with = "enhanced")]
    pub no_dicom: bool,
    /// Leave NIfTI out
    #[arg(long)]
    pub no_nifti: bool,
    /// Leave the PNG previews out
    #[arg(long)]
    pub no_png: bool,
}

/// Commands around raw MR data.
#[derive(Debug, Subcommand)]
pub enum Mri {
    /// Write a phantom's scan as an MRD file
    #[command(
        after_help = "Examples:\n  bevan mri phantom --out scan.h5\n  bevan mri phantom --out scan.h5 --size 320 --coils 16 --slices 5 --acceleration 4"
    )]
    Phantom(Phantom),
    /// Take raw data from a watched folder or as an MRD stream over TCP, write images, and send them on
    #[command(
        after_help = "Examples:\n  bevan mri serve --listen 127.0.0.1:9002 --out /var/lib/bevan-images\n  bevan mri serve --watch /srv/scans --out /var/lib/bevan-images --send PACS@pacs.example:11112\n\nEach scan gets a folder named by its hash, and is reconstructed and sent once. Streams get their images back on the same\nconnection. Streams and DICOM are not encrypted and may name the patient: keep them on the scanner's own network."
    )]
    Serve(MriServe),
    /// Simulated scans and what is learnt from them
    #[command(flatten)]
    Learning(crate::imaging::Learning),
}

/// How a phantom is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Trajectory {
    /// Cartesian lines.
    Lines,
    /// Spokes through the centre.
    Radial,
    /// Arms from a fully sampled centre.
    Spiral,
}

/// Options of `mri phantom`.
#[derive(Args, Debug)]
pub struct Phantom {
    /// File to write; must not exist
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Readout samples and phase-encoding lines
    #[arg(long, default_value_t = 128, value_parser = clap::value_parser!(u16).range(16..=1024))]
    pub size: u16,
    /// Receivers
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub coils: u16,
    /// Slices: the Shepp-Logan head, then random heads
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub slices: u16,
    /// Lines of the encoded matrix over lines measured; fewer spokes or wider arms by the same factor
    #[arg(long, default_value_t = 1.0)]
    pub acceleration: f64,
    /// How k-space is run through
    #[arg(long, value_enum, default_value_t = Trajectory::Lines)]
    pub trajectory: Trajectory,
    /// Noise, relative to the largest value of a coil's image
    #[arg(long, default_value_t = 0.005)]
    pub noise: f32,
    /// The same seed gives the same scan
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// Options of `mri serve`.
#[derive(Args, Debug)]
pub struct MriServe {
    /// Address to listen on for streams [default: 127.0.0.1:9002, or none with --watch]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// Folder that complete scans (.h5, .mrd) are put into; they are read and left where they are
    #[arg(long, value_name = "DIR")]
    pub watch: Option<PathBuf>,
    /// Seconds that a file must not have changed before it is read
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=3600))]
    pub settle: u16,
    /// Directory for the images, one folder a scan
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// How to reconstruct
    #[arg(long, default_value = "auto")]
    pub method: String,
    /// The network of the method learned (safetensors) [default: the one that is shipped]
    #[arg(long, value_name = "FILE")]
    pub weights: Option<PathBuf>,
    /// Write DICOM as one Enhanced MR image a volume in place of one classic image a slice
    #[arg(long)]
    pub enhanced: bool,
    /// Send DICOM files on by C-STORE
    #[arg(long, value_name = "TITLE@HOST:PORT")]
    pub send: Option<String>,
    /// Our application entity title
    #[arg(long, value_name = "TITLE", default_value = "BEVAN")]
    pub title: String,
}

/// Commands on the audit trail.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Recompute the audit tree and name the first altered, removed or reordered row
    #[command(after_help = "Example:\n  bevan audit verify --data /var/lib/bevan")]
    Verify(DataOnly),
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_contract_parses() {
        Cli::command().debug_assert();
        for line in [
            "bevan serve --data d --http 127.0.0.1:1 --mllp 127.0.0.1:2 --config f --demo",
            "bevan serve --check-config",
            "bevan demo",
            "bevan demo --config f",
            "bevan demo --http 0.0.0.0:1 --demo-on-public-address",
            "bevan import --data d a b",
            "bevan synth --people 10 --seed 1 --out o",
            "bevan synth --people 10 --out o --lean --gzip --replace",
            "bevan play --mllp 127.0.0.1:2575 --seed 1 --speed 10",
            "bevan backup --data d --to t",
            "bevan restore --from t --data d",
            "bevan doctor --data d",
            "bevan migrate --data d",
            "bevan routes",
            "bevan audit verify --data d",
            "bevan mri phantom --out f --size 64 --coils 4 --slices 2 --acceleration 4 --noise 0.01 --seed 2",
            "bevan mri serve --listen 127.0.0.1:0 --out d --method cg-sense",
            "bevan mri serve --watch w --settle 2 --out d --send PACS@127.0.0.1:11112 --title SCAN",
            "bevan mri phantom --out f --trajectory spiral",
            "bevan reconstruct kspace.cfl --out d --method llr --map-sets 2 --window 1%,99% --noise-map 20 --intervals",
            "bevan reconstruct scan.h5 --out d --patient 9990000018 --accession A1 --other-number",
            "bevan reconstruct scan.h5 --out d --method learned --weights w.safetensors",
            "bevan mri serve --watch w --out d --method learned --weights w.safetensors",
            "bevan reconstruct scan.h5 --out d --method grappa --lambda 0.01 --coils 8 --seed 2 --threads 1 --no-png --enhanced",
        ] {
            Cli::try_parse_from(line.split(' ')).unwrap_or_else(|error| panic!("{line}: {error}"));
        }
    }

    #[test]
    fn a_demo_goes_forward_in_time() {
        for wrong in ["0", "-1", "nan", "inf", "fast"] {
            let line = ["bevan", "demo", &format!("--speed={wrong}")].map(str::to_owned);
            assert!(Cli::try_parse_from(line).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_command_shows_an_example() {
        for command in Cli::command().get_subcommands() {
            let leaves: Vec<_> =
                if command.has_subcommands() { command.get_subcommands().collect() } else { vec![command] };
            for leaf in leaves {
                let help = leaf.get_after_help().map(ToString::to_string).unwrap_or_default();
                assert!(help.contains("Example"), "{} has no example", leaf.get_name());
            }
        }
    }
}
