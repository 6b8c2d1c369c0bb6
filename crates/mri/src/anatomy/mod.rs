//! Random anatomies and scans of them, for training and validation: no patient's scan is in either.
//!
//! Anatomies are painted on a grid twice as fine as the scan's from soft-edged ellipses, polygons and splines with
//! textures ([`Family`]), given a bias field and slow and sudden phase, seen through receivers of several kinds with
//! correlated noise, and sampled by masks of every kind ([`Scan`]). [`stream`] makes of them what a network is trained
//! on. Everything is a function of a seed, and training, validation and test take seeds and families apart.
//! The same seed gives the same bits on the same machine; another processor's sine may differ in the last one.

mod bodies;
mod canvas;
mod draw;
mod family;
mod field;
mod held_out;
mod masks;
mod outline;
mod patterns;
mod receivers;
mod scan;
pub mod stream;
mod texture;

pub use canvas::{Canvas, Paint, Walk};
pub use family::Family;
pub use field::Lattice;
pub use masks::Sampling;
pub use outline::Outline;
pub use receivers::Receivers;
pub use scan::{Plan, Scan};
