//! Families of random anatomies: six to train on, three that are only ever used to validate.
//!
//! No family imitates a patient; each varies its shapes, contrasts and textures far beyond what is plausible, so that
//! what a network learns of them is how images are built and not what a head looks like.

use super::canvas::Canvas;
use super::outline::Outline;
use super::{bodies, held_out, patterns};
use crate::random::Random;
use std::fmt;
use std::str::FromStr;

/// A kind of anatomy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Shells around folded tissue with ventricles and nuclei.
    Head,
    /// Muscles, bones and fat in one or two round outlines.
    Limb,
    /// A wide outline with organs, vessels, bowel and spine.
    Trunk,
    /// Hundreds of overlapping shapes of all sizes.
    Leaves,
    /// Thresholded and continuous noise of all scales.
    Clouds,
    /// Bars, combs, lattices of dots and thin curves.
    Bars,
    /// Held out: a column of vertebrae and discs with a canal.
    Spine,
    /// Held out: branching bright vessels on a dark ground.
    Vessels,
    /// Held out: a mosaic of cells with walls.
    Cells,
}

impl Family {
    /// Those to train on.
    pub const TRAINING: [Self; 6] =
        [Self::Head, Self::Limb, Self::Trunk, Self::Leaves, Self::Clouds, Self::Bars];
    /// Those never trained on.
    pub const HELD_OUT: [Self; 3] = [Self::Spine, Self::Vessels, Self::Cells];

    /// The name in tables and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Limb => "limb",
            Self::Trunk => "trunk",
            Self::Leaves => "leaves",
            Self::Clouds => "clouds",
            Self::Bars => "bars",
            Self::Spine => "spine",
            Self::Vessels => "vessels",
            Self::Cells => "cells",
        }
    }

    /// Paints one; gives the outlines of the bodies in it.
    pub fn paint(self, canvas: &mut Canvas, random: &mut Random) -> Vec<Outline> {
        match self {
            Self::Head => bodies::head(canvas, random),
            Self::Limb => bodies::limb(canvas, random),
            Self::Trunk => bodies::trunk(canvas, random),
            Self::Leaves => patterns::leaves(canvas, random),
            Self::Clouds => patterns::clouds(canvas, random),
            Self::Bars => patterns::bars(canvas, random),
            Self::Spine => held_out::spine(canvas, random),
            Self::Vessels => held_out::vessels(canvas, random),
            Self::Cells => held_out::cells(canvas, random),
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Family {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut all = Self::TRAINING.into_iter().chain(Self::HELD_OUT);
        all.find(|family| family.name() == text).ok_or_else(|| format!("no family {text:?}"))
    }
}
