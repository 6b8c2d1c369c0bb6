//! What the imaging pages print.

use super::assumptions::Assumptions;
use super::pack::{DayGain, Spread};
use super::queue::Course;
use jiff::{Timestamp, civil::Date};

/// How far an order has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A scanner is booked.
    Booked,
    /// The scan was done; no image is known of yet.
    Scanned,
    /// Images are there: how many series, and whether Bevan made one of them.
    Imaged {
        /// Series, of all studies.
        series: u32,
        /// Whether one was reconstructed by this software.
        reconstructed: bool,
    },
    /// Nobody came.
    Missed,
}

/// One booking of the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// When it begins.
    pub starts: Timestamp,
    /// The scanner.
    pub scanner: String,
    /// The protocol's name.
    pub protocol: String,
    /// Minutes booked.
    pub full: u32,
    /// Minutes with acceleration.
    pub faster: u32,
    /// How far it has come.
    pub state: State,
    /// Id of the patient's record.
    pub patient: String,
    /// The patient's name.
    pub name: String,
    /// The order's accession number.
    pub accession: Option<String>,
}

/// An order without a booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unbooked {
    /// The day it was ordered.
    pub ordered: Date,
    /// The protocol's name.
    pub protocol: String,
    /// Minutes usually booked for it.
    pub full: u32,
    /// The same with acceleration.
    pub faster: u32,
    /// Id of the patient's record.
    pub patient: String,
    /// The patient's name.
    pub name: String,
}

/// A department's list of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanList {
    /// The organisation.
    pub organisation: String,
    /// When it was read.
    pub read_at: Timestamp,
    /// Today in London.
    pub today: Date,
    /// The day.
    pub date: Date,
    /// Scanners that the organisation runs.
    pub scanners: usize,
    /// The bookings of people whose records are open to the reader, by time.
    pub rows: Vec<Row>,
    /// Bookings of the day in all, whoever they are for.
    pub booked: usize,
    /// Their minutes.
    pub full: u32,
    /// The same with acceleration.
    pub faster: u32,
    /// Orders without a booking whose patients' records are open to the reader, oldest first, as far as they are shown.
    pub unbooked: Vec<Unbooked>,
    /// Orders without a booking in all.
    pub unbooked_in_all: usize,
    /// What is assumed.
    pub assumed: Assumptions,
}

/// How much of the record a simulation stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Told {
    /// Working days with bookings.
    pub days: usize,
    /// Bookings.
    pub bookings: usize,
    /// Orders that came in that time.
    pub orders: usize,
}

impl Told {
    /// Fewer days than this tell too little.
    pub const FEWEST: usize = 5;

    /// Whether that is enough to say anything.
    pub fn is_enough(self) -> bool {
        self.days >= Self::FEWEST && self.orders > 0
    }
}

/// What each scanner and day would have won.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gain {
    /// The organisation.
    pub organisation: String,
    /// What it stands on.
    pub told: Told,
    /// What is assumed.
    pub assumed: Assumptions,
    /// The scanners.
    pub scanners: Vec<ScannerGain>,
    /// All scanners together, day by day.
    pub days: Vec<DayGain>,
    /// How the scans won a day are spread, for one scanner: every scanner's every day counts once.
    pub spread: Option<Spread>,
}

/// One scanner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScannerGain {
    /// Its name.
    pub name: String,
    /// Day by day.
    pub days: Vec<DayGain>,
    /// How the scans won a day are spread.
    pub spread: Option<Spread>,
}

/// What becomes of the waiting list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// The organisation.
    pub organisation: String,
    /// What it stands on.
    pub told: Told,
    /// What is assumed.
    pub assumed: Assumptions,
    /// How many scanners.
    pub scanners: usize,
    /// People on the list now.
    pub waiting: usize,
    /// Days that half, and eight in ten, of those scanned in the days looked at had waited no longer than.
    pub waited: Option<(u32, u32)>,
    /// With scans as long as they are booked now.
    pub full: Course,
    /// With acceleration.
    pub faster: Course,
    /// Runs in which the list ends shorter with acceleration.
    pub shorter: usize,
    /// Orders of a week, tenths.
    pub orders_tenths: u32,
}
